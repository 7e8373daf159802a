// SPDX-License-Identifier: GPL-2.0
#include "cli/common/login_notice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/common/output.h"
#include "lib/config/gap.h"
#include "lib/events/resume.h"
#include "lib/preflight/kernels.h"

#define LINE "*****************************************************************"

/* The frame, around the first thing that is said. */
static void begin_notice(bool *said)
{
	if (!*said)
		printf("%s" LINE "%s\n", output_style(OUTPUT_BAD),
		       output_style(OUTPUT_PLAIN));
	*said = true;
}

static void say_gap(const struct execgate_intent *intent, enum execgate_gap gap,
		    bool *said)
{
	begin_notice(said);
	printf("%s*** execgate is NOT ENFORCING: unsigned code runs. ***%s\n",
	       output_style(OUTPUT_BAD), output_style(OUTPUT_PLAIN));
	printf("This machine is configured to enforce (%s), but %s.\n",
	       intent->mode_file[0] ? intent->mode_file : EXECGATE_CONFIG_DIR,
	       execgate_gap_text(gap));
	printf("Next: %s\n", execgate_gap_next(gap));
}

static void say_problem(const struct execgate_intent *intent, bool *said)
{
	char *safe = output_escape(intent->problem, strlen(intent->problem));

	begin_notice(said);
	printf("The configuration of execgate is damaged%s: %s\n",
	       intent->held ? ", what was in force before stays" : "",
	       safe ? safe : "");
	free(safe);
}

static void say_next_boots(bool *said)
{
	struct execgate_kernel all[EXECGATE_KERNELS_MAX];
	size_t count = execgate_kernels_find("", all);
	char next[EXECGATE_KERNEL_NEXT_SIZE];

	for (size_t i = 0; i < count; i++) {
		if (!all[i].next || all[i].state == EXECGATE_KERNEL_GOOD)
			continue;
		begin_notice(said);
		printf("%sThe next boot will NOT ENFORCE%s: %s for the kernel "
		       "%s.\nNext: %s\n",
		       output_style(OUTPUT_BAD), output_style(OUTPUT_PLAIN),
		       execgate_kernel_text(all[i].state), all[i].release,
		       execgate_kernel_next(&all[i], next));
	}
}

bool login_notice(const struct execgate_status *status)
{
	struct execgate_intent intent;
	enum execgate_gap gap;
	bool said = false;

	execgate_intent_read(EXECGATE_CONFIG_DIR, EXECGATE_ENFORCED_FILE,
			     &intent);
	gap = execgate_resume_gap(&intent, status);
	if (gap)
		say_gap(&intent, gap, &said);
	if (intent.problem[0])
		say_problem(&intent, &said);
	if (intent.mode == EXECGATE_MODE_ENFORCE)
		say_next_boots(&said);
	if (said)
		printf("%s" LINE "%s\n", output_style(OUTPUT_BAD),
		       output_style(OUTPUT_PLAIN));
	return said;
}
