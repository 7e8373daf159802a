/* SPDX-License-Identifier: GPL-2.0 */
/* The one place that writes entries; to stderr where there is no journal. */
#ifndef EXECGATED_JOURNAL_H
#define EXECGATED_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <syslog.h>

#include "lib/events/message.h"
#include "lib/events/record.h"
#include "lib/netlink/event.h"

/*
 * Start an entry; add fields with execgate_record_*(), then finish it with its
 * sentence. There is one record, so finish before the next begins.
 */
struct execgate_record *journal_begin(enum execgate_message message,
				      int priority);
__attribute__((format(printf, 2, 3))) void
journal_finish(struct execgate_record *record, const char *format, ...);

/* An entry without fields of its own. */
__attribute__((format(printf, 3, 4))) void
journal_say(enum execgate_message message, int priority, const char *format,
	    ...);

/* @instance: the load of the module that numbered the event. */
void journal_event(const struct execgate_event *event, uint64_t count,
		   bool repeated, uint64_t instance);

/*
 * From now on all entries go to @file, as lib/config/early.h has them, and warnings to
 * stderr, too: in an initramfs there may be no journal.
 */
void journal_keep(FILE *file);
/* Give the journal what was kept before the root switch. Once. */
void journal_tell_kept(void);

/* Whether the journal has an entry for this event already. */
bool journal_has_event(uint64_t sequence, uint64_t instance);

/* An entry if the two modes differ. */
void journal_mode(uint32_t before, uint32_t mode);

#endif /* EXECGATED_JOURNAL_H */
