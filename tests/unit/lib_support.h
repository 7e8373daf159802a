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

#include <cmocka.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif /* EXECGATE_LIB_SUPPORT_H */
