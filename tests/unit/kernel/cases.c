// SPDX-License-Identifier: GPL-2.0
#include "cases.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void run_in_child(const struct kernel_case *one)
{
	const struct CMUnitTest test[] = {
		{ one->name, one->run, NULL, NULL, NULL },
	};
	int failed = _cmocka_run_group_tests(one->name, test, 1, NULL, NULL);

	if (shim_atomic || shim_rcu) {
		fprintf(stderr, "%s: ends with a lock held\n", one->name);
		failed++;
	}
	exit(failed ? EXIT_FAILURE : EXIT_SUCCESS);
}

int kernel_cases_run(const struct kernel_case *cases, size_t count)
{
	int result = EXIT_SUCCESS;
	size_t i;

	for (i = 0; i < count; i++) {
		int status;
		pid_t child;

		fflush(NULL);
		child = fork();
		if (!child)
			run_in_child(&cases[i]);
		if (child < 0 || waitpid(child, &status, 0) != child ||
		    !WIFEXITED(status) || WEXITSTATUS(status)) {
			printf("not ok - %s in its process\n", cases[i].name);
			result = EXIT_FAILURE;
		}
	}
	return result;
}
