/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's description of the signed policy in force. */
#ifndef EXECGATE_LOADED_POLICY_H
#define EXECGATE_LOADED_POLICY_H

#include <linux/execgate.h>
#include <stdint.h>

/* struct nla_bitfield32: bits by enum execgate_gate */
struct execgate_gates {
	uint32_t on;
	uint32_t known; /* the gates that this module has */
};

/**
 * struct execgate_loaded_policy - one policy
 * @version: 0 = there is none
 * @created_at: seconds since 1970
 * @signer: fingerprint of the key's certificate
 * @floors: @floors_size bytes, for eg_policy_floor_next()
 * @users: @users_size bytes, for eg_policy_user_next()
 */
struct execgate_loaded_policy {
	char name[EXECGATE_POLICY_NAME_MAX + 1];
	uint64_t version;
	uint64_t created_at;
	uint32_t mode;
	uint32_t profile;
	struct execgate_gates gates;
	uint8_t signer[EXECGATE_FINGERPRINT_SIZE];
	uint32_t floors_size;
	uint8_t floors[EXECGATE_POLICY_FLOORS_MAX];
	uint32_t users_size;
	uint8_t users[EXECGATE_POLICY_USERS_MAX];
};

#endif /* EXECGATE_LOADED_POLICY_H */
