// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/common/command.h"
#include "cli/doctor/doctor.h"

static const char *result_name(enum doctor_result result)
{
	switch (result) {
	case DOCTOR_OK:
		return "ok";
	case DOCTOR_WARN:
		return "warn";
	case DOCTOR_FAIL:
		return "FAIL";
	}
	return "FAIL";
}

static enum output_style result_style(enum doctor_result result)
{
	switch (result) {
	case DOCTOR_OK:
		return OUTPUT_GOOD;
	case DOCTOR_WARN:
		return OUTPUT_WARN;
	case DOCTOR_FAIL:
		return OUTPUT_BAD;
	}
	return OUTPUT_BAD;
}

static void print_finding(enum doctor_result result, const char *check,
			  const char *text, const char *next)
{
	char *safe = output_escape(text, strlen(text));

	printf("%s%-4s%s  %s: %s\n", output_style(result_style(result)),
	       result_name(result), output_style(OUTPUT_PLAIN), check, safe);
	if (next)
		printf("      -> %s\n", next);
	free(safe);
}

void doctor_code(struct doctor *doctor, int code)
{
	if (!doctor->code)
		doctor->code = code;
}

void doctor_report(struct doctor *doctor, enum doctor_result result,
		   const char *check, const char *next, const char *format, ...)
{
	char text[2048];
	va_list args;
	json_t *row;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (result == DOCTOR_FAIL)
		doctor_code(doctor, EXECGATE_EXIT_ERROR);
	doctor->warnings += result == DOCTOR_WARN;
	doctor->failures += result == DOCTOR_FAIL;
	if (!doctor->findings) {
		print_finding(result, check, text, next);
		return;
	}
	row = json_pack("{s:s, s:s}", "check", check, "result",
			result == DOCTOR_FAIL ? "fail" : result_name(result));
	output_json_set_bytes(row, "text", text, strlen(text));
	if (next)
		json_object_set_new(row, "next", json_string(next));
	json_array_append_new(doctor->findings, row);
}

static void print_summary(const struct doctor *doctor)
{
	if (doctor->findings)
		output_json(json_pack("{s:b, s:i, s:i, s:O}", "ok",
				      doctor->failures == 0, "warnings",
				      (int)doctor->warnings, "failures",
				      (int)doctor->failures, "checks",
				      doctor->findings));
	else if (doctor->failures || doctor->warnings)
		printf("\n%u failed, %u to look at\n", doctor->failures,
		       doctor->warnings);
	else
		printf("\nall is well\n");
}

static int run_doctor(const struct command *self, int argc, char **argv)
{
	struct doctor doctor = { .nl = NULL };
	int ret;

	(void)argv;
	if (argc > 1)
		return cmd_usage_error(self, "doctor takes no argument");
	if (output_is_json())
		doctor.findings = json_array();
	ret = execgate_netlink_open(&doctor.nl, &doctor.open_error);
	if (!ret)
		ret = execgate_netlink_status(doctor.nl, &doctor.status,
					      &doctor.open_error);
	if (ret) {
		execgate_netlink_close(doctor.nl);
		doctor.nl = NULL;
	}
	doctor_check_kernel(&doctor);
	doctor_check_gate(&doctor);
	doctor_check_service(&doctor);
	doctor_check_record(&doctor);
	doctor_check_root(&doctor);
	doctor_check_keys(&doctor);
	doctor_check_running(&doctor);
	doctor_check_memory(&doctor);
	doctor_check_bpf(&doctor);
	print_summary(&doctor);
	execgate_netlink_close(doctor.nl);
	json_decref(doctor.findings);
	return doctor.code;
}

const struct command cmd_doctor = {
	.name = "doctor",
	.arguments = "",
	.summary = "examine the gate, the kernel and the daemon one by one",
	.options =
		"Each check says ok, warn or FAIL, and what to do next.\n\n"
		"Exit code: 0 nothing failed, 6 the module is not loaded,\n"
		"8 no privilege, 11 it is loaded but does not gate, 1 something\n"
		"else failed.\n",
	.run = run_doctor,
};
