/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The parts of its command line and environment that an interpreter takes for code, by a
 * grammar of both (grammar.h).
 *
 * Pure: used by the module and by user space's tests alike.
 */
#ifndef EG_CMDLINE_H
#define EG_CMDLINE_H

#include "format.h"

#define EG_CMDLINE_FILES 16
/*
 * Options that are looked up, each letter one. A command line of more has none of the
 * answers, so that it counts as code, as reading the standard input, and as lost.
 */
#define EG_CMDLINE_OPTIONS_MAX 4096

/**
 * struct eg_cmdline - what was found
 * @code: something on the command line or in the environment is code
 * @input: the standard input is read as code
 * @lost: there were more than EG_CMDLINE_FILES files, or options
 * @files: names of files of code, as they were given
 */
struct eg_cmdline {
	bool code;
	bool input;
	bool lost;
	u8 count;
	struct eg_bytes files[EG_CMDLINE_FILES];
};

/**
 * eg_cmdline_read() - what of a command line is code?
 * @grammar: the text of an inline rule
 * @words: the arguments, each with a 0 behind it, and then the environment
 * @args: how many of them are arguments, the first of which is the program's name
 * @out: what was found is added to it
 *
 * At most EG_CMDLINE_OPTIONS_MAX looks through the grammar, and the words once for each
 * variable in it.
 */
void eg_cmdline_read(struct eg_bytes grammar, struct eg_bytes words,
		     unsigned int args, struct eg_cmdline *out);

/* The part behind the last slash, those at the end left out. */
struct eg_bytes eg_cmdline_base(struct eg_bytes path);

#endif /* EG_CMDLINE_H */
