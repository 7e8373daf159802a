// SPDX-License-Identifier: GPL-2.0
/* A message of any size, with its content or without: all parts lie in it. */
#include "format/cms.c"
#include "contract_der.h"

/* In the place of is_name(), which prove_name.c is for. */
bool any_name(struct eg_bytes name)
{
	HOLDS(is_readable(name) && name.size <= EG_SIGNER_ID_MAX);
	return nondet_bool();
}

int main(void)
{
	bool detached = nondet_bool();
	struct eg_cms cms;

	ANY_OBJECT(in);
	if (parse(in, detached, &cms) != EG_FORMAT_OK)
		return 0;
	HOLDS(is_within(cms.content, in) && is_within(cms.issuer, in));
	HOLDS(is_within(cms.serial, in) && is_within(cms.key_id, in));
	HOLDS(is_within(cms.signature, in) && cms.signature.size);
	HOLDS(cms.signature.size <= EG_SIGNATURE_MAX);
	HOLDS(!cms.content.size == detached);
	HOLDS(!cms.serial.size != !cms.key_id.size);
	HOLDS(cms.issuer.size + cms.serial.size <= EG_SIGNER_ID_MAX);
	HOLDS(cms.key_id.size <= EG_SIGNER_ID_MAX);
	return 0;
}
