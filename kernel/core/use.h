/* SPDX-License-Identifier: GPL-2.0 */
/* Which classes a signature must name for a use of its file: any of them will do. */
#ifndef EG_USE_H
#define EG_USE_H

#include <linux/execgate.h>
#include <linux/string.h>
#include <linux/types.h>

/* To be mapped executable. */
#define EG_USE_MAP                                         \
	(EXECGATE_CLASS_PROGRAM | EXECGATE_CLASS_LIBRARY | \
	 EXECGATE_CLASS_INTERPRETER)

/* To be read by an interpreter, which makes code of anything. */
#define EG_USE_READ (EG_USE_MAP | EXECGATE_CLASS_SCRIPT)

#define EG_USE_HEAD 4

/*
 * To be executed, by the head of the file: "#!" is a script; ELF a program; what
 * else binfmt_misc may run, either.
 */
static inline u16 eg_use_exec(const char head[EG_USE_HEAD])
{
	if (!memcmp(head, "#!", 2))
		return EXECGATE_CLASS_SCRIPT;
	if (!memcmp(head, "\177ELF", 4))
		return EXECGATE_CLASS_PROGRAM | EXECGATE_CLASS_INTERPRETER;
	return EXECGATE_CLASS_SCRIPT | EXECGATE_CLASS_PROGRAM;
}

#endif /* EG_USE_H */
