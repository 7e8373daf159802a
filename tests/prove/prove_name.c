// SPDX-License-Identifier: GPL-2.0
/* A signer's Name: the only loops of cms.c, over any bytes. */
#include "format/cms.c"
#include "contract_der.h"

int main(void)
{
	ANY_OBJECT(in);
	is_name(in);
	return 0;
}
