/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How many boots in mode enforce in a row did not come to a good end. After too
 * many the daemon does not set enforce any more: a machine that a mistake locks
 * out lets its administrator in again.
 */
#ifndef EXECGATE_BOOTS_H
#define EXECGATE_BOOTS_H

#include <stdbool.h>

#include "lib/base/error.h"

#define EXECGATE_STATE_DIR "/var/lib/execgate"
#define EXECGATE_BOOTS_FILE EXECGATE_STATE_DIR "/boots"

/**
 * struct execgate_boots - the file; zeroed = nothing known
 * @boot: which boot was counted last
 * @attempts: boots in enforce since the last healthy one, @boot included
 * @fell_back: @boot was not let into enforce
 */
struct execgate_boots {
	char boot[40];
	unsigned int attempts;
	bool fell_back;
};

/* A file that is absent, or not one of ours, is a count of zero. */
void execgate_boots_load(const char *path, struct execgate_boots *out);
int execgate_boots_store(const char *path, const struct execgate_boots *boots,
			 struct execgate_error *err);

/**
 * execgate_boots_begin() - may this boot go into enforce?
 * @boot: its id
 * @limit: how many may fail; 0 = any number
 *
 * Counts each boot once. False: too many have failed.
 */
bool execgate_boots_begin(struct execgate_boots *boots, const char *boot,
			  unsigned int limit);
/* This boot is healthy and in enforce. False: nothing to be changed. */
bool execgate_boots_healthy(struct execgate_boots *boots, const char *boot);
/* Somebody has decided anew: everything is forgotten, but this boot counted. */
void execgate_boots_reset(struct execgate_boots *boots, const char *boot);

/*
 * The rescue of a machine that does not boot in enforce. Return: the mode that
 * the kernel command line gives; -ENOENT: it gives none; -EINVAL.
 */
int execgate_boots_parameter(void);

/* The id of the running boot; "" if the kernel does not tell. */
void execgate_boots_id(char out[40]);

#endif /* EXECGATE_BOOTS_H */
