// SPDX-License-Identifier: GPL-2.0
/* Any bytes as a message; what is_name() says, which prove_name.c is for, is free. */
#include "format/cms.c"
#include "prove.h"

int main(void)
{
	bool detached = nondet_bool();
	struct eg_cms cms;

	ANY_BYTES(in);
	if (parse(in, detached, &cms) != EG_FORMAT_OK)
		return 0;
	HOLDS(is_within(cms.content, in) && is_within(cms.issuer, in));
	HOLDS(is_within(cms.serial, in) && is_within(cms.key_id, in));
	HOLDS(is_within(cms.signature, in) && cms.signature.size);
	HOLDS(cms.signature.size <= EG_SIGNATURE_MAX);
	HOLDS(!cms.content.size == detached);
	HOLDS(cms.issuer.size + cms.serial.size <= EG_SIGNER_ID_MAX);
	HOLDS(cms.key_id.size <= EG_SIGNER_ID_MAX);
	return 0;
}
