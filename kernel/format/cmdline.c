// SPDX-License-Identifier: GPL-2.0
#include "cmdline.h"

/* One word of a grammar. */
struct sign {
	struct eg_bytes name; /* with its dashes; "%", "<", "&", "$NAME" */
	char means;	      /* 0: "<", "&", "-" and "=" have none */
	bool ends;
	bool reads; /* "~": the standard input, besides */
};

static bool is_meaning(u8 c)
{
	return c && memchr(":+@*=!?#>^<~-", c, 13);
}

static bool takes_value(char means)
{
	return means && memchr(":+@*=>", means, 6);
}

/* Has it a value that can only be what is left of its word? */
static bool takes_rest(char means)
{
	return means == '?' || means == '!';
}

/* Takes a word and the blank behind it off the grammar. */
static bool next_sign(struct eg_bytes *grammar, struct sign *out)
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
	if (out->name.size < 2)
		return true;
	if (out->name.data[out->name.size - 1] == '.') {
		out->ends = true;
		out->name.size--;
	}
	if (out->name.size > 2 && out->name.data[out->name.size - 1] == '~' &&
	    is_meaning(out->name.data[out->name.size - 2])) {
		out->reads = true;
		out->name.size--;
	}
	out->means = (char)out->name.data[out->name.size - 1];
	out->reads |= out->means == '~';
	out->name.size--;
	return true;
}

static bool is_name_byte(u8 c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static bool has_name_bytes(struct eg_bytes name, size_t from)
{
	size_t i;

	for (i = from; i < name.size; i++)
		if (!is_name_byte(name.data[i]))
			return false;
	return from < name.size;
}

static bool is_sign(const struct sign *sign)
{
	u8 first = sign->name.size ? sign->name.data[0] : 0;

	if (sign->name.size > EG_CMDLINE_WORD_MAX)
		return false;
	if (!sign->means)
		return sign->name.size == 1 && memchr("<&-=", first, 4);
	if (!is_meaning((u8)sign->means))
		return false;
	switch (first) {
	case '%':
		return sign->name.size == 1 && !sign->ends && !sign->reads &&
		       memchr(":@=", sign->means, 3);
	case '$':
		return has_name_bytes(sign->name, 1) && !sign->ends &&
		       !sign->reads && memchr(":*!", sign->means, 3);
	case '-':
		if (sign->name.size == 1)
			return !sign->reads &&
			       (sign->means == '<' ||
				(sign->means == '@' && !sign->ends));
		return has_name_bytes(sign->name, 1);
	case '+':
		return has_name_bytes(sign->name, 1);
	}
	return false;
}

bool eg_cmdline_is_grammar(struct eg_bytes text)
{
	struct sign sign;

	/* One blank between words, and none at the end. */
	if (!text.size || text.data[text.size - 1] == ' ')
		return false;
	while (next_sign(&text, &sign))
		if (!is_sign(&sign))
			return false;
	return true;
}

static bool begins(struct eg_bytes word, struct eg_bytes with)
{
	return word.size >= with.size &&
	       !memcmp(word.data, with.data, with.size);
}

static bool is_same(struct eg_bytes a, struct eg_bytes b)
{
	return a.size == b.size && begins(a, b);
}

/* Node takes "_" for "-" in its long options; no other has a name with "_". */
static bool begins_option(struct eg_bytes name, struct eg_bytes with)
{
	size_t i;

	for (i = 0; i < with.size && i < name.size; i++)
		if (name.data[i] != (with.data[i] == '_' ? '-' : with.data[i]))
			return false;
	return i == with.size;
}

struct eg_bytes eg_cmdline_base(struct eg_bytes path)
{
	size_t from;

	while (path.size > 1 && path.data[path.size - 1] == '/')
		path.size--;
	for (from = path.size; from && path.data[from - 1] != '/'; from--)
		;
	return (struct eg_bytes){ path.data + from, path.size - from };
}

/* The words left to read, and the findings so far. */
struct reading {
	struct eg_bytes grammar;
	struct eg_bytes words;
	unsigned int args;    /* left */
	unsigned int options; /* looked up */
	bool over;	      /* nothing more is the interpreter's */
	bool no_options;      /* words that begin with a dash are operands */
	bool operand_is_code;
	bool operand_is_none;
	bool has_code;	   /* which is run in place of an operand */
	bool has_commands; /* without an operand, the standard input is not read */
	struct eg_cmdline *out;
};

/* Return: false if there is none; cut off at the end of what was read, it counts. */
static bool next_word(struct eg_bytes *words, struct eg_bytes *out)
{
	size_t size = 0;

	if (!words->size)
		return false;
	while (size < words->size && words->data[size])
		size++;
	*out = (struct eg_bytes){ words->data, size };
	size += size < words->size;
	words->data += size;
	words->size -= size;
	return true;
}

static bool take_arg(struct reading *reading, struct eg_bytes *out)
{
	if (!reading->args || !next_word(&reading->words, out))
		return false;
	reading->args--;
	return true;
}

static void add_file(struct reading *reading, struct eg_bytes name)
{
	struct eg_cmdline *out = reading->out;

	if (!name.size)
		return;
	if (out->count == EG_CMDLINE_FILES)
		out->lost = true;
	else
		out->files[out->count++] = name;
}

/* As module names are: letters, digits, and what stands between and before them. */
static bool is_plain(struct eg_bytes value)
{
	size_t i;

	for (i = 0; i < value.size; i++)
		if (!is_name_byte(value.data[i]) && value.data[i] != ':' &&
		    value.data[i] != '.' && value.data[i] != ',' &&
		    value.data[i] != '=')
			return false;
	return true;
}

static bool find_sign(struct eg_bytes grammar, struct eg_bytes name,
		      struct sign *out)
{
	while (next_sign(&grammar, out))
		if (is_same(out->name, name))
			return true;
	return false;
}

static bool is_dash(struct eg_bytes word)
{
	return word.size == 1 && word.data[0] == '-';
}

/* A sign that begins with no letter: how it is called, and what it means. */
static bool has_sign(const struct reading *reading, u8 name, char means,
		     struct sign *out)
{
	struct eg_bytes grammar = reading->grammar;

	while (next_sign(&grammar, out))
		if (out->name.size == 1 && out->name.data[0] == name &&
		    out->means == means)
			return true;
	return false;
}

static bool has_plain_sign(const struct reading *reading, u8 name)
{
	struct sign found;

	return has_sign(reading, name, 0, &found);
}

/* A dash alone stands for the standard input, but to programs that know no such thing. */
static void take_file(struct reading *reading, struct eg_bytes name)
{
	struct sign found;

	if (is_dash(name) && !has_sign(reading, '-', '@', &found))
		reading->out->input = true;
	else
		add_file(reading, name);
}

static void take_value(struct reading *reading, char means,
		       struct eg_bytes value)
{
	switch (means) {
	case ':':
		reading->out->code = true;
		reading->has_code = true;
		break;
	case '+':
		reading->out->code = true;
		reading->has_commands = true;
		break;
	case '!':
		reading->out->code |= !is_plain(value);
		break;
	case '@':
		take_file(reading, value);
		reading->has_code = true;
		break;
	case '*':
		add_file(reading, value);
		break;
	}
}

/* @rest: of the word, and whether its value could stand there. */
static void take_option(struct reading *reading, const struct sign *sign,
			struct eg_bytes rest, bool attached)
{
	struct eg_bytes value = rest;

	if (sign->means == '^')
		reading->operand_is_code = true;
	if (sign->means == '<')
		reading->operand_is_none = true;
	if (sign->means == '-')
		reading->no_options = true;
	reading->out->input |= sign->reads;
	if (takes_rest(sign->means) ||
	    (takes_value(sign->means) &&
	     ((attached && sign->means != '>') || take_arg(reading, &value))))
		take_value(reading, sign->means, value);
	reading->over |= sign->ends;
}

static bool is_too_much(struct reading *reading)
{
	if (reading->options++ < EG_CMDLINE_OPTIONS_MAX)
		return false;
	reading->out->lost = true;
	reading->over = true;
	return true;
}

/* "-x" of one letter, as a word of the grammar is called. */
static bool find_letter(const struct reading *reading, u8 dash, u8 letter,
			struct sign *out)
{
	u8 bytes[2] = { dash, letter };

	return find_sign(reading->grammar, (struct eg_bytes){ bytes, 2 }, out);
}

/* The sign for options that the grammar does not know. */
static bool find_unknown(const struct reading *reading, struct eg_bytes word,
			 struct sign *out)
{
	return word.data[0] == '-' && has_sign(reading, '-', '<', out);
}

static size_t digits_of(struct eg_bytes text)
{
	size_t count = 0;

	while (count < text.size && text.data[count] >= '0' &&
	       text.data[count] <= '9')
		count++;
	return count;
}

/* Short options, one or more; one with a value is the last. */
static void read_letters(struct reading *reading, struct eg_bytes word)
{
	struct sign sign;
	size_t i;

	for (i = 1; i < word.size; i++) {
		struct eg_bytes rest = { word.data + i + 1, word.size - i - 1 };

		if (is_too_much(reading))
			return;
		if (!find_letter(reading, word.data[0], word.data[i], &sign) &&
		    !find_unknown(reading, word, &sign))
			continue;
		take_option(reading, &sign, rest, rest.size);
		if (takes_rest(sign.means) || sign.ends ||
		    (takes_value(sign.means) && sign.means != '>'))
			return;
		if (sign.means == '#')
			i += digits_of(rest);
	}
}

/* The option, or all that the word may be short for; only one of them has a value. */
static void read_long(struct reading *reading, struct eg_bytes word)
{
	struct eg_bytes name = word, value = { word.data + word.size, 0 };
	struct eg_bytes grammar = reading->grammar;
	const u8 *equals = memchr(word.data, '=', word.size);
	struct sign sign, found;
	bool whole = has_plain_sign(reading, '='), exact = false, any = false;

	if (equals) {
		name.size = (size_t)(equals - word.data);
		value = (struct eg_bytes){ equals + 1,
					   word.size - name.size - 1 };
	}
	while (!exact && next_sign(&grammar, &sign)) {
		if (!sign.means || !begins_option(sign.name, name))
			continue;
		exact = sign.name.size == name.size;
		if (whole && !exact)
			continue;
		/* The one whose value is code goes before others. */
		if (!any || exact || memchr(":+@*", sign.means, 4))
			found = sign;
		any = true;
	}
	if (any || find_unknown(reading, word, &found))
		take_option(reading, &found, value, equals);
}

static void read_option(struct reading *reading, struct eg_bytes word)
{
	struct sign sign;

	if (is_too_much(reading))
		return;
	if (word.size > 2 && word.data[0] == '-' && word.data[1] == '-')
		read_long(reading, word);
	else if (word.size > 2 && find_sign(reading->grammar, word, &sign) &&
		 sign.means)
		take_option(reading, &sign,
			    (struct eg_bytes){ word.data + word.size, 0 },
			    false);
	else
		read_letters(reading, word);
}

/* Options begin with a dash; with a plus where the grammar has such. */
static bool is_option(const struct reading *reading, struct eg_bytes word)
{
	struct eg_bytes grammar = reading->grammar;
	struct sign sign;

	if (word.size < 2)
		return false;
	if (word.data[0] != '+')
		return word.data[0] == '-';
	while (next_sign(&grammar, &sign))
		if (sign.means && sign.name.data[0] == '+')
			return true;
	return false;
}

static bool ends_options(const struct reading *reading, struct eg_bytes word)
{
	return (word.size == 2 && !memcmp(word.data, "--", 2)) ||
	       (is_dash(word) && has_plain_sign(reading, '-'));
}

/* The word that ends the options may mean something itself; it has no value. */
static void take_ending(struct reading *reading, struct eg_bytes word)
{
	struct sign sign;

	/* "-<" is about options that the grammar does not know. */
	if (!is_dash(word) && find_sign(reading->grammar, word, &sign) &&
	    sign.means == '<')
		reading->operand_is_none = true;
}

/* Return: whether there was an operand; the rest is that one's. */
static bool read_words(struct reading *reading, struct eg_bytes *operand)
{
	bool permutes = has_plain_sign(reading, '&');
	bool has_operand = false;
	struct eg_bytes word;

	while (!reading->over && take_arg(reading, &word)) {
		if (!reading->no_options && ends_options(reading, word)) {
			reading->no_options = true;
			take_ending(reading, word);
			continue;
		}
		if (!reading->no_options && is_option(reading, word)) {
			read_option(reading, word);
			continue;
		}
		if (!has_operand)
			*operand = word;
		has_operand = true;
		if (!permutes)
			break;
	}
	return has_operand;
}

static void judge_operand(struct reading *reading, bool has_operand,
			  struct eg_bytes operand)
{
	u8 percent = '%';
	struct sign sign;
	bool known = find_sign(reading->grammar,
			       (struct eg_bytes){ &percent, 1 }, &sign);
	bool reads = has_plain_sign(reading, '<');

	if (reading->options > EG_CMDLINE_OPTIONS_MAX) {
		reading->out->code = true;
		reading->out->input |= reads;
		return;
	}
	if (reading->operand_is_code) {
		reading->out->code = true;
		return;
	}
	if (reading->has_code)
		return;
	if (reading->operand_is_none) {
		reading->out->input |= reads;
		return;
	}
	if (reading->over)
		return;
	if (has_operand) {
		if (reads && is_dash(operand))
			take_file(reading, operand);
		else if (known)
			take_value(reading, sign.means, operand);
		return;
	}
	reading->out->input |= reads && !reading->has_commands;
}

/* @name: with the "$" of the grammar in front. */
static bool is_variable(struct eg_bytes word, struct eg_bytes name)
{
	return word.size > name.size && word.data[name.size - 1] == '=' &&
	       !memcmp(word.data, name.data + 1, name.size - 1);
}

static void read_variable(struct reading *reading, const struct sign *sign)
{
	struct eg_bytes words = reading->words, word;

	while (next_word(&words, &word))
		if (is_variable(word, sign->name))
			take_value(reading, sign->means,
				   (struct eg_bytes){
					   word.data + sign->name.size,
					   word.size - sign->name.size });
}

static void read_variables(struct reading *reading)
{
	struct eg_bytes grammar = reading->grammar;
	struct sign sign;

	while (next_sign(&grammar, &sign))
		if (sign.means && sign.name.data[0] == '$')
			read_variable(reading, &sign);
}

void eg_cmdline_read(struct eg_bytes grammar, struct eg_bytes words,
		     unsigned int args, struct eg_cmdline *out)
{
	struct reading reading = {
		.grammar = grammar,
		.words = words,
		.args = args,
		.out = out,
	};
	struct eg_bytes name, operand = { NULL, 0 };
	bool has_operand = false;

	if (take_arg(&reading, &name))
		has_operand = read_words(&reading, &operand);
	judge_operand(&reading, has_operand, operand);
	while (take_arg(&reading, &name))
		;
	read_variables(&reading);
}
