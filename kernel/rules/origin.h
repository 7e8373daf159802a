/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The origin of a content: all the statements that vouch for it, each with its key,
 * its name, and its rules of processes. An origin is immutable, and there is one of
 * the same bytes only, which all files of an identity share.
 */
#ifndef EG_ORIGIN_H
#define EG_ORIGIN_H

#include <linux/types.h>

#include "format/rules.h"

#define EG_ORIGIN_STATEMENTS 8
#define EG_ORIGIN_SIZE (16 * 1024)

struct eg_origin;

/* An origin that is being collected. Zeroed but for @bytes, it is empty. */
struct eg_draft {
	u32 size;
	u16 statements;
	bool binds; /* a statement has rules of processes */
	bool reads; /* one has rules of what is read */
	bool lost;  /* one that does had no room */
	u8 bytes[EG_ORIGIN_SIZE];
};

void eg_draft_begin(struct eg_draft *draft);

/**
 * eg_draft_add() - one more statement that counts; any context
 *
 * One that is there already is not added again. Without room a statement that
 * binds nothing is left out: it could only have allowed more.
 */
void eg_draft_add(struct eg_draft *draft, const struct eg_statement *statement);

/*
 * Are there rules of processes, so that origins are kept at all? It is said once the
 * hooks are attached that they need; verdicts from before it have none.
 */
bool eg_origin_wanted(void);
void eg_origin_want(bool wanted);

/* Return: a reference to the origin of these statements; NULL: no memory. */
struct eg_origin *eg_origin_of(const struct eg_draft *draft);

/* Any context, also of an interrupt. NULL is none. */
struct eg_origin *eg_origin_get(struct eg_origin *origin);
void eg_origin_put(struct eg_origin *origin);

/* Has it rules of processes? */
bool eg_origin_binds(const struct eg_origin *origin);

/* Has it rules of what is read? */
bool eg_origin_reads_any(const struct eg_origin *origin);

/* Has a statement of it a rule of this kind? NULL is none. */
bool eg_origin_has(const struct eg_origin *origin, enum eg_rule_kind kind);

/* Calls @read with the text of each inline rule; @strict if it is of strength deny. */
void eg_origin_each_grammar(const struct eg_origin *origin,
			    void (*read)(struct eg_bytes grammar, bool strict,
					 void *arg),
			    void *arg);

/**
 * struct eg_origin_read - what rules say of a file that is opened to be read
 * @by_deny, @by_report: those of this strength
 * @by_line: it may depend on the first line, which was not given
 */
struct eg_origin_read {
	enum eg_rule_read by_deny;
	enum eg_rule_read by_report;
	bool by_line;
};

/**
 * eg_origin_reads() - the same of one origin
 * @operand: the file is one that the command line names, to whoever has a grammar
 */
void eg_origin_reads(const struct eg_origin *origin,
		     const struct eg_opened *opened, bool operand,
		     struct eg_origin_read *out);

/* The first of its statements. Return: false if it has none. */
bool eg_origin_first(const struct eg_origin *origin, struct eg_statement *out);

enum eg_origin_worth {
	EG_ORIGIN_GOOD,
	EG_ORIGIN_REPORTED, /* against a rule that only reports */
	EG_ORIGIN_FOREIGN,
};

/**
 * eg_origin_judge() - what do the rules of one say of the other?
 * @kind: EG_RULE_LIBRARIES or EG_RULE_STARTS
 * @subject: NULL: nobody is known to vouch for it
 *
 * Each statement with such rules must agree. To a rule of libraries neither its own
 * identity, by its own key, is ever foreign, which is the program itself, nor what a
 * key of the platform signed.
 */
enum eg_origin_worth eg_origin_judge(const struct eg_origin *origin,
				     enum eg_rule_kind kind,
				     const struct eg_origin *subject);

/*
 * The rules of its processes, of all statements, a line each. @room: 1 or more; lines
 * for which there is none are left out
 */
void eg_origin_text(const struct eg_origin *origin, char *out, size_t room);

#endif /* EG_ORIGIN_H */
