/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The files that a script reads as code besides itself: Python and Perl are asked, sources
 * of a shell are read from its text. The result is a proposal for people: code that is
 * chosen only while the script runs is not seen.
 */
#ifndef EXECGATE_IMPORTS_H
#define EXECGATE_IMPORTS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/error.h"

/* More than any real program has. */
#define EXECGATE_IMPORTS_MAX 16384

enum execgate_language {
	EXECGATE_LANGUAGE_NONE,
	EXECGATE_LANGUAGE_PYTHON,
	EXECGATE_LANGUAGE_PERL,
	EXECGATE_LANGUAGE_SHELL,
};

/**
 * struct execgate_imports - of one or several scripts; zeroed = none
 * @files: their real paths, each once; @from: the script that was asked about
 * @missing: @what is named in @from and is not in @files; @why says more
 *
 * All is owned, but @why.
 */
struct execgate_imports {
	struct execgate_import {
		char *path;
		char *from;
	} *files;
	size_t count;
	struct execgate_import_missing {
		char *what;
		char *from;
		const char *why;
	} *missing;
	size_t missing_count;
};

/* By the #! line, else by the ending of the name. */
enum execgate_language execgate_imports_language(const char *script);

/**
 * execgate_imports_find() - add those of @script
 *
 * Asking Perl runs code of the script: the BEGIN blocks, its own and those of the modules
 * that it uses, as the user who asks. The other languages run none.
 */
int execgate_imports_find(const char *script, enum execgate_language language,
			  struct execgate_imports *out,
			  struct execgate_error *err);
void execgate_imports_free(struct execgate_imports *imports);

/* By the interpreter's name, as execgate_classify() finds it. */
enum execgate_language execgate_imports_language_of(const char *interpreter);

/* For the finders. @script: real path; 0 or -ENOMEM, -E2BIG. */
int execgate_imports_add(struct execgate_imports *out, const char *path,
			 const char *from);
int execgate_imports_miss(struct execgate_imports *out, const char *what,
			  size_t size, const char *from, const char *why);
int execgate_imports_shell(const char *script, struct execgate_imports *out,
			   struct execgate_error *err);

/* Does this shell script end in a here-document? Where that is not known: yes. */
bool execgate_imports_shell_open(const char *text, size_t size);

#endif /* EXECGATE_IMPORTS_H */
