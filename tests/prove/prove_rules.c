// SPDX-License-Identifier: GPL-2.0
/*
 * The rules of an identity: once a list is accepted no rule leaves it, and there
 * are no more of them than the bound. What a rule may say is proven by itself.
 */
#include "format/rules.c"
#include "prove.h"

/* One rule, any: that it was looked at holds for all of them. */
static const u8 *watched;
static bool watched_good;

bool any_rule(const struct eg_rule *rule, u64 version)
{
	bool good = nondet_bool();

	(void)version;
	HOLDS(is_readable(rule->text));
	if (rule->text.data == watched)
		watched_good = good;
	return good;
}

bool any_alternative(const struct eg_rule *rule, const struct eg_rule *before)
{
	(void)before;
	HOLDS(is_readable(rule->text));
	return nondet_bool();
}

bool any_like(struct eg_bytes pattern, struct eg_bytes name)
{
	HOLDS(is_readable(pattern));
	HOLDS(is_readable(name));
	return nondet_bool();
}

void prove_list(void)
{
	size_t at = nondet_size();
	struct eg_bytes rest;
	struct eg_rule rule;
	unsigned int count;

	ANY_OBJECT(list);
	ASSUME(at <= list.size);
	watched = list.data + at;
	if (!eg_rules_check(list, nondet_u64()))
		return;
	HOLDS(list.size <= EG_RULES_SIZE_MAX);
	rest = list;
	for (count = 0; eg_rules_next(&rest, &rule); count++) {
		HOLDS(is_within(rule.text, list));
		HOLDS(rule.text.data != watched || watched_good);
		HOLDS(count < EG_RULES_MAX);
	}
	HOLDS(!rest.size);
}

void prove_path(void)
{
	ANY_BYTES(text);
	if (!is_path(text))
		return;
	HOLDS(text.size >= 2 && text.data[0] == '/');
	HOLDS(text.data[text.size - 1] != '/');
}

/* What a number is read as is at least as large as what has fewer digits. */
void prove_number(void)
{
	u64 number;

	ANY_BYTES(text);
	number = eg_rule_number(text);
	HOLDS(!number || (text.size && text.data[0] != '0'));
	HOLDS(!number || text.size < 2 || number >= 10);
}

/* Whatever is held good can be compared with any key and any name. */
void prove_selection(void)
{
	u8 key[EG_SHA256_SIZE], other_key[EG_SHA256_SIZE];
	struct eg_statement own = { .signer = key };
	struct eg_statement other = { .signer = other_key };

	ANY_BYTES(text);
	ANY_BYTES(name);
	other.name = name;
	if (!is_selection(text))
		return;
	if (is_text(text, "none"))
		HOLDS(!eg_rule_selects(text, &own, &other));
	if (is_text(text, "own") && key[0] != other_key[0])
		HOLDS(!eg_rule_selects(text, &own, &other));
	eg_rule_selects(text, &own, &other);
}

void prove_alternative(void)
{
	struct eg_rule rule = { .kind = nondet_u8() };
	struct eg_rule before = { .kind = rule.kind };

	ANY_BYTES(text);
	ANY_BYTES(other);
	rule.text = text;
	before.text = other;
	HOLDS(!is_alternative(&rule, &before) || eg_rule_repeats(rule.kind));
}

/* The checker's library has no memchr(). */
static bool has_byte(struct eg_bytes text, u8 byte)
{
	size_t i;

	for (i = 0; i < text.size; i++)
		if (text.data[i] == byte)
			return true;
	return false;
}

void prove_name_like(void)
{
	ANY_BYTES(pattern);
	ANY_BYTES(name);
	if (!matches_name(pattern, name))
		return;
	/* One with neither star nor question mark is the name itself. */
	if (!has_byte(pattern, '*') && !has_byte(pattern, '?'))
		HOLDS(pattern.size == name.size);
}
