/* SPDX-License-Identifier: GPL-2.0 */
/* The files that run along with a file: its interpreter, its libraries. */
#ifndef EXECGATE_IMAGE_H
#define EXECGATE_IMAGE_H

#include <limits.h>
#include <linux/execgate.h>
#include <stdbool.h>
#include <stdint.h>

enum execgate_image_kind {
	EXECGATE_IMAGE_OTHER,
	EXECGATE_IMAGE_SCRIPT,
	EXECGATE_IMAGE_ELF,
};

/**
 * struct execgate_image - the beginning of a file
 * @text: of kind "other", and without a byte 0: the kernel executes no such file,
 *	whatever its permissions
 * @machine: of ELF: class (32 or 64 bits) and machine, to compare
 * @interpreter: of a script: what stands behind #!; "" if nothing does
 * @env: what env(1) is to find, if that is the interpreter; else ""
 */
struct execgate_image {
	enum execgate_image_kind kind;
	bool text;
	uint32_t machine;
	char interpreter[256];
	char env[256];
};

/* Reads once, at offset 0; what cannot be read is of kind "other". */
void execgate_image_read(int fd, struct execgate_image *out);

/* The same of a file by its path. Return: false: it cannot be opened. */
bool execgate_image_of(const char *path, struct execgate_image *out);

/* By the end of its name: packed, a module shows nothing else. */
bool execgate_image_is_module(const char *name);
/*
 * As what the kernel would be asked to let it run: a module and a library by name
 * ("libc.so" may be a linker's script, so by content too), else a program.
 */
enum execgate_hook execgate_image_hook(const struct execgate_image *image,
				       const char *path);

enum execgate_image_need {
	EXECGATE_NEED_LOADER,  /* the path of PT_INTERP */
	EXECGATE_NEED_LIBRARY, /* a DT_NEEDED name */
	EXECGATE_NEED_FOLDER,  /* one of DT_RUNPATH or DT_RPATH, before them */
};

/* For an ELF file; @folder is where it lies, for $ORIGIN. 0 or -ENOEXEC. */
int execgate_image_needs(int fd, const char *folder,
			 void (*fn)(enum execgate_image_need need,
				    const char *value, void *arg),
			 void *arg);

#endif /* EXECGATE_IMAGE_H */
