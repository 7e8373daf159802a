// SPDX-License-Identifier: GPL-2.0
#include "cli/common/nearest.h"

#include <string.h>

#define WORD_MAX 32

static unsigned int smaller(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* Damerau's and Levenshtein's, where no letter takes part in two mistakes. */
static unsigned int distance_of(const char *a, size_t m, const char *b,
				size_t n)
{
	unsigned int cost[WORD_MAX + 1][WORD_MAX + 1];

	for (size_t i = 0; i <= m; i++)
		for (size_t j = 0; j <= n; j++) {
			unsigned int other = i && j && a[i - 1] != b[j - 1];

			if (!i || !j) {
				cost[i][j] = (unsigned int)(i + j);
				continue;
			}
			cost[i][j] = smaller(cost[i - 1][j - 1] + other,
					     1 + smaller(cost[i - 1][j],
							 cost[i][j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				cost[i][j] = smaller(cost[i][j],
						     cost[i - 2][j - 2] + 1);
		}
	return cost[m][n];
}

void nearest_try(struct nearest *nearest, const char *candidate)
{
	size_t m = strlen(nearest->word), n = strlen(candidate);
	unsigned int distance;

	if (!m || m > WORD_MAX || n > WORD_MAX)
		return;
	distance = distance_of(nearest->word, m, candidate, n);
	/* One letter in three may be wrong: a word that has little in common does not help. */
	if (distance > (n + 2) / 3 || distance >= n ||
	    (nearest->found && distance >= nearest->distance))
		return;
	nearest->found = candidate;
	nearest->distance = distance;
}
