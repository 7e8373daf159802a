// SPDX-License-Identifier: GPL-2.0
/* Denials in the schemas of others, one object a line. */
#include <limits.h>
#include <unistd.h>

#include "cli/common/output.h"
#include "cli/denials/denials.h"

static const char *this_host(void)
{
	static char name[HOST_NAME_MAX + 1];

	if (!name[0] && gethostname(name, sizeof(name) - 1) < 0)
		return "localhost";
	return name;
}

void denials_export(const struct denials_query *query,
		    const struct execgate_event *event, uint64_t count,
		    bool repeated, const char *host)
{
	const struct execgate_export_about about = {
		.count = count,
		.repeated = repeated,
		.host = host ? host : this_host(),
	};
	json_t *object = execgate_export(query->schema, event, &about);

	if (object)
		output_json_foreign(object);
}
