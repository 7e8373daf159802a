// SPDX-License-Identifier: GPL-2.0
#include "rules.h"

#include "cmdline.h"
#include "grammar.h"

#define DIGITS_MAX 20 /* of a u64 */

u64 eg_rule_number(struct eg_bytes text)
{
	u64 number = 0;
	size_t i;

	/* One way to write a number: no zero before it, and so none that is 0. */
	if (!text.size || text.size > DIGITS_MAX || text.data[0] == '0')
		return 0;
	for (i = 0; i < text.size; i++) {
		u8 digit = (u8)(text.data[i] - '0');

		if (text.data[i] < '0' || digit > 9 ||
		    number > (~(u64)0 - digit) / 10)
			return 0;
		number = number * 10 + digit;
	}
	return number;
}

/* Those that other languages of patterns give a meaning, and no name can have. */
static bool is_path_byte(u8 c)
{
	return c && c != '[' && c != ']' && c != '{' && c != '}' && c != '\\';
}

static bool is_all_below(struct eg_bytes name)
{
	return name.size == 2 && name.data[0] == '*' && name.data[1] == '*';
}

/* Of a path in between two slashes: what the kernel's own paths can have there. */
static bool is_component(struct eg_bytes name, bool is_last)
{
	size_t i;

	if (!name.size)
		return false;
	for (i = 0; i < name.size && name.data[i] == '.'; i++)
		;
	if (i == name.size && i <= 2)
		return false;
	/* "**" crosses slashes, so it stands alone, where nothing follows. */
	if (is_all_below(name))
		return is_last;
	for (i = 0; i < name.size; i++)
		if (!is_path_byte(name.data[i]) ||
		    (i && name.data[i] == '*' && name.data[i - 1] == '*'))
			return false;
	return true;
}

static bool is_path(struct eg_bytes text)
{
	size_t i, from = 1;

	if (text.size < 2 || text.size > EG_RULE_PATH_MAX ||
	    text.data[0] != '/')
		return false;
	for (i = 1; i <= text.size; i++) {
		struct eg_bytes name = { text.data + from, i - from };

		if (i < text.size && text.data[i] != '/')
			continue;
		if (!is_component(name, i == text.size))
			return false;
		from = i + 1;
	}
	return true;
}

static bool is_text(struct eg_bytes text, const char *word)
{
	return text.size == strlen(word) && !memcmp(text.data, word, text.size);
}

/* Takes a word and the one blank behind it off the text. */
static bool take_word(struct eg_bytes *text, const char *word)
{
	size_t size = strlen(word);

	if (text->size <= size || memcmp(text->data, word, size) != 0 ||
	    text->data[size] != ' ')
		return false;
	text->data += size + 1;
	text->size -= size + 1;
	return true;
}

/* Return: 0 to 15, or 16 for another character. */
static u8 hex_value(u8 c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

static bool is_fingerprint(struct eg_bytes text)
{
	size_t i;

	if (text.size != 2 * EG_SHA256_SIZE)
		return false;
	for (i = 0; i < text.size; i++)
		if (hex_value(text.data[i]) > 15)
			return false;
	return true;
}

/* Shown to people and written by them: no controls, and no blank at its ends. */
static bool is_name_pattern(struct eg_bytes text)
{
	size_t i;

	if (!text.size || text.size > EG_RULE_NAME_MAX || text.data[0] == ' ' ||
	    text.data[text.size - 1] == ' ')
		return false;
	for (i = 0; i < text.size; i++)
		if (text.data[i] < ' ' || text.data[i] == 0x7f ||
		    (i && text.data[i] == '*' && text.data[i - 1] == '*'))
			return false;
	return true;
}

static bool is_selection(struct eg_bytes text)
{
	if (is_text(text, "own") || is_text(text, "none"))
		return true;
	if (take_word(&text, "signer"))
		return is_fingerprint(text);
	return take_word(&text, "identity") && is_name_pattern(text);
}

static bool is_fingerprint_of(struct eg_bytes text, const u8 *signer)
{
	size_t i;

	for (i = 0; i < EG_SHA256_SIZE; i++)
		if (signer[i] != (hex_value(text.data[2 * i]) << 4 |
				  hex_value(text.data[2 * i + 1])))
			return false;
	return true;
}

size_t eg_rule_path_folder(struct eg_bytes pattern)
{
	size_t i, folder = 0;

	for (i = 0; i < pattern.size; i++) {
		if (pattern.data[i] == '*' || pattern.data[i] == '?')
			break;
		if (pattern.data[i] == '/')
			folder = i;
	}
	return folder;
}

/* What stands between the slash that @path begins with and the next one. */
static struct eg_bytes take_component(struct eg_bytes *path)
{
	struct eg_bytes name = { path->data + 1, 0 };

	while (name.size + 1 < path->size && name.data[name.size] != '/')
		name.size++;
	path->data += name.size + 1;
	path->size -= name.size + 1;
	return name;
}

/* If the last star took too little it takes one more; earlier ones have enough. */
static bool matches_name(struct eg_bytes pattern, struct eg_bytes name)
{
	size_t p = 0, n = 0, after_star = 0, taken = 0;

	while (n < name.size) {
		if (p < pattern.size && pattern.data[p] == '*') {
			after_star = ++p;
			taken = n;
		} else if (p < pattern.size &&
			   (pattern.data[p] == '?' ||
			    pattern.data[p] == name.data[n])) {
			p++;
			n++;
		} else if (after_star) {
			p = after_star;
			n = ++taken;
		} else {
			return false;
		}
	}
	while (p < pattern.size && pattern.data[p] == '*')
		p++;
	return p == pattern.size;
}

bool eg_rule_selects(struct eg_bytes text, const struct eg_statement *own,
		     const struct eg_statement *subject)
{
	if (is_text(text, "own"))
		return !memcmp(own->signer, subject->signer, EG_SHA256_SIZE);
	if (take_word(&text, "signer"))
		return is_fingerprint_of(text, subject->signer);
	return take_word(&text, "identity") &&
	       matches_name(text, subject->name);
}

static bool is_read(struct eg_bytes text)
{
	if (is_text(text, "all") || is_text(text, "constrained"))
		return true;
	return (take_word(&text, "name") || take_word(&text, "shebang") ||
		take_word(&text, "quiet")) &&
	       is_name_pattern(text) && !memchr(text.data, '/', text.size);
}

static bool is_blank(u8 c)
{
	return c == ' ' || c == '\t';
}

/* Any of its words: the interpreter, or what env(1) is to look for. */
static bool matches_line(struct eg_bytes pattern, struct eg_bytes line)
{
	struct eg_bytes word;
	size_t size;

	while (line.size) {
		for (size = 0; size < line.size && !is_blank(line.data[size]);)
			size++;
		word = (struct eg_bytes){ line.data, size };
		if (size && matches_name(pattern, eg_cmdline_base(word)))
			return true;
		size += size < line.size;
		line.data += size;
		line.size -= size;
	}
	return false;
}

static bool matches_opened(struct eg_bytes pattern,
			   const struct eg_opened *opened)
{
	return (opened->name.size && matches_name(pattern, opened->name)) ||
	       (opened->own.size && matches_name(pattern, opened->own));
}

enum eg_rule_read eg_rule_reads(struct eg_bytes text,
				const struct eg_opened *opened)
{
	if (opened->device)
		return EG_RULE_READ_DATA;
	if (is_text(text, "all"))
		return EG_RULE_READ_CODE;
	if (is_text(text, "constrained"))
		return opened->exposed ? EG_RULE_READ_CODE : EG_RULE_READ_DATA;
	if (take_word(&text, "name"))
		return matches_opened(text, opened) ? EG_RULE_READ_CODE :
						      EG_RULE_READ_DATA;
	if (take_word(&text, "shebang"))
		return matches_line(text, opened->line) ? EG_RULE_READ_CODE :
							  EG_RULE_READ_DATA;
	return take_word(&text, "quiet") && matches_opened(text, opened) ?
		       EG_RULE_READ_QUIETLY :
		       EG_RULE_READ_DATA;
}

bool eg_rule_reads_line(struct eg_bytes text)
{
	return take_word(&text, "shebang");
}

bool eg_rule_binds_process(u8 kind)
{
	return kind >= EG_RULE_LIBRARIES;
}

bool eg_rule_repeats(u8 kind)
{
	return kind == EG_RULE_PATH ||
	       (eg_rule_binds_process(kind) && kind != EG_RULE_INLINE);
}

bool eg_rule_path_matches(struct eg_bytes pattern, struct eg_bytes path)
{
	while (pattern.size && path.size) {
		struct eg_bytes wanted = take_component(&pattern);
		struct eg_bytes name = take_component(&path);

		if (!name.size)
			return false;
		if (is_all_below(wanted))
			return true;
		if (!matches_name(wanted, name))
			return false;
	}
	return !pattern.size && !path.size;
}

static bool is_rule(const struct eg_rule *rule, u64 version)
{
	u64 number;

	if (rule->strength >= EG_RULE_STRENGTH_COUNT)
		return false;
	switch (rule->kind) {
	case EG_RULE_VERSION:
		number = eg_rule_number(rule->text);
		return number && number <= version;
	case EG_RULE_PATH:
		return is_path(rule->text);
	case EG_RULE_HARDENED:
		/* Nothing is refused, so there is nothing to report. */
		return !rule->text.size && rule->strength == EG_RULE_DENY;
	case EG_RULE_LIBRARIES:
	case EG_RULE_STARTS:
		return is_selection(rule->text);
	case EG_RULE_READS:
		return is_read(rule->text);
	case EG_RULE_INLINE:
		return eg_grammar_is_good(rule->text);
	}
	return false;
}

bool eg_rules_next(struct eg_bytes *list, struct eg_rule *out)
{
	size_t size;

	if (list->size < EG_RULE_HEADER_SIZE)
		return false;
	size = eg_le16(list->data + 2);
	if (size > list->size - EG_RULE_HEADER_SIZE)
		return false;
	out->kind = list->data[0];
	out->strength = list->data[1];
	out->text.data = list->data + EG_RULE_HEADER_SIZE;
	out->text.size = size;
	list->data += EG_RULE_HEADER_SIZE + size;
	list->size -= EG_RULE_HEADER_SIZE + size;
	return true;
}

bool eg_rules_have(struct eg_bytes list, enum eg_rule_kind kind)
{
	struct eg_rule rule;

	while (eg_rules_next(&list, &rule))
		if (rule.kind == kind)
			return true;
	return false;
}

/* Beside another one of its kind; of a process, both would have to be obeyed. */
static bool is_alternative(const struct eg_rule *rule,
			   const struct eg_rule *before)
{
	if (!eg_rule_binds_process(rule->kind) || !eg_rule_repeats(rule->kind))
		return eg_rule_repeats(rule->kind);
	return rule->strength == before->strength &&
	       !is_text(rule->text, "none") && !is_text(before->text, "none");
}

bool eg_rules_check(struct eg_bytes list, u64 version)
{
	struct eg_rule rule, before = { .kind = 0 };
	unsigned int count;

	if (list.size > EG_RULES_SIZE_MAX)
		return false;
	for (count = 0; count < EG_RULES_MAX; count++) {
		if (!eg_rules_next(&list, &rule))
			break;
		if (rule.kind < before.kind ||
		    (rule.kind == before.kind &&
		     !is_alternative(&rule, &before)) ||
		    !is_rule(&rule, version))
			return false;
		before = rule;
	}
	/* The rest is a rule cut off, or one too many. */
	return !list.size;
}

size_t eg_rule_write(const struct eg_rule *rule, u8 *out, size_t room)
{
	size_t size = rule->text.size;

	if (!is_rule(rule, ~(u64)0) || room < EG_RULE_HEADER_SIZE ||
	    size > room - EG_RULE_HEADER_SIZE)
		return 0;
	out[0] = rule->kind;
	out[1] = rule->strength;
	out[2] = (u8)size;
	out[3] = (u8)(size >> 8);
	if (size)
		memcpy(out + EG_RULE_HEADER_SIZE, rule->text.data, size);
	return EG_RULE_HEADER_SIZE + size;
}
