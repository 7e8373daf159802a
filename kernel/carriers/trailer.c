// SPDX-License-Identifier: GPL-2.0
#include "carriers/carrier.h"
#include "format/trailer.h"
#include "trust/verify.h"

enum execgate_reason eg_carrier_trailer(struct eg_evidence *ev,
					struct eg_verdict *verdict)
{
	enum execgate_reason reason;
	struct eg_trailer trailer;
	enum eg_format result;
	int err;

	result =
		eg_trailer_parse(eg_carrier_end(ev), ev->reader.size, &trailer);
	if (result != EG_FORMAT_OK)
		return eg_verify_reason(result);
	reason = eg_carrier_settle(ev, verdict);
	if (reason != EXECGATE_REASON_ALLOWED)
		return reason;

	err = eg_reader_copy(&ev->reader, trailer.payload_size, ev->found->cms,
			     trailer.cms_size);
	if (err)
		return eg_verify_reason_of_errno(err);
	return eg_carrier_judge_message(ev,
					(struct eg_bytes){ ev->found->cms,
							   trailer.cms_size },
					trailer.payload_size, verdict);
}
