/* SPDX-License-Identifier: GPL-2.0 */
/*
 * "execgate doctor": one check after the other, each with what was found and,
 * unless it is fine, the next command to type.
 */
#ifndef EXECGATE_CLI_DOCTOR_H
#define EXECGATE_CLI_DOCTOR_H

#include <jansson.h>
#include <stdbool.h>

#include "lib/netlink/netlink.h"

enum doctor_result {
	DOCTOR_OK,
	DOCTOR_WARN,
	DOCTOR_FAIL,
};

/**
 * struct doctor - one examination
 * @nl: NULL if the module cannot be asked
 * @status: valid with @nl
 * @open_error: why @nl is NULL
 * @wanted: the mode that is configured, whatever is in force
 * @findings: what --json prints; NULL without it
 * @code: what to exit with: the first failure's
 */
struct doctor {
	struct execgate_netlink *nl;
	struct execgate_status status;
	struct execgate_error open_error;
	int wanted;
	json_t *findings;
	unsigned int warnings;
	unsigned int failures;
	int code;
};

/*
 * Report one check. @next: the command or deed that helps, or NULL when all is
 * well. A failure sets the exit code to 1 unless doctor_code() did.
 */
__attribute__((format(printf, 5, 6))) void
doctor_report(struct doctor *doctor, enum doctor_result result,
	      const char *check, const char *next, const char *format, ...);
/* The exit code of the failure that is reported next, if none was before. */
void doctor_code(struct doctor *doctor, int code);

/* The groups of checks. */
void doctor_check_kernel(struct doctor *doctor);
void doctor_check_gate(struct doctor *doctor);
void doctor_check_service(struct doctor *doctor);
void doctor_check_next_boot(struct doctor *doctor);
void doctor_check_early(struct doctor *doctor);
void doctor_check_running(struct doctor *doctor);
void doctor_check_record(struct doctor *doctor);
void doctor_check_root(struct doctor *doctor);
void doctor_check_keys(struct doctor *doctor);
void doctor_check_memory(struct doctor *doctor);
void doctor_check_bpf(struct doctor *doctor);

/* Is it on, as far as EFI tells? */
bool doctor_secure_boot(void);

#endif /* EXECGATE_CLI_DOCTOR_H */
