// SPDX-License-Identifier: GPL-2.0
#include "cmdline.h"

#include "grammar.h"
#include "words.h"

static bool takes_value(char means)
{
	return means && memchr(":+@*=>/\",", means, 9);
}

/* Has it a value that can only be what is left of its word? */
static bool takes_rest(char means)
{
	return means == '?' || means == '!';
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
	bool of_variable; /* the words are the value of one, with blanks between */
	bool whole;	  /* long options are not shortened */
	bool long_only;	   /* those behind one dash are long ones, too */
	bool folds;	   /* the case of their letters makes no difference */
	bool each_operand; /* names a file of code */
	bool over;	   /* nothing more is the interpreter's */
	bool no_options;   /* words that begin with a dash are operands */
	bool operand_is_code;
	bool operand_is_none;
	bool has_code;	   /* which is run in place of an operand */
	bool has_commands; /* without an operand, the standard input is not read */
	struct eg_cmdline *out;
};

static bool take_arg(struct reading *reading, struct eg_bytes *out)
{
	if (!reading->args ||
	    !eg_words_next(&reading->words, reading->of_variable, out))
		return false;
	reading->args--;
	return true;
}

static void add_file(struct reading *reading, struct eg_bytes name)
{
	struct eg_cmdline *out = reading->out;

	if (!name.size)
		return;
	if (out->count == EG_CMDLINE_FILES ||
	    (reading->of_variable && eg_words_have_quote(name)))
		out->lost = true;
	else
		out->files[out->count++] = name;
}

static void add_files(struct reading *reading, struct eg_bytes value)
{
	struct eg_bytes part;

	reading->out->code |= !eg_words_are_names(value);
	while (value.size) {
		part = eg_words_part(&value, ":");
		add_file(reading, eg_words_part(&part, "="));
		add_file(reading, part);
	}
}

static bool is_dash(struct eg_bytes word)
{
	return word.size == 1 && word.data[0] == '-';
}

static bool has_plain_sign(const struct reading *reading, u8 name)
{
	return eg_grammar_has(reading->grammar, name, 0);
}

/*
 * A dash alone stands for the standard input, but to programs that know no such thing.
 * Behind the word that ends the options it is a file of that name to shells and Lua, and
 * still the standard input to Python and Perl, so it counts as both.
 */
static void take_file(struct reading *reading, struct eg_bytes name)
{
	bool is_name = !is_dash(name) ||
		       eg_grammar_has(reading->grammar, '-', '@');

	reading->out->input |= !is_name;
	if (is_name || reading->no_options)
		add_file(reading, name);
}

static void read_long(struct reading *reading, struct eg_bytes name);

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
		reading->out->code |= !eg_words_are_plain(value);
		break;
	case '@':
		take_file(reading, value);
		reading->has_code = true;
		break;
	case '*':
	case ',':
		add_file(reading, value);
		break;
	case '/':
		add_files(reading, value);
		break;
	case '"':
		read_long(reading, value);
		break;
	}
}

/* A value is what is left of the word, or the next word. */
static bool find_value(struct reading *reading, char means, bool attached,
		       struct eg_bytes *value)
{
	struct eg_bytes next = reading->words;

	if (takes_rest(means) || (attached && means != '>'))
		return true;
	if (means == ',' && reading->args && reading->words.size > 1 &&
	    reading->words.data[0] == '-') {
		eg_words_next(&next, reading->of_variable, value);
		add_file(reading, *value);
		return false;
	}
	return take_arg(reading, value);
}

/* @rest: of the word, and whether its value could stand there. */
static void take_option(struct reading *reading, const struct eg_sign *sign,
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
	if ((takes_rest(sign->means) || takes_value(sign->means)) &&
	    find_value(reading, sign->means, attached, &value))
		take_value(reading, sign->means, value);
	reading->over |= sign->ends;
}

static bool is_too_much(struct reading *reading)
{
	if (reading->options++ < EG_CMDLINE_OPTIONS_MAX)
		return false;
	reading->out->code = true;
	reading->out->lost = true;
	reading->over = true;
	return true;
}

/* "-x" of one letter, as a word of the grammar is called. */
static bool find_letter(const struct reading *reading, u8 dash, u8 letter,
			struct eg_sign *out)
{
	u8 bytes[2] = { dash, letter };

	return eg_grammar_find(reading->grammar, (struct eg_bytes){ bytes, 2 },
			       out);
}

/* The sign for options that the grammar does not know. */
static bool find_unknown(const struct reading *reading, u8 dash,
			 struct eg_sign *out)
{
	struct eg_bytes grammar = reading->grammar;

	while (dash == '-' && eg_grammar_next(&grammar, out))
		if (is_dash(out->name) && out->means == '<')
			return true;
	return false;
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
static void read_letters(struct reading *reading, u8 dash,
			 struct eg_bytes letters)
{
	struct eg_sign sign;
	size_t i;

	for (i = 0; i < letters.size; i++) {
		struct eg_bytes rest = { letters.data + i + 1,
					 letters.size - i - 1 };

		if (is_too_much(reading))
			return;
		if (!find_letter(reading, dash, letters.data[i], &sign) &&
		    !find_unknown(reading, dash, &sign))
			continue;
		take_option(reading, &sign, rest, rest.size);
		if (takes_rest(sign.means) || sign.ends ||
		    (takes_value(sign.means) && sign.means != '>'))
			return;
		if (sign.means == '#')
			i += digits_of(rest);
	}
}

static u8 fold(const struct reading *reading, u8 c)
{
	return reading->folds && c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* Node takes "_" for "-" in its long options; no other has a name with "_". */
static bool begins_option(const struct reading *reading, struct eg_bytes name,
			  struct eg_bytes with)
{
	size_t i;

	for (i = 0; i < with.size && i < name.size; i++)
		if (fold(reading, name.data[i]) !=
		    (with.data[i] == '_' ? '-' : fold(reading, with.data[i])))
			return false;
	return i == with.size;
}

/* Without its dashes. Return: false if it is none. */
static bool long_name(const struct reading *reading, struct eg_bytes word,
		      struct eg_bytes *out)
{
	size_t dashes = 0;

	while (dashes < 2 && dashes < word.size && word.data[dashes] == '-')
		dashes++;
	*out = (struct eg_bytes){ word.data + dashes, word.size - dashes };
	return out->size && dashes > !reading->long_only;
}

/* The option, or the one of all that @name may be short for that matters most. */
static bool find_long(const struct reading *reading, struct eg_bytes name,
		      struct eg_sign *found)
{
	struct eg_bytes grammar = reading->grammar, known;
	bool exact = false, any = false;
	struct eg_sign sign;

	while (!exact && eg_grammar_next(&grammar, &sign)) {
		if (!sign.means || sign.means == '"' ||
		    !long_name(reading, sign.name, &known) ||
		    !begins_option(reading, known, name))
			continue;
		exact = known.size == name.size;
		if (reading->whole && !exact)
			continue;
		/* The one whose value is code goes before others. */
		if (!any || exact ||
		    eg_words_is_one_of((u8)sign.means, ":+@*,/"))
			*found = sign;
		any = true;
	}
	return any;
}

/* @word: without its dashes; a value follows its name, or is the next word. */
static void read_long(struct reading *reading, struct eg_bytes word)
{
	struct eg_bytes value = { word.data + word.size, 0 };
	struct eg_bytes name = { word.data, eg_words_until(word, "=") };
	struct eg_sign found;
	bool is_known = find_long(reading, name, &found);

	if (!is_known && reading->long_only) {
		name.size = eg_words_until(word, "=:");
		is_known = find_long(reading, name, &found);
	}
	if (!is_known && !find_unknown(reading, '-', &found))
		return;
	if (name.size < word.size)
		value = (struct eg_bytes){ word.data + name.size + 1,
					   word.size - name.size - 1 };
	take_option(reading, &found, value, name.size < word.size);
}

static void read_option(struct reading *reading, struct eg_bytes word)
{
	struct eg_bytes rest = { word.data + 1, word.size - 1 };
	struct eg_bytes name;
	struct eg_sign sign;

	if (is_too_much(reading))
		return;
	if (word.data[0] == '+' && eg_grammar_has(reading->grammar, '+', '!'))
		take_value(reading, '!', rest);
	else if (long_name(reading, word, &name))
		read_long(reading, name);
	else if (word.size > 2 &&
		 eg_grammar_find(reading->grammar, word, &sign) && sign.means)
		take_option(reading, &sign,
			    (struct eg_bytes){ word.data + word.size, 0 },
			    false);
	else
		read_letters(reading, word.data[0], rest);
}

/* Options begin with a dash; with a plus where the grammar has such. */
static bool is_option(const struct reading *reading, struct eg_bytes word)
{
	struct eg_bytes grammar = reading->grammar;
	struct eg_sign sign;

	if (word.size < 2)
		return false;
	if (word.data[0] != '+')
		return word.data[0] == '-';
	while (eg_grammar_next(&grammar, &sign))
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
	struct eg_sign sign;

	/* "-<" is about options that the grammar does not know. */
	if (!is_dash(word) && eg_grammar_find(reading->grammar, word, &sign) &&
	    sign.means == '<')
		reading->operand_is_none = true;
}

/* Return: false if it was an operand. */
static bool take_word(struct reading *reading, struct eg_bytes word)
{
	if (word.size > 1 && word.data[0] == '@' &&
	    has_plain_sign(reading, '@')) {
		add_file(reading,
			 (struct eg_bytes){ word.data + 1, word.size - 1 });
		return true;
	}
	if (reading->no_options)
		return false;
	if (ends_options(reading, word)) {
		reading->no_options = true;
		take_ending(reading, word);
		return true;
	}
	if (!is_option(reading, word))
		return false;
	read_option(reading, word);
	return true;
}

/* Return: whether there was an operand; the rest is that one's. */
static bool read_words(struct reading *reading, struct eg_bytes *operand)
{
	bool permutes = has_plain_sign(reading, '&');
	bool has_operand = false;
	struct eg_bytes word;

	while (!reading->over && take_arg(reading, &word)) {
		if (take_word(reading, word))
			continue;
		if (!has_operand)
			*operand = word;
		has_operand = true;
		if (reading->each_operand)
			take_file(reading, word);
		if (!permutes)
			break;
	}
	return has_operand;
}

static void judge_operand(struct reading *reading, bool has_operand,
			  struct eg_bytes operand)
{
	u8 percent = '%';
	struct eg_sign sign;
	bool known = eg_grammar_find(reading->grammar,
				     (struct eg_bytes){ &percent, 1 }, &sign);
	bool reads = has_plain_sign(reading, '<');

	if (reading->options > EG_CMDLINE_OPTIONS_MAX) {
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
		else if (known && !reading->each_operand)
			take_value(reading, sign.means, operand);
		return;
	}
	reading->out->input |= reads && !reading->has_commands;
}

static struct reading begin(struct eg_bytes grammar, struct eg_bytes words,
			    unsigned int args, struct eg_cmdline *out)
{
	return (struct reading){
		.grammar = grammar,
		.words = words,
		.args = args,
		.whole = eg_grammar_has(grammar, '=', 0),
		.long_only = eg_grammar_has(grammar, '!', 0),
		.folds = eg_grammar_has(grammar, '^', 0),
		.each_operand = eg_grammar_has(grammar, '%', '*'),
		.out = out,
	};
}

/* Without a plus or a dash in front, letters are options there all the same. */
static void read_options_of(struct reading *reading, struct eg_bytes value)
{
	struct reading inner =
		begin(reading->grammar, value, (unsigned int)-1, reading->out);
	struct eg_bytes word, name;

	inner.of_variable = true;
	inner.options = reading->options;
	while (inner.options <= EG_CMDLINE_OPTIONS_MAX && !inner.no_options &&
	       take_arg(&inner, &word)) {
		name = (struct eg_bytes){ word.data,
					  eg_words_until(word, "=") };
		if (eg_words_have_quote(name)) {
			inner.out->code = true;
			inner.out->lost = true;
		} else if (!take_word(&inner, word) && !is_dash(word)) {
			read_letters(&inner, '-', word);
		}
	}
	inner.out->code |= inner.operand_is_code;
	reading->options = inner.options;
}

static void take_variable(struct reading *reading, char means,
			  struct eg_bytes value)
{
	switch (means) {
	case '@':
		if (value.size && value.data[0] == '@')
			add_file(reading, (struct eg_bytes){ value.data + 1,
							     value.size - 1 });
		else
			reading->out->code |= value.size;
		break;
	case '-':
		read_options_of(reading, value);
		break;
	case '$':
		reading->out->code |= eg_words_are_expanded(value);
		break;
	default:
		take_value(reading, means, value);
	}
}

/* @name: with the "$" of the grammar in front. Return: with the "=", or 0. */
static size_t is_variable(struct eg_bytes word, struct eg_bytes name)
{
	bool begins = name.data[name.size - 1] == '*';
	size_t size = name.size - 1 - begins;

	if (word.size <= size || memcmp(word.data, name.data + 1, size))
		return 0;
	if (begins)
		size = eg_words_until(word, "=");
	return size < word.size && word.data[size] == '=' ? size + 1 : 0;
}

static void read_variable(struct reading *reading, const struct eg_sign *sign)
{
	struct eg_bytes words = reading->words, word;
	size_t size;

	while (eg_words_next(&words, false, &word)) {
		size = is_variable(word, sign->name);
		if (size)
			take_variable(reading, sign->means,
				      (struct eg_bytes){ word.data + size,
							 word.size - size });
	}
}

static void read_variables(struct reading *reading)
{
	struct eg_bytes grammar = reading->grammar;
	struct eg_sign sign;

	while (eg_grammar_next(&grammar, &sign))
		if (sign.means && sign.name.data[0] == '$')
			read_variable(reading, &sign);
}

/*
 * Takes the program's name off the words; and its first argument, as often as that is
 * the name. Return: false if that is said too often.
 */
static bool choose_part(struct eg_bytes *grammar, struct eg_bytes *words,
			unsigned int *args)
{
	struct eg_bytes whole = *grammar, name = { words->data, 0 };
	unsigned int tries;

	for (tries = 0; tries < EG_CMDLINE_OPTIONS_MAX; tries++) {
		if (*args && eg_words_next(words, false, &name))
			--*args;
		else
			name.size = 0;
		name = eg_cmdline_base(name);
		/* That of a shell that is told to log in. */
		if (name.size > 1 && name.data[0] == '-')
			name = (struct eg_bytes){ name.data + 1,
						  name.size - 1 };
		*grammar = whole;
		if (!eg_grammar_choose(grammar, name))
			return true;
	}
	return false;
}

void eg_cmdline_read(struct eg_bytes grammar, struct eg_bytes words,
		     unsigned int args, struct eg_cmdline *out)
{
	struct eg_bytes operand = { NULL, 0 }, rest;
	struct reading reading;
	bool has_operand;

	if (!choose_part(&grammar, &words, &args)) {
		out->code = true;
		out->input = true;
		out->lost = true;
	}
	reading = begin(grammar, words, args, out);
	has_operand = read_words(&reading, &operand);
	if (has_plain_sign(&reading, '~') &&
	    (reading.no_options || !(has_operand && is_dash(operand))))
		out->input = true;
	judge_operand(&reading, has_operand, operand);
	while (take_arg(&reading, &rest))
		;
	read_variables(&reading);
}
