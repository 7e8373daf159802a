/* SPDX-License-Identifier: GPL-2.0 */
/* Gates that are on for constrained users and units though they are off for others. */
#ifndef EG_HOOK_CONSTRAINED_H
#define EG_HOOK_CONSTRAINED_H

#include "core/policy.h"
#include "core/request.h"
#include "rules/constrained.h"

/**
 * eg_hook_gate() - is the request's gate on, for everybody or for current?
 * @what: EG_CONSTRAINED_*: the part of being constrained that it belongs to
 *
 * The request notes the second, so that it is refused and told of all the same.
 */
static inline bool eg_hook_gate(struct eg_request *req, u8 what)
{
	bool on = eg_policy_gate(req->gate);

	req->constrained = !on && eg_constrained_current() & what;
	return on || req->constrained;
}

#endif /* EG_HOOK_CONSTRAINED_H */
