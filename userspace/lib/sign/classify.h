/* SPDX-License-Identifier: GPL-2.0 */
/* The use of a file, judged from its content. */
#ifndef EXECGATE_CLASSIFY_H
#define EXECGATE_CLASSIFY_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/execgate.h>

#include "lib/base/error.h"

/**
 * struct execgate_classification - what to sign a file as
 * @classes: enum execgate_class bits
 * @carrier: trailer for binaries, armor for scripts
 * @comment: comment prefix of the script's language, with its space
 * @interpreter: of a script: its name without folder and version; "" where nothing tells
 * @interpreter_known: @comment is a fact and not the common guess
 * @kernel_signed: ends with the kernel's own module signature
 */
struct execgate_classification {
	uint16_t classes;
	enum execgate_carrier carrier;
	char comment[4];
	char interpreter[64];
	bool interpreter_known;
	bool kernel_signed;
};

/**
 * execgate_classify() - look at the first @size bytes of a file
 *
 * Return: -ENOEXEC for what is neither ELF code nor a script.
 */
int execgate_classify(int fd, const char *name, uint64_t size,
		      struct execgate_classification *out,
		      struct execgate_error *err);

/* The interpreter of a file of that name, by its ending; "" if that is not known. */
const char *execgate_classify_interpreter(const char *name);

/**
 * execgate_classify_as_script() - a script without a #! line, which somebody says it is
 * @out: as execgate_classify() left it, and stays for what is binary: byte code, archives
 *
 * Return: -EINVAL for what is binary, but has the name of a text.
 */
int execgate_classify_as_script(int fd, const char *name, uint64_t size,
				struct execgate_classification *out,
				struct execgate_error *err);

/* One of the comment prefixes that a signature can stand in, "#" or "# ". */
bool execgate_classify_comment(const char *text, char out[4]);

/* "program,library" to class bits; the unknown word is told in the error. */
int execgate_classify_parse(const char *text, uint16_t *classes,
			    struct execgate_error *err);

/* The way back; @out of EXECGATE_CLASSES_TEXT bytes; returns @out. */
#define EXECGATE_CLASSES_TEXT 160
char *execgate_classify_text(uint16_t classes, char *out);

#endif /* EXECGATE_CLASSIFY_H */
