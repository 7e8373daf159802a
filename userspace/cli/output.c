// SPDX-License-Identifier: GPL-2.0
#include "output.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static bool json_wanted;
static bool colour_wanted;

void output_init(bool json)
{
	const char *no_color = getenv("NO_COLOR");

	json_wanted = json;
	colour_wanted = !json && !(no_color && *no_color) &&
			isatty(STDOUT_FILENO);
}

bool output_is_json(void)
{
	return json_wanted;
}

bool output_finish(void)
{
	return fflush(stdout) == 0 && !ferror(stdout);
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

	json_dumpf(out, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(out);
}

void output_json_line(json_t *object)
{
	json_t *out = with_schema(object);

	json_dumpf(out, stdout, JSON_COMPACT);
	putchar('\n');
	fflush(stdout);
	json_decref(out);
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

/* Length of the valid UTF-8 sequence at @p (RFC 3629), 0 if there is none. */
static size_t utf8_length(const unsigned char *p, size_t left)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t length, i;

	if (p[0] < 0x80)
		return 1;
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		length = 2;
	else if ((p[0] & 0xf0) == 0xe0)
		length = 3;
	else if (p[0] >= 0xf0 && p[0] <= 0xf4)
		length = 4;
	else
		return 0;
	if (length > left)
		return 0;
	/* Overlong forms, surrogates, beyond U+10FFFF. */
	if (p[0] == 0xe0)
		low = 0xa0;
	else if (p[0] == 0xed)
		high = 0x9f;
	else if (p[0] == 0xf0)
		low = 0x90;
	else if (p[0] == 0xf4)
		high = 0x8f;
	if (p[1] < low || p[1] > high)
		return 0;
	for (i = 2; i < length; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return length;
}

static bool is_utf8(const unsigned char *p, size_t size)
{
	size_t at, length;

	for (at = 0; at < size; at += length) {
		length = utf8_length(p + at, size - at);
		if (!length)
			return false;
	}
	return true;
}

/* C0, DEL and C1 (U+0080 to U+009F) can all drive a terminal. */
static bool is_control(const unsigned char *p, size_t length)
{
	if (length == 1)
		return p[0] < 0x20 || p[0] == 0x7f;
	return length == 2 && p[0] == 0xc2 && p[1] < 0xa0;
}

char *output_escape(const void *bytes, size_t size)
{
	const unsigned char *p = bytes;
	char *out = malloc(4 * size + 1), *to = out;
	size_t at = 0, length, i;

	if (!out)
		abort();
	while (at < size) {
		length = utf8_length(p + at, size - at);
		if (p[at] == '\n' || p[at] == '\t' || p[at] == '\\') {
			*to++ = '\\';
			*to++ = p[at] == '\n' ? 'n' :
				p[at] == '\t' ? 't' :
						'\\';
		} else if (!length || is_control(p + at, length)) {
			length = length ? length : 1;
			for (i = 0; i < length; i++)
				to += sprintf(to, "\\x%02x", p[at + i]);
		} else {
			to = mempcpy(to, p + at, length);
		}
		at += length;
	}
	*to = '\0';
	return out;
}

char *output_hex(char *out, const void *bytes, size_t size)
{
	const unsigned char *p = bytes;
	size_t i;

	out[0] = '\0';
	for (i = 0; i < size; i++)
		sprintf(out + 2 * i, "%02x", p[i]);
	return out;
}

void output_json_set_hex(json_t *object, const char *key, const void *bytes,
			 size_t size)
{
	char *hex = malloc(2 * size + 1);

	if (!hex)
		abort();
	json_object_set_new(object, key,
			    json_string(output_hex(hex, bytes, size)));
	free(hex);
}

void output_json_set_bytes(json_t *object, const char *key, const void *bytes,
			   size_t size)
{
	char *escaped, hex_key[80];

	if (is_utf8(bytes, size)) {
		json_object_set_new(object, key, json_stringn(bytes, size));
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
