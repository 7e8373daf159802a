// SPDX-License-Identifier: GPL-2.0
#include "lib/sign/rules.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *name;
	uint8_t kind;
} kinds[] = {
#define X(id, number, name, text) { name, number },
	EG_RULES(X)
#undef X
};

static const char *const strengths[] = {
#define X(id, name) name,
	EG_RULE_STRENGTHS(X)
#undef X
};

const char *execgate_rule_name(unsigned int kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].kind == kind)
			return kinds[i].name;
	return NULL;
}

char *execgate_rule_text(const struct eg_rule *rule,
			 char out[EXECGATE_RULE_TEXT])
{
	const char *name = execgate_rule_name(rule->kind);

	snprintf(out, EXECGATE_RULE_TEXT, "%s%s%s%s%.*s",
		 rule->strength ? strengths[rule->strength] : "",
		 rule->strength ? " " : "", name ? name : "",
		 rule->text.size ? " " : "", (int)rule->text.size,
		 (const char *)rule->text.data);
	return out;
}

/* Takes a word and the blanks behind it off the text. */
static bool take_word(const char **text, const char *word)
{
	size_t size = strlen(word);

	if (strncmp(*text, word, size) != 0 ||
	    ((*text)[size] && (*text)[size] != ' ' && (*text)[size] != '\t'))
		return false;
	*text += size;
	*text += strspn(*text, " \t");
	return true;
}

static bool parse_rule(const char *text, struct eg_rule *rule)
{
	size_t i;

	memset(rule, 0, sizeof(*rule));
	text += strspn(text, " \t");
	for (i = 0; i < ARRAY_SIZE(strengths); i++)
		if (take_word(&text, strengths[i])) {
			rule->strength = (uint8_t)i;
			break;
		}
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (take_word(&text, kinds[i].name)) {
			rule->kind = kinds[i].kind;
			rule->text.data = (const uint8_t *)text;
			rule->text.size = strlen(text);
			return true;
		}
	return false;
}

static int compare_bytes(struct eg_bytes a, struct eg_bytes b)
{
	size_t size = a.size < b.size ? a.size : b.size;
	int order = size ? memcmp(a.data, b.data, size) : 0;

	return order ? order : (a.size > b.size) - (a.size < b.size);
}

/* By kind, as the format has it; then any order, so long as it is one. */
static int compare_rules(const struct eg_rule *a, const struct eg_rule *b)
{
	if (a->kind != b->kind)
		return a->kind - b->kind;
	if (a->strength != b->strength)
		return a->strength - b->strength;
	return compare_bytes(a->text, b->text);
}

/* 0; 1 if it is there already; -EINVAL; -E2BIG. */
static int insert_rule(struct execgate_rules *rules, const struct eg_rule *rule)
{
	struct eg_bytes rest = execgate_rules_bytes(rules);
	uint8_t written[EG_RULES_SIZE_MAX];
	size_t at = 0, size;
	struct eg_rule other;

	size = eg_rule_write(rule, written, sizeof(written));
	if (!size)
		return -EINVAL;
	while (eg_rules_next(&rest, &other)) {
		int order = compare_rules(rule, &other);

		if (!order)
			return 1;
		if (order < 0)
			break;
		at = rules->size - rest.size;
	}
	if (size > sizeof(rules->bytes) - rules->size)
		return -E2BIG;
	memmove(rules->bytes + at + size, rules->bytes + at, rules->size - at);
	memcpy(rules->bytes + at, written, size);
	rules->size += size;
	/* The format says which rules may stand beside others. */
	if (eg_rules_check(execgate_rules_bytes(rules), UINT64_MAX))
		return 0;
	rules->size -= size;
	memmove(rules->bytes + at, rules->bytes + at + size, rules->size - at);
	return -E2BIG;
}

static int fail_many(struct execgate_error *err, const char *text)
{
	return execgate_error_set(
		err, -E2BIG, EXECGATE_EXIT_USAGE,
		"the rule \"%.300s\" is one too many: an identity has up to %d, "
		"in %d bytes; version, hardened and inline once, each kind but "
		"path in one strength, and nothing beside none",
		text, EG_RULES_MAX, EG_RULES_SIZE_MAX);
}

int execgate_rules_add(struct execgate_rules *rules, const char *text,
		       struct execgate_error *err)
{
	struct eg_rule rule;
	int ret = parse_rule(text, &rule) ? insert_rule(rules, &rule) : -EINVAL;

	if (ret == -E2BIG)
		return fail_many(err, text);
	if (ret >= 0)
		return 0;
	return execgate_error_set(
		err, -EINVAL, EXECGATE_EXIT_USAGE,
		"\"%.300s\" is not a rule; rules are \"version N\", \"path "
		"/ABSOLUTE\" with * and ? in it, \"libraries\" or \"starts\" "
		"with \"own\", \"none\", \"signer FINGERPRINT\" or "
		"\"identity NAME\", \"reads\" with \"name PATTERN\", "
		"\"shebang PATTERN\", \"quiet PATTERN\" or \"all\", and "
		"\"inline\" with a grammar (execgate-identities(5)), all of "
		"them also with \"report\" before them, and \"hardened\"",
		text);
}

int execgate_rules_join(struct execgate_rules *rules, struct eg_bytes more,
			struct execgate_error *err)
{
	char text[EXECGATE_RULE_TEXT];
	struct eg_rule rule;

	while (eg_rules_next(&more, &rule))
		if (insert_rule(rules, &rule) < 0)
			return fail_many(err, execgate_rule_text(&rule, text));
	return 0;
}
