/* SPDX-License-Identifier: GPL-2.0 */
/* Bytes as hexadecimal digits, and back; and a number of decimal ones. */
#ifndef EXECGATE_DIGITS_H
#define EXECGATE_DIGITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Room for @size bytes with the terminator. */
#define EXECGATE_HEX_SIZE(size) (2 * (size) + 1)

/* Lower case, terminated; @out has EXECGATE_HEX_SIZE(@size). Returns @out. */
char *execgate_hex_write(char *out, const void *bytes, size_t size);

/*
 * Exactly @size bytes from the beginning of @text, in either case. Stops at the
 * first other character, so that @text may be shorter; false then, and @out is
 * undefined. Anything behind is for the caller to look at.
 */
bool execgate_hex_read(const char *text, void *out, size_t size);

/* All of @text is a decimal number of 64 bits; false: it is not, and @out is as it was. */
bool execgate_number_read(const char *text, uint64_t *out);

#endif /* EXECGATE_DIGITS_H */
