/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The parts of its command line and environment that an interpreter takes for code.
 * An inline rule (rules.h) is a grammar of both, words with one blank between them,
 * each with what it means at its end:
 *
 *	-c:		a short option; more than one may stand in one word
 *	+o:		the same behind a plus
 *	-jar@		an option of more letters behind one dash: it is the whole word
 *	--eval:		a long option; its value is the next word, or follows "="
 *	%@		the first word that is not an option (the operand)
 *	$BASH_ENV*	a variable of the environment
 *	<		without code and without an operand, code is read from the
 *			standard input
 *	&		options may come after operands
 *	--<		two dashes alone end the options, and mean besides: here that the
 *			standard input is read, as there is no operand then
 *	=		long options are never shortened
 *	-		a dash alone ends the options, as "--" does; without this word it
 *			is an operand, and stands for the standard input
 *	-@		a dash alone is the name of a file, as any other
 *	-<		what an option means that no other word has
 *
 * The meanings:
 *
 *	:	its value is code
 *	@	its value names a file of code, which is run in place of an operand
 *	+	its value is code, which is run besides (lua -e)
 *	*	its value names a file of code, which is run besides
 *	=	its value is something else
 *	?	what is left of the word is its value, which is something else
 *	!	the same, but it is code unless it is a plain name (perl -M)
 *	#	digits that follow are its value
 *	>	its value is always the next word, never what is left of this one
 *	^	no value; the operand is code (sh -c)
 *	<	no value; the operand is none, and the standard input is read (sh -s)
 *	~	no value; the standard input is read besides (python -i)
 *	-	no value; it ends the options, as "--" does (zsh -b)
 *
 * and behind that "~" for what is true besides, as above, or a dot: after it and its value,
 * nothing is the interpreter's. Where a value is code already, an operand is not a file of
 * code. Instead of a file, a dash as the value of "@" is the standard input. A long option
 * may be shortened, as getopt_long(3) has it, without "=": all that a word may mean counts.
 * In its name "_" is as good as "-".
 *
 * Pure: used by the module and by user space's tests alike.
 */
#ifndef EG_CMDLINE_H
#define EG_CMDLINE_H

#include "format.h"

#define EG_CMDLINE_WORD_MAX 64 /* of a grammar */

/* Is this the text of an inline rule? Linear in its size. */
bool eg_cmdline_is_grammar(struct eg_bytes text);

#define EG_CMDLINE_FILES 8
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
