/* SPDX-License-Identifier: GPL-2.0 */
/* libkmod as a library uses it. */
#ifndef EXECGATE_KMOD_H
#define EXECGATE_KMOD_H

#include <libkmod.h>

/* The modules in @folder; NULL: those of this kernel. It prints nothing. */
struct kmod_ctx *execgate_kmod_new(const char *folder);

#endif /* EXECGATE_KMOD_H */
