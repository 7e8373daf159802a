// SPDX-License-Identifier: GPL-2.0
#include "lib/preflight/programs_text.h"

#include <limits.h>
#include <string.h>

const char *execgate_programs_line(const char *text, char *out, size_t size)
{
	size_t length = strcspn(text, "\n");
	size_t keep = length < size ? length : size - 1;

	memcpy(out, text, keep);
	out[keep] = '\0';
	return text + length + (text[length] == '\n');
}

const char *execgate_programs_skip(const char *line, unsigned int count)
{
	while (count--) {
		line += strspn(line, SPACE);
		line += strcspn(line, SPACE);
	}
	return line + strspn(line, SPACE);
}

/* After these the next word is the one that runs. */
static bool is_prefix(const char *word)
{
	static const char *const words[] = { "if",    "then",	 "else",
					     "elif",  "do",	 "while",
					     "until", "exec",	 "time",
					     "env",   "command", "nohup",
					     "sudo",  "nice",	 "setsid" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(word, words[i]))
			return true;
	return false;
}

int execgate_programs_of_command(const char *line, execgate_program_fn fn,
				 void *arg)
{
	static const char breaks[] = ";&|(){}!`\n";
	char word[PATH_MAX];
	bool command = true;
	size_t length;
	int ret = 0;

	while (!ret && *line) {
		if (strchr(breaks, *line)) {
			command = true;
			line++;
			continue;
		}
		length = strcspn(line, SPACE "\"'<>;&|(){}!`\n");
		if (!length) {
			line++;
			continue;
		}
		word[0] = '\0';
		if (length < sizeof(word)) {
			memcpy(word, line, length);
			word[length] = '\0';
			if ((command || word[0] == '/') && word[0] != '-' &&
			    !strpbrk(word, "=$*?"))
				ret = fn(word, arg);
		}
		/* FOO=bar before a command does not take its place. */
		command = command &&
			  (line[0] == '-' || memchr(line, '=', length) ||
			   is_prefix(word));
		line += length;
	}
	return ret;
}

const char *execgate_programs_joined(const char *from, char *out, size_t size)
{
	size_t used = 0, length, keep;
	bool more = true;

	while (more && *from) {
		length = strcspn(from, "\n");
		more = length && from[length - 1] == '\\';
		if (used && strchr("#;", from[0])) {
			more = true;
		} else {
			keep = length - more;
			if (keep > size - 2 - used)
				keep = size - 2 - used;
			memcpy(out + used, from, keep);
			used += keep;
			if (more && used < size - 2)
				out[used++] = ' ';
		}
		from += length + (from[length] == '\n');
	}
	out[used] = '\0';
	return from;
}

const char *execgate_programs_word(const char *from, char *out, size_t size)
{
	size_t used = 0;
	char quote = '\0';

	from += strspn(from, SPACE "\n");
	for (; *from; from++) {
		if (quote ? *from == quote : *from == '"' || *from == '\'') {
			quote = quote ? '\0' : *from;
			continue;
		}
		if (!quote && strchr(SPACE "\n", *from))
			break;
		if (used < size - 1)
			out[used++] = *from;
	}
	out[used] = '\0';
	return from;
}
