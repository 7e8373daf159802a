/* SPDX-License-Identifier: GPL-2.0 */
/* The catalogs of this machine, for "verify": which of them vouches for a file. */
#ifndef EXECGATE_CLI_VOUCHING_H
#define EXECGATE_CLI_VOUCHING_H

#include "lib/catalog/file.h"

/**
 * struct vouching - zeroed at first; freed with vouching_free()
 * @dir: where catalogs are kept; packages' are in their own folder
 * @trust: of whoever verifies; must outlive it
 * @items: those that are well formed and signed by one of @trust
 */
struct vouching {
	const char *dir;
	const struct execgate_trust *trust;
	struct vouching_item {
		struct execgate_catalog_file file;
		const struct execgate_certificate *signer;
	} *items;
	size_t count;
	bool is_read;
	bool no_memory;
};

/*
 * As in the kernel a catalog may vouch for a file as a whole, whatever came of its own
 * signature. Then @verdict becomes a yes by that catalog, whose name is returned; NULL:
 * none does. The text that @verdict points into lives as long as @vouching.
 */
const char *vouching_ask(struct vouching *vouching, int fd,
			 struct execgate_verdict *verdict);
void vouching_free(struct vouching *vouching);

#endif /* EXECGATE_CLI_VOUCHING_H */
