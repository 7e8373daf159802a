/* SPDX-License-Identifier: GPL-2.0 */
/* How far a machine and its server are, kept from one sync to the next. */
#ifndef EXECGATE_SYNC_STATE_H
#define EXECGATE_SYNC_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/format.h"
#include "lib/base/error.h"
#include "lib/fleet/http.h"

/* In a folder of its own, which is locked while a sync runs. */
#define EXECGATE_SYNC_STATE_FILE "/var/lib/execgate/sync/state"
#define EXECGATE_SYNC_CURSOR_MAX 1023
#define EXECGATE_SYNC_DONE_MAX 256
#define EXECGATE_SYNC_PENDING_MAX 64

/**
 * struct execgate_sync_file - a file that a rule names
 * @digest: its SHA-256; @url: where it is
 * @is_key: it is a certificate
 */
struct execgate_sync_file {
	uint8_t digest[EG_SHA256_SIZE];
	char url[EXECGATE_HTTP_URL_MAX + 1];
	bool is_key;
};

/**
 * struct execgate_sync_state - the file
 * @cursor: of the journal's last entry that the server has, as sd_journal_get_cursor()
 *	    says it; "" = none
 * @done: the last @count files that were installed, by their SHA-256: a rule that is
 *	  repeated brings back nothing that an administrator took away since
 * @pending: @pending_count files that are not installed yet: a server may name a file once
 * @is_new: there is no file
 */
struct execgate_sync_state {
	char cursor[EXECGATE_SYNC_CURSOR_MAX + 1];
	uint8_t done[EXECGATE_SYNC_DONE_MAX][EG_SHA256_SIZE];
	size_t count;
	struct execgate_sync_file pending[EXECGATE_SYNC_PENDING_MAX];
	size_t pending_count;
	bool is_new;
};

/* An absent file is the beginning; one that is damaged is an error. */
int execgate_sync_state_load(const char *path, struct execgate_sync_state *out,
			     struct execgate_error *err);
/* Atomically: whatever happens, it is the old one or the new one. */
int execgate_sync_state_save(const char *path,
			     const struct execgate_sync_state *state,
			     struct execgate_error *err);

/*
 * The file is to be installed, unless it was. False: the oldest that waited had to make
 * room, and is forgotten.
 */
bool execgate_sync_state_want(struct execgate_sync_state *state,
			      const struct execgate_sync_file *file);
/* It waits no longer. */
void execgate_sync_state_drop(struct execgate_sync_state *state,
			      const uint8_t digest[EG_SHA256_SIZE]);
/* Nor does it if it was installed; of these the oldest makes room. */
void execgate_sync_state_done(struct execgate_sync_state *state,
			      const uint8_t digest[EG_SHA256_SIZE]);

#endif /* EXECGATE_SYNC_STATE_H */
