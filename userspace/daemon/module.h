/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Getting the kernel module loaded, with the options that modprobe.d has but in
 * mode off: until the keys are enrolled, which takes a moment, everything would
 * be denied, or in audit fill the journal with denials that mean nothing.
 * configure.c then sets the mode.
 */
#ifndef EXECGATED_MODULE_H
#define EXECGATED_MODULE_H

#include "lib/base/error.h"

/* 0 also if it is loaded already or built into the kernel. */
int module_load(struct execgate_error *err);

#endif /* EXECGATED_MODULE_H */
