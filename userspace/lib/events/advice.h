/* SPDX-License-Identifier: GPL-2.0 */
/* Why something was denied, in plain words, and the ways out as commands. */
#ifndef EXECGATE_ADVICE_H
#define EXECGATE_ADVICE_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/execgate.h>

#define EXECGATE_ADVICE_WAYS 3
#define EXECGATE_ADVICE_COMMAND 2048

/**
 * struct execgate_way - one way out
 * @text: what it does and when it is right; no full stop
 * @loosens: a locked gate refuses @command until the next boot
 * @command: ready to be typed, and to be shown as it is; "" if there is nothing to type
 */
struct execgate_way {
	const char *text;
	bool loosens;
	char command[EXECGATE_ADVICE_COMMAND];
};

/**
 * struct execgate_advice - about one denial
 * @cause: one or two sentences
 * @ways: @count of them, the best first
 */
struct execgate_advice {
	const char *cause;
	struct execgate_way ways[EXECGATE_ADVICE_WAYS];
	size_t count;
};

/**
 * execgate_advice_get() - what to do about a denial
 * @reason: may be beyond EXECGATE_REASON_COUNT
 * @path: of the file, quoted for the shell in the commands; "" if there is none
 * @package: Debian package that owns it; "" if none does
 */
void execgate_advice_get(unsigned int reason, const char *path,
			 const char *package, struct execgate_advice *out);

/*
 * The command that lists the installed packages here: a machine that signs what apt brings has a
 * catalog to be made anew, not a first one.
 */
const char *execgate_advice_packages(void);
/*
 * The command that signs a file here, with the file to be named behind it: where there is no key
 * yet, "execgate setup" makes one first; KEY is to be named where the key is elsewhere.
 */
const char *execgate_advice_sign(void);

/* To be added where the event says that its user or unit is constrained. */
extern const char execgate_advice_constrained[];

/* The same about a file that is not what its package installed. */
void execgate_advice_changed(const char *path, const char *package,
			     struct execgate_advice *out);

/*
 * Safe as one word of a shell, and to be shown: 'it'"'"'s', and $'a\x0ab' where the text
 * has what is not seen. @out is cut to nothing if too small.
 */
char *execgate_advice_quote(const char *text, char *out, size_t size);

#endif /* EXECGATE_ADVICE_H */
