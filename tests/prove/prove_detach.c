// SPDX-License-Identifier: GPL-2.0
/* Any bytes to detach, also those that no parser has accepted. */
#include "format/cms.h"
#include "prove.h"

int main(void)
{
	u8 out[EG_CMS_DETACHED_MAX];

	ANY_BYTES(in);
	HOLDS(eg_cms_detach(in, out) <= sizeof(out));
	return 0;
}
