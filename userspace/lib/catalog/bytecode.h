/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Byte code that a Python makes of a source, as py3compile(1) has it made for packages.
 * It is not taken from the disk, where whoever wrote it could have put anything: the
 * interpreter makes it again, and what is on the disk counts if it is the same.
 */
#ifndef EXECGATE_BYTECODE_H
#define EXECGATE_BYTECODE_H

#include <stddef.h>
#include <stdint.h>

#include "format/format.h"
#include "lib/base/error.h"

/**
 * struct execgate_bytecode - of one source
 * @path: of the source, absolute; it is in the byte code
 * @source: digest that the source must have
 * @mtime: of the source, seconds since 1970; it is in the byte code
 * @digest: of the byte code, whose size is @size; 0: it cannot be made
 */
struct execgate_bytecode {
	const char *path;
	uint8_t source[EG_SHA256_SIZE];
	uint64_t mtime;
	uint8_t digest[EG_SHA256_SIZE];
	uint64_t size;
};

/**
 * execgate_bytecode_make() - fill in what the interpreter makes of the sources
 * @python: the interpreter
 * @version: digest of the interpreter: another one may make other byte code
 * @cache: file of what was made before; NULL = none
 */
int execgate_bytecode_make(const char *python,
			   const uint8_t version[EG_SHA256_SIZE],
			   const char *cache, struct execgate_bytecode *list,
			   size_t count, struct execgate_error *err);

#endif /* EXECGATE_BYTECODE_H */
