/* SPDX-License-Identifier: GPL-2.0 */
/* What cmocka.h needs before it, and what the tests of the library share. */
#ifndef EXECGATE_LIB_SUPPORT_H
#define EXECGATE_LIB_SUPPORT_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* A folder of a test's own, made before it and removed after it. */
static char dir[64] __attribute__((unused));

__attribute__((unused)) static int make_dir(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/execgate-test.XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

__attribute__((unused)) static int remove_dir(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command);
}

#endif /* EXECGATE_LIB_SUPPORT_H */
