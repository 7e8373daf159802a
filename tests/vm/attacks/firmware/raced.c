// SPDX-License-Identifier: GPL-2.0
/* A module that does nothing but show a version, which "race-module" changes. */
#include <linux/module.h>

MODULE_DESCRIPTION("Shows which it is");
MODULE_VERSION("good");
MODULE_LICENSE("GPL");
