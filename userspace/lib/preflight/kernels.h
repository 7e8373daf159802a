/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The installed kernels, and whether each would load our module: it was built for that
 * very kernel, has the type information (BTF) without which nothing is gated, and no
 * configuration keeps it out.
 */
#ifndef EXECGATE_KERNELS_H
#define EXECGATE_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

/* X(CONSTANT, name, what is the matter: "... for the kernel X") */
#define EXECGATE_KERNEL_STATES(X)                                         \
	X(GOOD, "good", "the module execgate is there")                   \
	X(MISSING, "missing", "there is NO module execgate")              \
	X(UNREADABLE, "unreadable", "the module execgate cannot be read") \
	X(FOREIGN, "foreign",                                             \
	  "the module execgate was built for another kernel, "            \
	  "and lies there")                                               \
	X(NO_BTF, "no-btf",                                               \
	  "the module execgate has no BTF, which needs pahole "           \
	  "and the headers' vmlinux,")                                    \
	X(BLACKLISTED, "blacklisted",                                     \
	  "a line of modprobe.d keeps the module "                        \
	  "execgate out")

enum execgate_kernel_state {
#define X(id, name, text) EXECGATE_KERNEL_##id,
	EXECGATE_KERNEL_STATES(X)
#undef X
};

/**
 * struct execgate_kernel - one of those in /boot, or the running one
 * @next: boots unless somebody chooses another one: the newest, or that of Debian's link
 */
struct execgate_kernel {
	char release[80];
	enum execgate_kernel_state state;
	bool running;
	bool next;
};

#define EXECGATE_KERNELS_MAX 32

/* @root: "" for this machine. Return: how many of @out are filled. */
size_t execgate_kernels_find(const char *root,
			     struct execgate_kernel out[EXECGATE_KERNELS_MAX]);

const char *execgate_kernel_name(enum execgate_kernel_state state);
const char *execgate_kernel_text(enum execgate_kernel_state state);

#define EXECGATE_KERNEL_NEXT_SIZE 320
/* The commands that give @kernel the module that it lacks. Return: @text */
const char *execgate_kernel_next(const struct execgate_kernel *kernel,
				 char text[EXECGATE_KERNEL_NEXT_SIZE]);

#endif /* EXECGATE_KERNELS_H */
