// SPDX-License-Identifier: GPL-2.0
#include "carriers/carrier.h"
#include "trust/verify.h"

enum execgate_reason eg_carrier_armor(struct eg_evidence *ev,
				      struct eg_verdict *verdict)
{
	enum execgate_reason reason;
	struct eg_armor armor;
	enum eg_format result;

	BUILD_BUG_ON(sizeof(ev->cms_buffer) < EG_ARMOR_MAX);
	result = eg_armor_parse(ev->tail, ev->reader.size, ev->cms_buffer,
				sizeof(ev->cms_buffer), &armor);
	if (result != EG_FORMAT_OK)
		return eg_verify_reason(result);
	reason = eg_carrier_settle(ev);
	if (reason != EXECGATE_REASON_ALLOWED)
		return reason;
	return eg_carrier_judge_message(ev, armor.cms, armor.payload_size,
					verdict);
}
