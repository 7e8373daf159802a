// SPDX-License-Identifier: GPL-2.0
/* Would an older signed policy be noticed after a boot? */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/doctor/doctor.h"
#include "lib/config/policy_file.h"
#include "lib/crypto/tpm.h"

#define CHECK "policy record"

/* No fault of a machine that has none; but what is to be had is told. */
static void say_absent(struct doctor *doctor,
		       const struct execgate_policy_known *known)
{
	/* Nothing to say why: it was not to be asked. */
	bool off = !known->why[0];

	if (!off && !access(EXECGATE_TPM_DEVICE, F_OK))
		doctor_report(doctor, DOCTOR_WARN, CHECK,
			      "do that, then \"systemctl reload execgated\"",
			      "%s", known->why);
	else
		doctor_report(doctor, DOCTOR_OK, CHECK, NULL,
			      "%s keeps version %" PRIu64
			      "; root can remove it, for %s",
			      EXECGATE_POLICY_VERSION_FILE, known->version,
			      off ? "the configuration says tpm = off" :
				    "there is no TPM");
}

static void say_record(struct doctor *doctor,
		       const struct execgate_policy_known *known)
{
	if (known->state == EXECGATE_POLICY_TPM_FAILED && geteuid())
		doctor_report(doctor, DOCTOR_WARN, CHECK,
			      "run \"execgate doctor\" as root",
			      "it cannot be told what the TPM keeps");
	else if (known->problem[0])
		doctor_report(doctor, DOCTOR_WARN, CHECK,
			      known->state == EXECGATE_POLICY_TPM_ASKED ?
				      "journalctl -t execgated; \"systemctl "
				      "reload execgated\" writes it again" :
				      "mend that, then \"systemctl reload "
				      "execgated\"",
			      "%s", known->problem);
	else if (known->state == EXECGATE_POLICY_TPM_ABSENT)
		say_absent(doctor, known);
	else if (known->tpm < known->version)
		doctor_report(doctor, DOCTOR_WARN, CHECK,
			      "systemctl reload execgated",
			      "the TPM does not have version %" PRIu64
			      " of the signed policy yet",
			      known->version);
	else
		doctor_report(doctor, DOCTOR_OK, CHECK, NULL,
			      "the TPM keeps version %" PRIu64
			      " of the signed policy, and no older one is "
			      "taken after a boot",
			      known->tpm);
}

void doctor_check_record(struct doctor *doctor)
{
	static struct execgate_policy_known known;
	static struct execgate_config config;

	/* One that is not understood is told elsewhere. */
	if (execgate_config_load(EXECGATE_CONFIG_DIR, &config, NULL))
		execgate_config_clear(&config);
	execgate_policy_known_read(EXECGATE_POLICY_VERSION_FILE, config.tpm,
				   &known, NULL);
	if (known.version || (known.problem[0] && !geteuid()))
		say_record(doctor, &known);
}
