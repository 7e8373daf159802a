/* SPDX-License-Identifier: GPL-2.0 */
/* All that a machine tells a fleet about its gate, asked once. */
#ifndef EXECGATE_FACTS_H
#define EXECGATE_FACTS_H

#include <sys/types.h>

#include "lib/config/boots.h"
#include "lib/config/intent.h"
#include "lib/netlink/netlink.h"

/**
 * struct execgate_facts - one look at the machine
 * @loaded: the module is there; if not, there is nothing of it below
 * @daemon: pid, 0 = it does not run, negative = only root can tell
 * @last: the newest event of the kernel that the mode of now would have made, see
 *	  execgate_last_denial()
 */
struct execgate_facts {
	bool loaded;
	struct execgate_status status;
	struct execgate_key *keys;
	size_t key_count;
	struct execgate_loaded_catalog *catalogs;
	size_t catalog_count;
	struct execgate_event last;
	bool has_last;
	struct execgate_intent intent;
	struct execgate_boots boots;
	pid_t daemon;
};

/*
 * That the module is not loaded is a fact and no failure; that the caller may not ask
 * is one. Ended with execgate_facts_free(), after success only.
 */
int execgate_facts_read(struct execgate_facts *out, struct execgate_error *err);
void execgate_facts_free(struct execgate_facts *facts);

#endif /* EXECGATE_FACTS_H */
