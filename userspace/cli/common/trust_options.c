// SPDX-License-Identifier: GPL-2.0
#include "cli/common/trust_options.h"

#include <getopt.h>

enum { OPT_CERT = 300, OPT_KEYS_DIR };

int trust_options_take(const struct command *self, int argc, char **argv,
		       struct execgate_trust *trust)
{
	static const struct option options[] = {
		{ "cert", required_argument, NULL, OPT_CERT },
		{ "keys-dir", required_argument, NULL, OPT_KEYS_DIR },
		{ 0 },
	};
	const char *dir = NULL;
	struct execgate_error err;
	int answer, ret = 0;

	while (!ret &&
	       (answer = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (answer == OPT_CERT)
			ret = execgate_trust_add_file(trust, optarg, &err);
		else if (answer == OPT_KEYS_DIR)
			dir = optarg;
		else
			return cmd_option_error(self, answer, argv);
	}
	if (!ret && (dir || !trust->count))
		ret = execgate_trust_add_dir(trust,
					     dir ? dir : EXECGATE_KEYSTORE_DIR,
					     &err);
	return ret ? output_error(&err) : 0;
}
