/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one place that prints. Results go to stdout, messages to stderr. With
 * --json stdout carries JSON only: one object, or JSON Lines for streams.
 */
#ifndef EXECGATE_CLI_OUTPUT_H
#define EXECGATE_CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "lib/base/error.h"

enum output_style {
	OUTPUT_PLAIN,
	OUTPUT_GOOD,
	OUTPUT_WARN,
	OUTPUT_BAD,
	OUTPUT_DIM,
};

/* Before anything else of this file. */
void output_init(bool json);
bool output_is_json(void);

/*
 * Write the file that was asked for with -o. If that is stdout, what is printed
 * from then on goes to stderr, or it would be taken for a part of the file.
 */
int output_file(const char *path, const void *data, size_t size,
		struct execgate_error *err);

/* Flushes stdout; false when something could not be written. */
bool output_finish(void);

/* The date to write into a file, seconds since 1970: now, or SOURCE_DATE_EPOCH. */
uint64_t output_date(void);

/* Can the terminal, if there is one, only go on writing (TERM=dumb or unset)? */
bool output_is_dumb(void);

/* The line of progress on stderr goes; on a dumb terminal it stays, and ends. */
void output_end_progress(void);

/* Escape sequence for @style on stdout; "" without a terminal, on a dumb one, or NO_COLOR. */
const char *output_style(enum output_style style);

/*
 * Print one JSON object in ASCII, so that no terminal is driven by it, with
 * "schema": 1 put in front; takes over the reference.
 */
void output_json(json_t *object);
/* The same on a single line and flushed at once: JSON Lines. */
void output_json_line(json_t *object);
/* A line of somebody else's schema, in which ours has no place. */
void output_json_foreign(json_t *object);

/* "  Label:        value\n" on stdout. */
__attribute__((format(printf, 2, 3))) void
output_field(const char *label, const char *format, ...);

/*
 * "loaded, kept", "kept, NOT loaded", ... of something in a list. @loaded: true, false, or
 * null: the kernel was not asked. @kept: where, or NULL
 */
const char *output_loaded(const json_t *loaded, const char *kept);
/* After the kernel was asked, or is not there: what is null is not loaded. */
void output_loaded_known(json_t *rows);

/*
 * Bytes from outside (paths, names) made safe for a terminal, as escape.h does
 * it, but with spaces and quotes left as they are. Caller frees.
 */
char *output_escape(const void *bytes, size_t size);

/*
 * Set @key to the bytes as a string. Text that is not valid UTF-8 is escaped as
 * above, and @key_hex then holds all the bytes.
 */
void output_json_set_bytes(json_t *object, const char *key, const void *bytes,
			   size_t size);
void output_json_set_hex(json_t *object, const char *key, const void *bytes,
			 size_t size);

/* "2026-11-24 02:45:00 UTC"; "never" for 0. @out has OUTPUT_TIME_SIZE bytes. */
#define OUTPUT_TIME_SIZE 40
char *output_time(char *out, uint64_t seconds);

/*
 * Report a failure: "execgate: message" on stderr and, with --json, an object
 * {"error": {exit_code, name, message}} on stdout. Returns err->code.
 */
int output_error(const struct execgate_error *err);

/* "execgate: warning: ..." and "execgate: ..." on stderr. */
__attribute__((format(printf, 1, 2))) void output_warning(const char *format,
							  ...);
__attribute__((format(printf, 1, 2))) void output_message(const char *format,
							  ...);

#endif /* EXECGATE_CLI_OUTPUT_H */
