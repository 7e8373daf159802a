/* SPDX-License-Identifier: GPL-2.0 */
/* Machine code that attacks bring along, and how it is called. */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdint.h>

#ifdef __aarch64__

/* mov w0, #9; ret */
static const unsigned char code_9[8] = { 0x20, 0x01, 0x80, 0x52,
					 0xc0, 0x03, 0x5f, 0xd6 };

/* What targets/h9.c has, and the same with 66: mov w0, #9; svc #0 */
static const unsigned char good_exit[8] = { 0x20, 0x01, 0x80, 0x52,
					    0x01, 0,	0,    0xd4 };
static const unsigned char evil_exit[8] = { 0x40, 0x08, 0x80, 0x52,
					    0x01, 0,	0,    0xd4 };

/*
 * mov w8, #94; mov w0, #9; svc #0x808: exit_group(9) as a string, with what puts it on a
 * multiple of four where forge.py expects it.
 */
#define EXIT_9 "\xc8\x0b\x80\x52\x20\x01\x80\x52\x01\x01\x01\xd4xx"

#else

/* mov $9, %eax; ret; as much as ptrace writes */
static const unsigned char code_9[8] = { 0xb8, 9, 0, 0, 0, 0xc3 };

/* What targets/h9.c has, and the same with 66: mov $9, %edi; syscall */
static const unsigned char good_exit[7] = { 0xbf, 9, 0, 0, 0, 0x0f, 5 };
static const unsigned char evil_exit[7] = { 0xbf, 66, 0, 0, 0, 0x0f, 5 };

/* push $9; pop %rdi; xor %eax, %eax; mov $231, %al; syscall */
#define EXIT_9 "\x6a\x09\x5f\x31\xc0\xb0\xe7\x0f\x05"

#endif

/* Processors may have fetched what was there before. */
static inline int call(void *code)
{
	int (*function)(void) = (int (*)(void))(uintptr_t)code;

	__builtin___clear_cache((char *)code, (char *)code + sizeof(code_9));
	return function();
}

#endif /* MACHINE_H */
