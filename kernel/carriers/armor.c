// SPDX-License-Identifier: GPL-2.0
#include "carriers/carrier.h"
#include "trust/verify.h"

enum execgate_reason eg_carrier_armor(struct eg_evidence *ev,
				      struct eg_verdict *verdict)
{
	u64 size = min_t(u64, ev->reader.size, EG_ARMOR_MAX);
	enum execgate_reason reason;
	struct eg_armor armor;
	enum eg_format result;
	int err;

	BUILD_BUG_ON(sizeof(ev->found->cms) < EG_ARMOR_MAX);
	BUILD_BUG_ON(sizeof(ev->end) < EG_ARMOR_END_SIZE);
	if (!eg_armor_ends(ev->tail))
		return EXECGATE_REASON_UNSIGNED;
	reason = eg_carrier_settle(ev, verdict);
	if (reason != EXECGATE_REASON_ALLOWED)
		return reason;
	err = eg_reader_copy(&ev->reader, ev->reader.size - size,
			     ev->found->armor, size);
	if (err)
		return eg_verify_reason_of_errno(err);
	result = eg_armor_parse((struct eg_bytes){ ev->found->armor, size },
				ev->reader.size, ev->found->cms,
				sizeof(ev->found->cms), &armor);
	if (result != EG_FORMAT_OK)
		return eg_verify_reason(result);
	return eg_carrier_judge_message(ev, armor.cms, armor.payload_size,
					verdict);
}
