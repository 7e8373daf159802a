/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names and sentences of the numbers that the kernel sends, from the lists in
 * the uapi header. A module newer than this program may send a number that the
 * lists do not have: it is named "unknown", never refused.
 */
#ifndef EXECGATE_NAMES_H
#define EXECGATE_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include <linux/execgate.h>

#include "lib/base/error.h"

const char *execgate_mode_name(unsigned int mode);
const char *execgate_mode_text(unsigned int mode);
const char *execgate_hook_name(unsigned int hook);
const char *execgate_hook_text(unsigned int hook);
const char *execgate_reason_name(unsigned int reason);
const char *execgate_reason_text(unsigned int reason);
const char *execgate_carrier_name(unsigned int carrier);
const char *execgate_profile_name(unsigned int profile);
const char *execgate_profile_text(unsigned int profile);
const char *execgate_gate_name(unsigned int gate);
const char *execgate_gate_text(unsigned int gate);
const char *execgate_state_name(unsigned int state);
const char *execgate_revocation_name(unsigned int kind);
const char *execgate_constraint_name(unsigned int kind);
/* The purposes of keys, in the order of their numbers; ends with a zero. */
extern const struct execgate_purpose_name {
	uint32_t purpose; /* one bit of enum execgate_purpose */
	const char *name;
	const char *text;
} execgate_purpose_names[];

/* "files, catalogs, kernel", with @between for ", "; "" for none. */
#define EXECGATE_PURPOSES_TEXT 96
char *execgate_purposes_text(uint32_t purposes, const char *between,
			     char text[EXECGATE_PURPOSES_TEXT]);
/* The bits of one name, CODE taken apart; 0: it is none. */
uint32_t execgate_purpose_find(const char *name, size_t size);
/* The same of "files,catalogs"; 0: there is a word in it that is none. */
uint32_t execgate_purposes_parse(const char *list);

/* The exit code of a command that says this of one file. */
enum execgate_exit execgate_reason_exit(unsigned int reason);

/* The number of a name, or -EINVAL. */
int execgate_mode_find(const char *name);
int execgate_state_find(const char *name);
int execgate_hook_find(const char *name);
int execgate_reason_find(const char *name);
int execgate_carrier_find(const char *name);
int execgate_profile_find(const char *name);
int execgate_gate_find(const char *name);
int execgate_revocation_find(const char *name);
int execgate_constraint_find(const char *name);

#endif /* EXECGATE_NAMES_H */
