/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Path rules: where a file must be to be code. They belong to a content, and are
 * kept with its verdict; where a file is does not, and is looked at anew each time.
 */
#ifndef EG_PATHS_H
#define EG_PATHS_H

#include <linux/fs.h>

#include "core/verdict.h"
#include "format/rules.h"

#define EG_PATHS_SIZE_MAX (2 * EG_RULES_SIZE_MAX)

/* The sum of the statements about a file, collected while it is judged. */
struct eg_paths_said {
	bool too_much; /* of them there was no room for */
	u16 size;
	u8 bytes[EG_PATHS_SIZE_MAX];
};

/* Forget all that was said; NULL is fine. */
static inline void eg_paths_reset(struct eg_paths_said *said)
{
	if (!said)
		return;
	said->too_much = false;
	said->size = 0;
}

/**
 * eg_paths_say() - one more statement: its path rules hold besides the others'
 * @said: or NULL, of what has no place and so no rules of one
 * @rules: of an identity, checked
 *
 * Any context. A statement whose path rules were said before adds nothing.
 */
void eg_paths_say(struct eg_paths_said *said, struct eg_bytes rules);

/*
 * Put what was said into a verdict that says yes; the reason of the verdict becomes
 * NO_MEMORY, or WRONG_PATH of what was said too much.
 */
void eg_paths_keep(const struct eg_paths_said *said,
		   struct eg_verdict *verdict);

/**
 * eg_paths_apply() - hold a file's place against the rules in its verdict
 * @verdict: its reason becomes WRONG_PATH, or it is to be reported so; it has no
 *	     rules afterwards
 *
 * Sleeps if there are rules: it looks their folders up.
 */
void eg_paths_apply(const struct file *file, struct eg_verdict *verdict);

#endif /* EG_PATHS_H */
