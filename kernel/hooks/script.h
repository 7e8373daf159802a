/* SPDX-License-Identifier: GPL-2.0 */
/* The code that interpreters get: by their command line, and by reading files. */
#ifndef EG_SCRIPT_H
#define EG_SCRIPT_H

#include <linux/binfmts.h>

#include "core/request.h"
#include "format/cmdline.h"

/* A command line. The names that were found point into @words. */
struct eg_command {
	u8 *words;
	struct eg_cmdline found;
};

/**
 * eg_script_command() - an interpreter was admitted: what code does it get?
 * @req: as the gate admitted it
 * @origin: of the interpreter, with its grammars, if it has any
 * @out: eg_script_command_end() afterwards, whatever is returned
 *
 * Sleeps. Return: 0 or -EPERM: what it would read as code from its standard input is
 * not trusted, or code on the command line is not let through.
 */
int eg_script_command(const struct linux_binprm *bprm,
		      const struct eg_request *req,
		      const struct eg_origin *origin, struct eg_command *out);

/**
 * eg_script_mapped() - the same of one that is mapped
 *
 * It was not executed as a program: it is one whose loader was started by hand, with
 * its name among the arguments. Where that cannot be told, or may not be looked for,
 * whatever it reads counts as code. Nothing of it if current's rules have it already.
 */
int eg_script_mapped(const struct eg_request *req,
		     const struct eg_origin *origin, struct eg_command *out);
void eg_script_command_end(struct eg_command *command);

#endif /* EG_SCRIPT_H */
