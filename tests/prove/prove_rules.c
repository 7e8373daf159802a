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
