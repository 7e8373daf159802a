/* SPDX-License-Identifier: GPL-2.0 */
/* Which word somebody may have meant. */
#ifndef EXECGATE_CLI_NEAREST_H
#define EXECGATE_CLI_NEAREST_H

/**
 * struct nearest - the search, one candidate after another; only @word is set before
 * @found: the closest one, or NULL: none is close
 */
struct nearest {
	const char *word;
	const char *found;
	unsigned int distance;
};

/* Two letters swapped, one too many, one missing or another: each is one mistake. */
void nearest_try(struct nearest *nearest, const char *candidate);

#endif /* EXECGATE_CLI_NEAREST_H */
