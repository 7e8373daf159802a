// SPDX-License-Identifier: GPL-2.0
/* The part of the status that the module tells everybody. */
#include <stdio.h>
#include <unistd.h>

#include "cli/common/output.h"
#include "cli/gate/status.h"
#include "lib/base/io.h"
#include "lib/base/names.h"

#define MODULE "/sys/module/execgate"

/* False: an older module, which does not tell. */
static bool read_public(int *state, int *mode)
{
	char line[64], name[32], mode_name[32];

	if (!execgate_io_read_line(MODULE "/parameters/gate_now", line,
				   sizeof(line)) ||
	    sscanf(line, "%31s %31s", name, mode_name) != 2)
		return false;
	*state = execgate_state_find(name);
	*mode = execgate_mode_find(mode_name);
	return *state >= 0 && *mode >= 0;
}

static void print_public(int state, int mode, bool one_line)
{
	static struct execgate_intent intent;
	bool enforcing = status_exit((unsigned int)state, (unsigned int)mode) ==
			 EXECGATE_EXIT_OK;

	printf("%sexecgate is %s%s",
	       output_style(enforcing ? OUTPUT_GOOD : OUTPUT_WARN),
	       enforcing ? "enforcing" : "NOT enforcing",
	       output_style(OUTPUT_PLAIN));
	if (one_line) {
		printf(": mode %s, %s\n",
		       execgate_mode_name((unsigned int)mode),
		       execgate_state_name((unsigned int)state));
		return;
	}
	putchar('\n');
	output_field("Mode", "%s (%s)", execgate_mode_name((unsigned int)mode),
		     execgate_mode_text((unsigned int)mode));
	output_field("Module", "%s", execgate_state_name((unsigned int)state));
	execgate_intent_read(EXECGATE_CONFIG_DIR, EXECGATE_ENFORCED_FILE,
			     &intent);
	status_print_next_boot(&intent);
	output_field("Denials", "\"execgate denials --mine\" shows yours; the "
				"rest takes root");
}

int status_public(bool one_line)
{
	struct execgate_error err;
	int state, mode;

	if (access(MODULE, F_OK)) {
		if (one_line) {
			printf("%sexecgate is NOT loaded: nothing is gated%s\n",
			       output_style(OUTPUT_BAD),
			       output_style(OUTPUT_PLAIN));
			return EXECGATE_EXIT_NOT_LOADED;
		}
		execgate_error_set(&err, -1, EXECGATE_EXIT_NOT_LOADED,
				   "the kernel module execgate is not loaded: "
				   "nothing is gated");
		return output_error(&err);
	}
	if (!read_public(&state, &mode)) {
		execgate_error_set(&err, -1, EXECGATE_EXIT_NO_PRIVILEGE,
				   "the module that is loaded tells its state "
				   "to root only");
		return output_error(&err);
	}
	if (output_is_json())
		output_json(json_pack(
			"{s:b, s:s, s:s, s:b}", "enforcing",
			status_exit((unsigned int)state, (unsigned int)mode) ==
				EXECGATE_EXIT_OK,
			"state", execgate_state_name((unsigned int)state),
			"mode", execgate_mode_name((unsigned int)mode),
			"complete", false));
	else
		print_public(state, mode, one_line);
	return status_exit((unsigned int)state, (unsigned int)mode);
}
