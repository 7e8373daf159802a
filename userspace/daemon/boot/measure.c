// SPDX-License-Identifier: GPL-2.0
#include "daemon/boot/measure.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/clock.h"
#include "daemon/daemon.h"
#include "daemon/journal.h"
#include "lib/config/measured.h"
#include "lib/config/policy_known.h"

/* The kernel's own list counts, whoever enrolled them. */
static int measure(struct daemon *daemon, char text[EXECGATE_MEASURED_TEXT],
		   bool *done, struct execgate_error *err)
{
	const struct execgate_config *config = &daemon->intent.config;
	struct execgate_key *keys;
	size_t count;
	int ret;

	ret = execgate_netlink_keys(daemon->control, &keys, &count, err);
	if (ret == -ENOMEM)
		execgate_error_errno(err, ret, "cannot list the keys");
	if (!ret)
		ret = execgate_measured_text(daemon->status.policy.version,
					     keys, count, text, err);
	if (!ret)
		ret = execgate_measured_extend(EXECGATE_MEASURED_FILE,
					       config->tpm,
					       (unsigned int)config->pcr, text,
					       done, err);
	free(keys);
	return ret;
}

static bool is_wanted(const struct daemon *daemon)
{
	const struct execgate_config *config = &daemon->intent.config;

	return daemon->control && config->pcr != EXECGATE_CONFIG_NO_PCR &&
	       strcmp(config->tpm, EXECGATE_POLICY_TPM_OFF) != 0;
}

void measure_look(struct daemon *daemon)
{
	char text[EXECGATE_MEASURED_TEXT];
	struct execgate_error err;
	bool done = false;
	int ret;

	if (!is_wanted(daemon))
		return;
	ret = measure(daemon, text, &done, &err);
	if (done)
		journal_say(EXECGATE_MESSAGE_MEASURED, LOG_INFO,
			    "PCR %d of the TPM was extended by \"%s\"",
			    daemon->intent.config.pcr, text);
	/* An initramfs may lack the library: the machine's own root has it. */
	if (ret && !daemon->root && clock_is_due(&daemon->measure_said))
		journal_say(EXECGATE_MESSAGE_MEASURE_FAILED, LOG_ERR,
			    "the keys and the policy that count are NOT in "
			    "PCR %d of the TPM: %s",
			    daemon->intent.config.pcr, err.message);
}
