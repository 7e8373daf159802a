/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A machine that is to enforce and does not: why, in one sentence, and what to do. The
 * daemon, the login, "status" and "doctor" all say the same.
 */
#ifndef EXECGATE_GAP_H
#define EXECGATE_GAP_H

#include "lib/config/intent.h"
#include "lib/netlink/event.h"

/* X(CONSTANT, name, sentence, what to do next); the most telling first. */
#define EXECGATE_GAPS(X)                                                       \
	X(ABSENT, "no-module", "the kernel module execgate is not loaded",     \
	  "execgate doctor")                                                   \
	X(NOT_GATING, "not-gating",                                            \
	  "the module execgate is loaded but does not gate",                   \
	  "execgate doctor")                                                   \
	X(BOOT_PARAMETER, "boot-parameter",                                    \
	  "the kernel command line says another mode with execgate.mode=",     \
	  "when the rescue is over, boot without it")                          \
	X(FAILED_BOOTS, "failed-boots",                                        \
	  "too many boots in mode enforce failed in a row",                    \
	  "execgate preflight; when that is mended, execgate mode enforce")    \
	X(NO_KEYS, "no-keys", "no key is enrolled, so that nothing could run", \
	  "execgate key enroll CERTIFICATE, then systemctl reload execgated")  \
	X(NOT_SET, "not-set", "it was never set in this boot",                 \
	  "systemctl restart execgated; its journal says what failed")         \
	X(OTHER, "other-mode", "another mode is set (root is told why)",       \
	  "execgate doctor")                                                   \
	X(BY_HAND, "by-hand", "somebody has set another mode since",           \
	  "execgate mode enforce; or, if that is to stay so, execgate mode "   \
	  "--persist audit")                                                   \
	X(UNREAD, "unread",                                                    \
	  "the configuration cannot be read, and nothing tells whether it "    \
	  "says enforce",                                                      \
	  "execgate doctor names the file: correct it, then systemctl reload " \
	  "execgated")

enum execgate_gap {
	EXECGATE_GAP_NONE,
#define X(id, name, text, next) EXECGATE_GAP_##id,
	EXECGATE_GAPS(X)
#undef X
};

/**
 * execgate_gap_find() - why this machine does not enforce
 * @status: what the kernel says; NULL if there is no module
 * @configured: the mode that the daemon applied last, or -errno: the daemon knows, others
 *		call execgate_resume_gap()
 */
enum execgate_gap execgate_gap_find(const struct execgate_intent *intent,
				    const struct execgate_status *status,
				    int configured);

/* None is "" in all three. */
const char *execgate_gap_name(enum execgate_gap gap);
const char *execgate_gap_text(enum execgate_gap gap);
const char *execgate_gap_next(enum execgate_gap gap);

#endif /* EXECGATE_GAP_H */
