// SPDX-License-Identifier: GPL-2.0
#include "grammar.h"

static bool is_one_of(char c, const char *set, size_t size)
{
	return c && memchr(set, c, size);
}

#define ONE_OF(c, set) is_one_of(c, set, sizeof(set) - 1)

/* The words of one byte that have no meaning at their end. */
#define PLAIN "<&-=~!^@"
#define OF_OPTIONS ":+@*=!?#>^<~-/,\""
#define OF_VARIABLES ":*!@-/$"

static void cut_meaning(struct eg_sign *out)
{
	if (out->name.data[out->name.size - 1] == '.') {
		out->ends = true;
		out->name.size--;
	}
	if (out->name.size > 2 && out->name.data[out->name.size - 1] == '~' &&
	    ONE_OF((char)out->name.data[out->name.size - 2], OF_OPTIONS)) {
		out->reads = true;
		out->name.size--;
	}
	out->means = (char)out->name.data[out->name.size - 1];
	out->reads |= out->means == '~';
	out->name.size--;
}

bool eg_grammar_next(struct eg_bytes *grammar, struct eg_sign *out)
{
	size_t size = 0;

	if (!grammar->size)
		return false;
	while (size < grammar->size && grammar->data[size] != ' ')
		size++;
	out->name = (struct eg_bytes){ grammar->data, size };
	out->means = 0;
	out->ends = false;
	out->reads = false;
	size += size < grammar->size;
	grammar->data += size;
	grammar->size -= size;
	if (out->name.size >= 2 && out->name.data[0] != '/')
		cut_meaning(out);
	return true;
}

bool eg_grammar_is_name_byte(u8 c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static bool has_name_bytes(struct eg_bytes name, size_t from)
{
	size_t i;

	for (i = from; i < name.size; i++)
		if (!eg_grammar_is_name_byte(name.data[i]))
			return false;
	return from < name.size;
}

/* As has_name_bytes(), and behind the first of them what programs' options have. */
static bool is_option_name(struct eg_bytes name)
{
	size_t i;

	if (name.size < 2 || !eg_grammar_is_name_byte(name.data[1]))
		return false;
	for (i = 2; i < name.size; i++)
		if (!eg_grammar_is_name_byte(name.data[i]) &&
		    name.data[i] != '.' && name.data[i] != '/' &&
		    name.data[i] != ':')
			return false;
	return true;
}

static bool takes_off(struct eg_bytes *name, u8 last)
{
	if (!name->size || name->data[name->size - 1] != last)
		return false;
	name->size--;
	return true;
}

/* "/NAME", "/NAME*", and either with a slash at its end. */
static bool is_part_name(struct eg_bytes name)
{
	size_t i;

	takes_off(&name, '/');
	takes_off(&name, '*');
	for (i = 1; i < name.size; i++)
		if (!eg_grammar_is_name_byte(name.data[i]) &&
		    name.data[i] != '.')
			return false;
	return name.size > 1;
}

static bool is_variable_sign(const struct eg_sign *sign)
{
	struct eg_bytes name = sign->name;

	takes_off(&name, '*');
	return has_name_bytes(name, 1) && !sign->ends && !sign->reads &&
	       ONE_OF(sign->means, OF_VARIABLES);
}

static bool is_option_sign(const struct eg_sign *sign)
{
	if (!ONE_OF(sign->means, OF_OPTIONS))
		return false;
	if (sign->name.size > 1)
		return is_option_name(sign->name);
	if (sign->name.data[0] == '+')
		return sign->means == '!' && !sign->ends && !sign->reads;
	return !sign->reads &&
	       (sign->means == '<' || (sign->means == '@' && !sign->ends));
}

static bool is_sign(const struct eg_sign *sign)
{
	u8 first = sign->name.size ? sign->name.data[0] : 0;

	if (sign->name.size > EG_GRAMMAR_WORD_MAX)
		return false;
	if (first == '/')
		return is_part_name(sign->name);
	if (!sign->means)
		return sign->name.size == 1 && ONE_OF((char)first, PLAIN);
	switch (first) {
	case '%':
		return sign->name.size == 1 && !sign->ends && !sign->reads &&
		       ONE_OF(sign->means, ":@=*");
	case '$':
		return is_variable_sign(sign);
	case '-':
	case '+':
		return is_option_sign(sign);
	}
	return false;
}

bool eg_grammar_is_good(struct eg_bytes text)
{
	struct eg_sign sign;

	/* One blank between words, and none at the end. */
	if (!text.size || text.data[text.size - 1] == ' ')
		return false;
	while (eg_grammar_next(&text, &sign))
		if (!is_sign(&sign))
			return false;
	return true;
}

bool eg_grammar_find(struct eg_bytes grammar, struct eg_bytes name,
		     struct eg_sign *out)
{
	while (eg_grammar_next(&grammar, out))
		if (out->name.size == name.size &&
		    !memcmp(out->name.data, name.data, name.size))
			return true;
	return false;
}

bool eg_grammar_has(struct eg_bytes grammar, u8 name, char means)
{
	struct eg_sign sign;

	while (eg_grammar_next(&grammar, &sign))
		if (sign.name.size == 1 && sign.name.data[0] == name &&
		    sign.means == means)
			return true;
	return false;
}

/* Takes off what comes before the next name of a part. */
static struct eg_bytes take_body(struct eg_bytes *grammar)
{
	struct eg_bytes body = { grammar->data, 0 }, rest = *grammar;
	struct eg_sign sign;

	while (rest.size && rest.data[0] != '/') {
		eg_grammar_next(&rest, &sign);
		body.size = grammar->size - rest.size;
	}
	*grammar = rest;
	return body;
}

/* @sign: without its slash in front, and with no other. */
static bool is_named(struct eg_bytes sign, struct eg_bytes name)
{
	bool begins = takes_off(&sign, '*');

	return (begins ? name.size >= sign.size : name.size == sign.size) &&
	       !memcmp(name.data, sign.data, sign.size);
}

bool eg_grammar_choose(struct eg_bytes *grammar, struct eg_bytes name)
{
	struct eg_bytes rest = *grammar, body, part;
	struct eg_sign sign;
	bool named = false, passes;

	*grammar = take_body(&rest);
	while (eg_grammar_next(&rest, &sign)) {
		part = (struct eg_bytes){ sign.name.data + 1,
					  sign.name.size - 1 };
		passes = takes_off(&part, '/');
		if (is_named(part, name)) {
			if (passes)
				return true;
			named = true;
		}
		body = take_body(&rest);
		/* The next name is one of the same part. */
		if (!body.size && rest.size)
			continue;
		if (named) {
			*grammar = body;
			return false;
		}
	}
	return false;
}
