/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of the formats share: bytes from notation, names, files. */
#ifndef EG_TEST_SUPPORT_H
#define EG_TEST_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "format/format.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/*
 * Bytes from notation: hex pairs; 'text'; {...} is a minimal DER length and
 * what it counts; xx*N repeats a byte N times; blanks are ignored. The result
 * is an allocation of exactly that size, so that the address sanitizer sees a
 * read of one byte more.
 */
struct eg_bytes bytes_of(const char *notation);
struct eg_bytes bytes_copy(const void *data, size_t size);
void bytes_free(struct eg_bytes bytes);

/* The whole file; the test fails without it. */
struct eg_bytes bytes_of_file(const char *path);

const char *format_name(enum eg_format format);
void expect_format(enum eg_format got, enum eg_format expected,
		   const char *why);
/* @part is inside @whole, to its last byte. */
void expect_within(struct eg_bytes part, struct eg_bytes whole);

#endif /* EG_TEST_SUPPORT_H */
