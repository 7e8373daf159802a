/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How the library fails: it fills one struct execgate_error and returns a
 * negative errno. The program prints the sentence and exits with the code.
 */
#ifndef EXECGATE_ERROR_H
#define EXECGATE_ERROR_H

#include <stdbool.h>

/*
 * X(CONSTANT, number, name, sentence): every exit code of every command. The
 * numbers are an interface for scripts: append, never renumber. 10 and 11 are
 * answers of "status" and "doctor", not failures.
 */
#define EXECGATE_EXITS(X)                                                     \
	X(OK, 0, "ok", "yes, done, everything holds")                         \
	X(ERROR, 1, "error", "it did not work, the message says why")         \
	X(USAGE, 2, "usage", "the command line is wrong")                     \
	X(UNSIGNED, 3, "unsigned", "the file carries no signature")           \
	X(BAD_SIGNATURE, 4, "bad-signature",                                  \
	  "the signature or the file is altered or malformed")                \
	X(KEY_NOT_TRUSTED, 5, "key-not-trusted",                              \
	  "the key is unknown, expired, revoked or too weak")                 \
	X(NOT_LOADED, 6, "not-loaded",                                        \
	  "the module or the daemon is not there")                            \
	X(NOT_FOUND, 7, "not-found", "nothing matches")                       \
	X(NO_PRIVILEGE, 8, "no-privilege", "this needs more privilege")       \
	X(AUDIT, 10, "audit", "the gate is in audit mode: nothing is denied") \
	X(NOT_GATING, 11, "not-gating",                                       \
	  "the module is loaded but does not gate")                           \
	X(WOULD_BREAK, 12, "would-break",                                     \
	  "programs that are in use would be denied in mode enforce")

enum execgate_exit {
#define X(id, number, name, text) EXECGATE_EXIT_##id = (number),
	EXECGATE_EXITS(X)
#undef X
};

/**
 * struct execgate_error - the one failure of a library call
 * @code: what the program should exit with
 * @message: a sentence for the operator: what happened, to which file or key,
 *	     and what to do next; no newline, never cut inside an escape
 */
struct execgate_error {
	enum execgate_exit code;
	char message[1024];
};

/**
 * execgate_error_set() - fill an error
 * @err: may be NULL when the caller does not want to know
 * @ret: negative errno, returned as it is: "return execgate_error_set(...)"
 */
__attribute__((format(printf, 4, 5))) int
execgate_error_set(struct execgate_error *err, int ret, enum execgate_exit code,
		   const char *format, ...);

/*
 * The same for a failed system call: appends ": " and the errno's text, and
 * chooses the exit code from it (EPERM and EACCES: no-privilege, ENOENT:
 * not-found, else error). @ret is the negative errno.
 */
__attribute__((format(printf, 3, 4))) int
execgate_error_errno(struct execgate_error *err, int ret, const char *format,
		     ...);

/*
 * Might the same call succeed a moment later? No memory, no descriptor, a signal, a
 * disk that did not answer; @ret is the negative errno.
 */
bool execgate_error_may_pass(int ret);

/* "bad-signature" for EXECGATE_EXIT_BAD_SIGNATURE; never NULL. */
const char *execgate_error_exit_name(enum execgate_exit code);

#endif /* EXECGATE_ERROR_H */
