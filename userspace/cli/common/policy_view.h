/* SPDX-License-Identifier: GPL-2.0 */
/* A signed policy on the screen. */
#ifndef EXECGATE_CLI_POLICY_VIEW_H
#define EXECGATE_CLI_POLICY_VIEW_H

#include <jansson.h>

#include "lib/config/policy_file.h"
#include "lib/netlink/event.h"

/**
 * struct policy_view - a policy to be shown, wherever it comes from
 * @signer: fingerprint, or NULL if it is not known
 * @floors: for eg_policy_floor_next()
 * @users: for eg_policy_user_next()
 */
struct policy_view {
	const char *name;
	uint64_t version;
	uint64_t created_at;
	uint32_t mode;
	uint32_t profile;
	uint32_t gates;
	const uint8_t *signer;
	struct eg_bytes floors;
	struct eg_bytes users;
};

struct policy_view policy_view_of_file(const struct execgate_policy_file *file);
struct policy_view
policy_view_of_kernel(const struct execgate_loaded_policy *policy);

/* {name, version, created_at, mode, profile, deviations, gates, floors, users, signer}. */
json_t *policy_view_json(const struct policy_view *view);
/* Its floors, as policy_view_json() has them: [{identity, below}]; a new reference. */
json_t *policy_view_floors(struct eg_bytes floors);
/* The same as lines of "  Label: value". */
void policy_view_print(const struct policy_view *view);
/* "enforce, strict -inject": mode and profile with what differs from it. */
#define POLICY_VIEW_TEXT 300
char *policy_view_text(uint32_t mode, uint32_t profile, uint32_t gates,
		       char out[POLICY_VIEW_TEXT]);

#endif /* EXECGATE_CLI_POLICY_VIEW_H */
