/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's description of a catalog that it holds. */
#ifndef EXECGATE_LOADED_CATALOG_H
#define EXECGATE_LOADED_CATALOG_H

#include <linux/execgate.h>
#include <stdint.h>

/**
 * struct execgate_loaded_catalog - one catalog
 * @name: any bytes but NUL
 * @created_at: seconds since 1970
 * @signer: fingerprint of the key's certificate
 */
struct execgate_loaded_catalog {
	char name[EXECGATE_CATALOG_NAME_MAX + 1];
	uint64_t sequence;
	uint64_t created_at;
	uint32_t entries;
	uint8_t signer[EXECGATE_FINGERPRINT_SIZE];
};

#endif /* EXECGATE_LOADED_CATALOG_H */
