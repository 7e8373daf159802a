/* SPDX-License-Identifier: GPL-2.0 */
/* Where a signature can be: the table of carriers, and what they share. */
#ifndef EG_CARRIER_H
#define EG_CARRIER_H

#include <linux/fs.h>

#include "core/reader.h"
#include "core/verdict.h"
#include "format/armor.h"
#include "format/cms.h"
#include "format/format.h"
#include "rules/origin.h"
#include "trust/paths.h"

/* The memory that looking at a signature takes. */
struct eg_findings {
	u8 armor[EG_ARMOR_MAX]; /* the file's last bytes, or all of it */
	u8 cms[EG_CMS_FILE_MAX];
	struct eg_draft draft;	    /* who vouches */
	struct eg_paths_said paths; /* by whoever vouches for it */
};

/* As many of a file's last bytes as tell whether a signature ends there. */
#define EG_END_SIZE 64

/*
 * The file under judgement. Most of those that are denied have nothing for any
 * carrier, so only one that found something asks for memory.
 */
struct eg_evidence {
	struct eg_reader reader;
	u16 classes;	      /* the uses in question: any of these will do */
	bool settled;	      /* nobody can write to what the reader reads */
	bool drafts;	      /* it is asked who vouches */
	struct eg_bytes tail; /* its last bytes, EG_END_SIZE or all of it */
	u8 end[EG_END_SIZE];
	struct eg_findings *found; /* NULL until eg_carrier_find() */
};

/**
 * eg_carrier_judge() - try every carrier in turn
 * @ev: with reader, classes and drafts set, the rest 0; eg_carrier_forget() after
 * @verdict: filled; UNSIGNED when no carrier has anything for this file
 *
 * The first signature that the file carries decides: nothing falls through to
 * an inner one. But whatever is wrong with it, a catalog may vouch for the file
 * as a whole, and that is asked last, because it takes a digest of everything.
 * The verdict may have paths, which the caller applies or puts. Its draft, if one
 * was asked for and a carrier found something, is that of @ev.
 */
void eg_carrier_judge(struct eg_evidence *ev, struct eg_verdict *verdict);

/* Free what was found, once the draft of the verdict was looked at. */
void eg_carrier_forget(struct eg_evidence *ev, struct eg_verdict *verdict);

/**
 * eg_carrier_judge_message() - a carrier found a CMS message: is it good?
 * @payload_size: how much of the file, from its start, it must vouch for
 */
enum execgate_reason eg_carrier_judge_message(struct eg_evidence *ev,
					      struct eg_bytes message,
					      u64 payload_size,
					      struct eg_verdict *verdict);

/**
 * eg_carrier_find() - a carrier has something for this file
 *
 * Takes the memory for it, charged to whoever asks, unless it is there.
 *
 * Return: ALLOWED or NO_MEMORY.
 */
enum execgate_reason eg_carrier_find(struct eg_evidence *ev,
				     struct eg_verdict *verdict);

/**
 * eg_carrier_settle() - eg_carrier_find(), and before what was found is acted on
 *
 * Carriers look for a signature in what the file's end is now, and most files
 * that are denied have none: that must cost next to nothing. One that found
 * something calls this. It sees to it that nobody holds a page of the file
 * (eg_reader_renew()), and that the end is still what it was.
 */
enum execgate_reason eg_carrier_settle(struct eg_evidence *ev,
				       struct eg_verdict *verdict);

/*
 * Is this something that the kernel loads? That is judged in memory, and nothing
 * else is. Classes would not tell: a kernel image may be signed as a program.
 */
bool eg_carrier_loads(const struct eg_evidence *ev);

/* The last bytes of the file, as many as a trailer has, or all there are. */
struct eg_bytes eg_carrier_end(const struct eg_evidence *ev);

enum execgate_reason eg_carrier_verity(struct eg_evidence *ev,
				       struct eg_verdict *verdict);
enum execgate_reason eg_carrier_trailer(struct eg_evidence *ev,
					struct eg_verdict *verdict);
enum execgate_reason eg_carrier_armor(struct eg_evidence *ev,
				      struct eg_verdict *verdict);
enum execgate_reason eg_carrier_modsig(struct eg_evidence *ev,
				       struct eg_verdict *verdict);
enum execgate_reason eg_carrier_catalog(struct eg_evidence *ev,
					struct eg_verdict *verdict);

#endif /* EG_CARRIER_H */
