// SPDX-License-Identifier: GPL-2.0
#include "cli/revoke/revoke.h"
#include "lib/base/digits.h"

#include <getopt.h>
#include <string.h>

const char cmd_revoke_version_options[] = REVOKE_COMMON_OPTIONS
	"\n"
	"IDENTITY is the name in the signature, as \"execgate check\" shows it, and\n"
	"BELOW the first version that still counts, a number. It can be raised at any\n"
	"time, by a lower number nothing changes; --undo takes no BELOW, and is also\n"
	"refused while a signed policy says enforce.\n";

int cmd_revoke_version_run(const struct command *self, int argc, char **argv)
{
	struct execgate_revocation *item;
	struct revoking run;
	int code = revoke_options(self, argc, argv, &run);

	if (code)
		return code;
	if (argc - optind != (run.undo ? 1 : 2))
		return cmd_usage_error(self, run.undo ?
						     "which one identity?" :
						     "which one identity, and "
						     "below which version?");
	if (!execgate_revocation_identity(argv[optind]))
		return cmd_usage_error(self,
				       "\"%.255s\" cannot be kept as the name "
				       "of an identity",
				       argv[optind]);
	item = &run.items[0];
	run.count = 1;
	item->kind = EXECGATE_REVOCATION_VERSION;
	strcpy(item->name, argv[optind]);
	if (!run.undo &&
	    (!execgate_number_read(argv[optind + 1], &item->below) ||
	     !item->below))
		return cmd_usage_error(self,
				       "\"%.40s\" is not a version: it takes "
				       "a number from 1 on",
				       argv[optind + 1]);
	return revoke_finish(&run, revoke_connect(&run));
}
