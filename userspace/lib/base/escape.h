/* SPDX-License-Identifier: GPL-2.0 */
/*
 * File names and process names are chosen by whoever may be attacking: shown
 * raw, they could forge a second log line, drive a terminal, or pass for text
 * of ours.
 */
#ifndef EXECGATE_ESCAPE_H
#define EXECGATE_ESCAPE_H

#include <stddef.h>

/* Longest output for @size bytes, with the terminator. */
#define EXECGATE_ESCAPE_SIZE(size) (4 * (size) + 1)

/**
 * execgate_escape() - one printable word out of any bytes
 * @out: gets a terminated string; at least EXECGATE_ESCAPE_SIZE(size) bytes
 *
 * Printable ASCII and well-formed UTF-8 stay as they are. A backslash, a quote,
 * a space, control bytes (C0, DEL, C1), every byte that is not UTF-8, and characters
 * that are not seen, turn the direction of the text or pass for others become \xNN:
 * the result has no white space, can be turned back into the bytes, and two names
 * that differ are hardly ever drawn the same. A Cyrillic letter is escaped in a word
 * that has Latin ones, too; a word that is Cyrillic as a whole is not.
 * Returns the length of the string.
 */
size_t execgate_escape(char *out, const void *bytes, size_t size);

/* The same, but spaces stay: for a text that ends its line. */
size_t execgate_escape_text(char *out, const void *bytes, size_t size);

#endif /* EXECGATE_ESCAPE_H */
