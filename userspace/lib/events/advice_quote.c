// SPDX-License-Identifier: GPL-2.0
/* A name as one word of a command that is shown and typed. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/escape.h"
#include "lib/events/advice.h"

/* It is shown as it is, but for quotes and spaces, which a shell's quotes are for. */
static bool is_shown(const char *text)
{
	char shown[EXECGATE_ESCAPE_SIZE(EXECGATE_PATH_MAX)];
	size_t word;

	for (; *text; text += word + !!text[word]) {
		word = strcspn(text, " \"'");
		if (execgate_escape(shown, text, word) != word ||
		    memcmp(shown, text, word) != 0)
			return false;
	}
	return true;
}

/* 'it'"'"'s', without a backslash: one would be shown as an escape. */
static void quote_word(const char *text, char *out, size_t size)
{
	static const char apostrophe[] = "'\"'\"'";
	size_t used = 0, length;

	out[used++] = '\'';
	for (; *text; text++) {
		length = *text == '\'' ? strlen(apostrophe) : 1;
		if (used + length + 2 > size) {
			out[0] = '\0';
			return;
		}
		memcpy(out + used, *text == '\'' ? apostrophe : text, length);
		used += length;
	}
	strcpy(out + used, "'");
}

char *execgate_advice_quote(const char *text, char *out, size_t size)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789/._+-@%:,=";
	char escaped[EXECGATE_ESCAPE_SIZE(EXECGATE_PATH_MAX)];
	size_t length = strlen(text);

	out[0] = '\0';
	if (length > EXECGATE_PATH_MAX || length + 3 > size)
		return out;
	if (!is_shown(text)) {
		/* An escape of ours is one of $'...', too. */
		execgate_escape(escaped, text, length);
		if (strlen(escaped) + sizeof("$''") <= size)
			sprintf(out, "$'%s'", escaped);
	} else if (*text && !text[strspn(text, plain)]) {
		strcpy(out, text);
	} else {
		quote_word(text, out, size);
	}
	return out;
}
