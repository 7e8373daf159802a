// SPDX-License-Identifier: GPL-2.0
#include "cli/common/output.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/escape.h"
#include "lib/base/digits.h"
#include "lib/base/io.h"

static bool json_wanted;
static bool colour_wanted;

/* Such a terminal neither goes back nor has colours. */
bool output_is_dumb(void)
{
	const char *terminal = getenv("TERM");

	return !terminal || !*terminal || !strcmp(terminal, "dumb");
}

void output_init(bool json)
{
	const char *no_color = getenv("NO_COLOR");

	json_wanted = json;
	colour_wanted = !json && !(no_color && *no_color) &&
			isatty(STDOUT_FILENO) && !output_is_dumb();
}

bool output_is_json(void)
{
	return json_wanted;
}

/* Messages from now on are for people: the output has its own reader. */
static int say_on_stderr(void)
{
	/* Kept in a variable that stays, or gcc's analyzer takes it for lost. */
	static int out;

	out = dup2(STDERR_FILENO, STDOUT_FILENO);
	return out < 0 ? -errno : 0;
}

int output_file(const char *path, const void *data, size_t size,
		struct execgate_error *err)
{
	bool to_stdout;
	int ret;

	fflush(stdout);
	ret = execgate_io_write_output(path, data, size, &to_stdout, err);
	if (ret || !to_stdout)
		return ret;
	ret = say_on_stderr();
	return ret ? execgate_error_errno(err, ret, "cannot write %s", path) :
		     0;
}

bool output_finish(void)
{
	return fflush(stdout) == 0 && !ferror(stdout);
}

void output_end_progress(void)
{
	fputs(output_is_dumb() ? "\n" : "\r\033[K", stderr);
}

const char *output_style(enum output_style style)
{
	if (!colour_wanted)
		return "";
	switch (style) {
	case OUTPUT_PLAIN:
		return "\033[0m";
	case OUTPUT_GOOD:
		return "\033[32m";
	case OUTPUT_WARN:
		return "\033[33m";
	case OUTPUT_BAD:
		return "\033[31m";
	case OUTPUT_DIM:
		return "\033[2m";
	}
	return "";
}

uint64_t output_date(void)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	uint64_t seconds;

	return epoch && execgate_number_read(epoch, &seconds) ?
		       seconds :
		       (uint64_t)time(NULL);
}

/* jansson keeps insertion order, so a fresh object puts "schema" first. */
static json_t *with_schema(json_t *object)
{
	json_t *out = json_pack("{s:i}", "schema", 1);

	json_object_update(out, object);
	json_decref(object);
	return out;
}

void output_json(json_t *object)
{
	json_t *out = with_schema(object);

	json_dumpf(out, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	putchar('\n');
	json_decref(out);
}

void output_json_line(json_t *object)
{
	output_json_foreign(with_schema(object));
}

void output_json_foreign(json_t *object)
{
	json_dumpf(object, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
	putchar('\n');
	fflush(stdout);
	json_decref(object);
}

void output_field(const char *label, const char *format, ...)
{
	va_list args;

	printf("  %s:%*s", label,
	       strlen(label) < 14 ? (int)(15 - strlen(label)) : 1, "");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

const char *output_loaded(const json_t *loaded, const char *kept)
{
	if (json_is_true(loaded))
		return kept ? "loaded, kept" : "loaded, NOT kept";
	return json_is_null(loaded) ?
		       "kept; whether it is loaded was not asked" :
		       "kept, NOT loaded";
}

void output_loaded_known(json_t *rows)
{
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
		if (json_is_null(json_object_get(row, "loaded")))
			json_object_set_new(row, "loaded", json_false());
}

/* In a sentence spaces and quotes are text; all else is escaped as in the log. */
char *output_escape(const void *bytes, size_t size)
{
	const char *from = bytes, *end = from + size;
	char *out = malloc(EXECGATE_ESCAPE_SIZE(size)), *to = out;
	size_t word;

	if (!out)
		abort();
	while (from < end) {
		for (word = 0; from + word < end; word++)
			if (strchr(" \"'", from[word]) && from[word])
				break;
		to += execgate_escape(to, from, word);
		from += word;
		if (from < end)
			*to++ = *from++;
	}
	*to = '\0';
	return out;
}

void output_json_set_hex(json_t *object, const char *key, const void *bytes,
			 size_t size)
{
	char *hex = malloc(2 * size + 1);

	if (!hex)
		abort();
	json_object_set_new(object, key,
			    json_string(execgate_hex_write(hex, bytes, size)));
	free(hex);
}

void output_json_set_bytes(json_t *object, const char *key, const void *bytes,
			   size_t size)
{
	/* NULL for what is not UTF-8. */
	json_t *text = json_stringn(bytes, size);
	char *escaped, hex_key[80];

	if (text) {
		json_object_set_new(object, key, text);
		return;
	}
	escaped = output_escape(bytes, size);
	json_object_set_new(object, key, json_string(escaped));
	free(escaped);
	snprintf(hex_key, sizeof(hex_key), "%s_hex", key);
	output_json_set_hex(object, hex_key, bytes, size);
}

char *output_time(char *out, uint64_t seconds)
{
	time_t when = (time_t)seconds;
	struct tm tm;

	if (!seconds)
		strcpy(out, "never");
	else if (!gmtime_r(&when, &tm) ||
		 !strftime(out, OUTPUT_TIME_SIZE, "%Y-%m-%d %H:%M:%S UTC", &tm))
		snprintf(out, OUTPUT_TIME_SIZE, "@%llu",
			 (unsigned long long)seconds);
	return out;
}

static void to_stderr(const char *kind, const char *format, va_list args)
{
	char *text = NULL, *safe;

	if (vasprintf(&text, format, args) < 0)
		return;
	safe = output_escape(text, strlen(text));
	fprintf(stderr, "execgate: %s%s\n", kind, safe);
	free(safe);
	free(text);
}

void output_warning(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	to_stderr("warning: ", format, args);
	va_end(args);
}

void output_message(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	to_stderr("", format, args);
	va_end(args);
}

int output_error(const struct execgate_error *err)
{
	json_t *error;

	fflush(stdout);
	output_message("%s", err->message);
	if (!json_wanted)
		return err->code;
	error = json_pack("{s:i, s:s}", "exit_code", (int)err->code, "name",
			  execgate_error_exit_name(err->code));
	output_json_set_bytes(error, "message", err->message,
			      strlen(err->message));
	output_json(json_pack("{s:o}", "error", error));
	return err->code;
}
