/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rules of an identity as people write them, one each:
 *
 *	[report] KIND [TEXT]
 *
 * "version 12", "path /usr/sbin/nologin", "report path /usr/bin/busybox",
 * "hardened", "libraries own", "report starts none".
 * Their content is in format/rules.h.
 */
#ifndef EXECGATE_RULES_H
#define EXECGATE_RULES_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"
#include "format/rules.h"

/* As a manifest has them; zeroed = none. */
struct execgate_rules {
	uint8_t bytes[EG_RULES_SIZE_MAX];
	size_t size;
};

/* Put one more to them. -EINVAL: it is none, or there is one like it already. */
int execgate_rules_add(struct execgate_rules *rules, const char *text,
		       struct execgate_error *err);

/* All of @more to them; what is there already is not an error. -E2BIG. */
int execgate_rules_join(struct execgate_rules *rules, struct eg_bytes more,
			struct execgate_error *err);

static inline struct eg_bytes
execgate_rules_bytes(const struct execgate_rules *rules)
{
	return (struct eg_bytes){ rules->bytes, rules->size };
}

/* "version", or NULL for what is not a kind. */
const char *execgate_rule_name(unsigned int kind);

/* One of them as it is written, for a log or terminal to be escaped yet. */
#define EXECGATE_RULE_TEXT (EG_RULES_SIZE_MAX + 32)
char *execgate_rule_text(const struct eg_rule *rule,
			 char out[EXECGATE_RULE_TEXT]);

#endif /* EXECGATE_RULES_H */
