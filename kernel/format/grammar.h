/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The text of an inline rule (rules.h): a grammar of an interpreter's command line and
 * environment, words with one blank between them, each with what it means at its end:
 *
 *	-c:		a short option; more than one may stand in one word
 *	+o:		the same behind a plus
 *	-jar@		an option of more letters behind one dash: it is the whole word
 *	--eval:		a long option; its value is the next word, or follows "="
 *	+!		a plus, and what is left of the word, where no other word has that
 *	%@		the first word that is not an option (the operand)
 *	$BASH_ENV*	a variable of the environment
 *	$BASH_FUNC_*:	the variables whose names begin so
 *	<		without code and without an operand, code is read from the
 *			standard input
 *	~		code is read from the standard input, unless a dash alone is the
 *			operand
 *	&		options may come after operands
 *	--<		two dashes alone end the options, and mean besides: here that the
 *			standard input is read, as no operand counts then
 *	=		long options are never shortened
 *	!		options behind one dash are long ones, too; the value of any may
 *			follow a colon
 *	^		the case of letters makes no difference in long options
 *	@		a word that begins with an at sign names a file of options, which
 *			are code
 *	-		a dash alone ends the options, as "--" does; without this word it
 *			is an operand, and stands for the standard input
 *	-@		a dash alone is the name of a file, as any other
 *	-<		what an option means that no other word has
 *	/sh		up to the next such word, for a program that is started by this
 *			name; several of them may share what follows. Words before all
 *			of them are for other names. "/vim*" is for names that begin so
 *	/busybox/	a program of this name takes its first argument for its name
 *
 * The meanings:
 *
 *	:	its value is code
 *	@	its value names a file of code, which is run in place of an operand
 *	+	its value is code, which is run besides (lua -e)
 *	*	its value names a file of code, which is run besides
 *	,	the same, but a next word that begins with a dash is an option, too (vim -S)
 *	/	its value names files of code, which are run besides, with colons between;
 *		one may follow a name and "=" (php -d). What could not be names is code
 *	=	its value is something else
 *	?	what is left of the word is its value, which is something else
 *	!	the same, but it is code unless it is a plain name (perl -M)
 *	#	digits that follow are its value
 *	>	its value is always the next word, never what is left of this one
 *	"	its value is a long option without dashes (gawk -W)
 *	^	no value; the operand is code (sh -c)
 *	<	no value; the operand is none, and the standard input is read (sh -s)
 *	~	no value; the standard input is read besides (python -i)
 *	-	no value; it ends the options, as "--" does (zsh -b)
 *
 * and behind that "~" for what is true besides, as above, or a dot: after it and its value,
 * nothing is the interpreter's. "%*" is said of all operands. A variable has ":", "*", "/"
 * or "!", as above, or
 *
 *	@	its value is code, but behind an at sign names a file of code (LUA_INIT)
 *	-	its value is options, with blanks between (NODE_OPTIONS)
 *	$	its value is code if a shell would put something in its place (PS4)
 *
 * Pure: used by the module and by user space's tests alike.
 */
#ifndef EG_GRAMMAR_H
#define EG_GRAMMAR_H

#include "format.h"

#define EG_GRAMMAR_WORD_MAX 64

/**
 * struct eg_sign - one word of a grammar
 * @name: with its dashes; "%", "<", "&", "$NAME", "/NAME"
 * @means: 0 for words that are all name
 * @ends: it has a dot
 * @reads: the standard input is read besides
 */
struct eg_sign {
	struct eg_bytes name;
	char means;
	bool ends;
	bool reads;
};

/* Is this the text of an inline rule? Linear in its size. */
bool eg_grammar_is_good(struct eg_bytes text);

/* Takes a word and the blank behind it off the grammar. Return: false at the end. */
bool eg_grammar_next(struct eg_bytes *grammar, struct eg_sign *out);

bool eg_grammar_find(struct eg_bytes grammar, struct eg_bytes name,
		     struct eg_sign *out);

/* A sign that is called by one byte, with this meaning; with none, 0. */
bool eg_grammar_has(struct eg_bytes grammar, u8 name, char means);

/**
 * eg_grammar_choose() - leave what is said of a program of this name
 * @grammar: all of it; a part of it, maybe empty, when this returns
 *
 * Return: true if the program's name is its first argument, and nothing was chosen.
 */
bool eg_grammar_choose(struct eg_bytes *grammar, struct eg_bytes name);

/* Names of options and variables: letters, digits, "-" and "_". */
bool eg_grammar_is_name_byte(u8 c);

#endif /* EG_GRAMMAR_H */
