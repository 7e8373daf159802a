// SPDX-License-Identifier: GPL-2.0
/*
 * Locking: table_lock guards the table of all origins, and an origin's last
 * reference is dropped under it. It is a leaf, taken with interrupts off: the last
 * reference may go where a task's memory is freed.
 *
 * An origin is a list of statements:
 *
 *	 0 32  fingerprint
 *	32  1  size of the name
 *	33  2  size of the rules
 *	35  1  1: by a key of the platform
 *	36  8  version
 *	44  n  name, rules
 */
#include "rules/origin.h"

#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#define VERSION_AT (EG_SHA256_SIZE + 4)
#define HEADER_SIZE (VERSION_AT + 8)
#define BUCKETS 256

struct eg_origin {
	struct hlist_node node;
	refcount_t references;
	u32 hash;
	u16 size;
	bool binds;
	u8 bytes[];
};

static struct hlist_head table[BUCKETS];
static DEFINE_SPINLOCK(table_lock);
static bool wanted_now;

bool eg_origin_wanted(void)
{
	return READ_ONCE(wanted_now);
}

void eg_origin_want(bool wanted)
{
	WRITE_ONCE(wanted_now, wanted);
}

static bool next_statement(struct eg_bytes *list, struct eg_statement *out)
{
	const u8 *at = list->data;
	size_t size;

	if (!list->size)
		return false;
	out->signer = at;
	out->platform = at[EG_SHA256_SIZE + 3];
	out->version = eg_le64(at + VERSION_AT);
	out->name = (struct eg_bytes){ at + HEADER_SIZE, at[EG_SHA256_SIZE] };
	out->rules = (struct eg_bytes){ out->name.data + out->name.size,
					eg_le16(at + EG_SHA256_SIZE + 1) };
	size = HEADER_SIZE + out->name.size + out->rules.size;
	list->data += size;
	list->size -= size;
	return true;
}

static struct eg_bytes statements_of(const struct eg_origin *origin)
{
	return (struct eg_bytes){ origin->bytes, origin->size };
}

void eg_draft_begin(struct eg_draft *draft)
{
	draft->size = 0;
	draft->statements = 0;
	draft->binds = false;
	draft->reads = false;
	draft->lost = false;
}

/* Rules of the file itself were looked at when the statement was. */
static size_t copy_rules(struct eg_bytes rules, u8 *out, size_t room)
{
	struct eg_rule rule;
	size_t size = 0;

	while (eg_rules_next(&rules, &rule))
		if (eg_rule_binds_process(rule.kind))
			size += eg_rule_write(&rule, out + size, room - size);
	return size;
}

static bool binds_process(struct eg_bytes rules)
{
	struct eg_rule rule;

	while (eg_rules_next(&rules, &rule))
		if (eg_rule_binds_process(rule.kind))
			return true;
	return false;
}

static bool binds_reading(struct eg_bytes rules)
{
	return eg_rules_have(rules, EG_RULE_READS) ||
	       eg_rules_have(rules, EG_RULE_INLINE);
}

static bool has_statement(const struct eg_draft *draft, const u8 *bytes,
			  size_t size)
{
	struct eg_bytes list = { draft->bytes, draft->size };
	struct eg_statement other;

	while (next_statement(&list, &other))
		if ((size_t)(list.data - other.signer) == size &&
		    !memcmp(other.signer, bytes, size))
			return true;
	return false;
}

/* The most that it takes: its rules have only what is copied of them. */
static size_t room_for(const struct eg_statement *statement)
{
	return HEADER_SIZE + statement->name.size + statement->rules.size;
}

void eg_draft_add(struct eg_draft *draft, const struct eg_statement *statement)
{
	u8 *at = draft->bytes + draft->size;
	bool binds = binds_process(statement->rules);
	size_t name_size = statement->name.size;
	size_t rules_size, size, i;

	if (draft->statements == EG_ORIGIN_STATEMENTS ||
	    room_for(statement) > sizeof(draft->bytes) - draft->size) {
		draft->lost |= binds;
		return;
	}
	memcpy(at, statement->signer, EG_SHA256_SIZE);
	memcpy(at + HEADER_SIZE, statement->name.data, name_size);
	rules_size = copy_rules(statement->rules, at + HEADER_SIZE + name_size,
				statement->rules.size);
	at[EG_SHA256_SIZE] = (u8)name_size;
	at[EG_SHA256_SIZE + 1] = (u8)rules_size;
	at[EG_SHA256_SIZE + 2] = (u8)(rules_size >> 8);
	at[EG_SHA256_SIZE + 3] = statement->platform;
	for (i = 0; i < 8; i++)
		at[VERSION_AT + i] = (u8)(statement->version >> (8 * i));
	size = HEADER_SIZE + name_size + rules_size;
	if (has_statement(draft, at, size))
		return;
	draft->size += size;
	draft->statements++;
	draft->binds |= binds;
	draft->reads |= binds_reading(statement->rules);
}

/* Only signed bytes come here, so that nobody chooses them to collide. */
static u32 hash_of(const u8 *bytes, size_t size)
{
	u32 hash = 0;

	while (size--)
		hash = hash * 31 + *bytes++;
	return hash;
}

/* table_lock is held. */
static struct eg_origin *find_origin(const struct eg_draft *draft, u32 hash)
{
	struct eg_origin *origin;

	hlist_for_each_entry(origin, &table[hash % BUCKETS], node)
		if (origin->hash == hash && origin->size == draft->size &&
		    !memcmp(origin->bytes, draft->bytes, draft->size))
			return origin;
	return NULL;
}

/* Written only before others can see it, so that a reference is all they need. */
static struct eg_origin *new_origin(const struct eg_draft *draft, u32 hash)
{
	struct eg_origin *origin =
		kmalloc(struct_size(origin, bytes, draft->size),
			GFP_KERNEL_ACCOUNT);

	if (!origin)
		return NULL;
	refcount_set(&origin->references, 1);
	origin->hash = hash;
	origin->size = draft->size;
	origin->binds = draft->binds;
	memcpy(origin->bytes, draft->bytes, draft->size);
	return origin;
}

struct eg_origin *eg_origin_of(const struct eg_draft *draft)
{
	u32 hash = hash_of(draft->bytes, draft->size);
	struct eg_origin *new = new_origin(draft, hash), *found;
	unsigned long flags;

	if (!new)
		return NULL;
	spin_lock_irqsave(&table_lock, flags);
	found = find_origin(draft, hash);
	if (found)
		refcount_inc(&found->references);
	else
		hlist_add_head(&new->node, &table[hash % BUCKETS]);
	spin_unlock_irqrestore(&table_lock, flags);
	if (found)
		kfree(new);
	return found ?: new;
}

struct eg_origin *eg_origin_get(struct eg_origin *origin)
{
	if (origin)
		refcount_inc(&origin->references);
	return origin;
}

void eg_origin_put(struct eg_origin *origin)
{
	unsigned long flags;

	if (!origin || !refcount_dec_and_lock_irqsave(&origin->references,
						      &table_lock, &flags))
		return;
	hlist_del(&origin->node);
	spin_unlock_irqrestore(&table_lock, flags);
	kfree(origin);
}

bool eg_origin_binds(const struct eg_origin *origin)
{
	return origin && origin->binds;
}

bool eg_origin_reads_any(const struct eg_origin *origin)
{
	return eg_origin_has(origin, EG_RULE_READS) ||
	       eg_origin_has(origin, EG_RULE_INLINE);
}

bool eg_origin_has(const struct eg_origin *origin, enum eg_rule_kind kind)
{
	struct eg_bytes list;
	struct eg_statement own;

	if (!origin)
		return false;
	list = statements_of(origin);
	while (next_statement(&list, &own))
		if (eg_rules_have(own.rules, kind))
			return true;
	return false;
}

void eg_origin_each_grammar(const struct eg_origin *origin,
			    void (*read)(struct eg_bytes grammar, bool strict,
					 void *arg),
			    void *arg)
{
	struct eg_bytes list = statements_of(origin);
	struct eg_statement own;
	struct eg_rule rule;

	while (next_statement(&list, &own))
		while (eg_rules_next(&own.rules, &rule))
			if (rule.kind == EG_RULE_INLINE)
				read(rule.text, rule.strength == EG_RULE_DENY,
				     arg);
}

static void take_read(const struct eg_rule *rule, enum eg_rule_read what,
		      struct eg_origin_read *out)
{
	if (rule->strength == EG_RULE_DENY)
		out->by_deny = max(out->by_deny, what);
	else
		out->by_report = max(out->by_report, what);
}

void eg_origin_reads(const struct eg_origin *origin,
		     const struct eg_opened *opened, bool operand,
		     struct eg_origin_read *out)
{
	struct eg_bytes list = statements_of(origin);
	struct eg_statement own;
	struct eg_rule rule;

	while (next_statement(&list, &own)) {
		while (eg_rules_next(&own.rules, &rule)) {
			if (rule.kind == EG_RULE_INLINE && operand)
				take_read(&rule, EG_RULE_READ_CODE, out);
			if (rule.kind != EG_RULE_READS)
				continue;
			take_read(&rule, eg_rule_reads(rule.text, opened), out);
			out->by_line |= !opened->line.size &&
					eg_rule_reads_line(rule.text);
		}
	}
}

bool eg_origin_first(const struct eg_origin *origin, struct eg_statement *out)
{
	struct eg_bytes list = statements_of(origin);

	return next_statement(&list, out);
}

static bool is_same_identity(const struct eg_statement *a,
			     const struct eg_statement *b)
{
	return a->name.size == b->name.size &&
	       !memcmp(a->name.data, b->name.data, a->name.size) &&
	       !memcmp(a->signer, b->signer, EG_SHA256_SIZE);
}

/* Any of the subject's statements will do, as any of them made it code. */
static bool selects(const struct eg_statement *own, struct eg_bytes text,
		    const struct eg_origin *subject)
{
	struct eg_bytes list = statements_of(subject);
	struct eg_statement other;

	while (next_statement(&list, &other))
		if (eg_rule_selects(text, own, &other))
			return true;
	return false;
}

/* The program itself, and what every program may load. */
static bool is_never_foreign(const struct eg_statement *own,
			     const struct eg_origin *subject)
{
	struct eg_bytes list = statements_of(subject);
	struct eg_statement other;

	while (next_statement(&list, &other))
		if (other.platform || is_same_identity(own, &other))
			return true;
	return false;
}

static enum eg_origin_worth judge_statement(const struct eg_statement *own,
					    enum eg_rule_kind kind,
					    const struct eg_origin *subject)
{
	enum eg_origin_worth worth = EG_ORIGIN_GOOD;
	struct eg_bytes rules = own->rules;
	struct eg_rule rule;

	while (eg_rules_next(&rules, &rule)) {
		if (rule.kind != kind)
			continue;
		if (subject && selects(own, rule.text, subject))
			return EG_ORIGIN_GOOD;
		worth = rule.strength == EG_RULE_DENY ? EG_ORIGIN_FOREIGN :
							EG_ORIGIN_REPORTED;
	}
	if (worth != EG_ORIGIN_GOOD && kind == EG_RULE_LIBRARIES && subject &&
	    is_never_foreign(own, subject))
		return EG_ORIGIN_GOOD;
	return worth;
}

enum eg_origin_worth eg_origin_judge(const struct eg_origin *origin,
				     enum eg_rule_kind kind,
				     const struct eg_origin *subject)
{
	struct eg_bytes list = statements_of(origin);
	enum eg_origin_worth worth = EG_ORIGIN_GOOD;
	struct eg_statement own;

	while (worth != EG_ORIGIN_FOREIGN && next_statement(&list, &own))
		worth = max(worth, judge_statement(&own, kind, subject));
	return worth;
}

static const char *kind_name(u8 kind)
{
	switch ((enum eg_rule_kind)kind) {
#define X(id, number, name, text) \
	case EG_RULE_##id:        \
		return name;
		EG_RULES(X)
#undef X
	}
	return "";
}

/* As people write it. Return: its size, or more than @room. */
static size_t put_line(const struct eg_rule *rule, char *out, size_t room)
{
	return snprintf(out, room, "%s%s %.*s\n",
			rule->strength == EG_RULE_REPORT ? "report " : "",
			kind_name(rule->kind), (int)rule->text.size,
			(const char *)rule->text.data);
}

void eg_origin_text(const struct eg_origin *origin, char *out, size_t room)
{
	struct eg_bytes list = statements_of(origin);
	struct eg_statement own;
	struct eg_rule rule;
	size_t used = 0, size;

	while (next_statement(&list, &own)) {
		while (eg_rules_next(&own.rules, &rule)) {
			size = put_line(&rule, out + used, room - used);
			if (size >= room - used)
				goto cut;
			used += size;
		}
	}
cut:
	out[used] = '\0';
}
