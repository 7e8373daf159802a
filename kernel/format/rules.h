/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rules of an identity: what a signature allows its bytes to be. A manifest
 * has them among its strings (manifest.h), one after the other:
 *
 *	 0  1  kind, enum eg_rule_kind
 *	 1  1  strength: 0 = deny, 1 = report
 *	 2  2  size of the text
 *	 4  n  text
 *
 * Kinds ascend, so that equal rules are equal bytes. Each is there once at most,
 * but for path and the rules of processes, whose texts are alternatives.
 *
 *	version		a number in decimal, 1 or more, not above the identity's own
 *			version: when a catalog that says so is loaded, whatever is
 *			signed under this name with a lower version is code no longer
 *	path		an absolute path below the root of the system, 2 to 1,023
 *			bytes; "?" is one byte and "*" any number of them, but no
 *			slash; a last component "**" is all that is below. Those
 *			of one strength are alternatives
 *	hardened	no text, deny: it runs with AT_SECURE set
 *	libraries	what a process that runs it may map executable: "own", what
 *			the key of this very statement signed; "signer" and a
 *			fingerprint, 64 digits of lower-case hex; "identity" and a
 *			name, in which "?" is one byte and "*" any number of them;
 *			or, alone, "none"
 *	starts		what such a process may execute: the same texts
 *	reads		which files are code when such a process opens them to read:
 *			"name" and a pattern of their last component, as above, by the
 *			name that they are opened with and by their own; "shebang" and
 *			a pattern of such a component in a first line that begins with
 *			"#!"; "quiet" and a pattern as of "name": a file that is not
 *			trusted is refused and not told of, as the process can do
 *			without it; "all": every file; or "constrained": while its
 *			user or unit is constrained, every file that somebody else
 *			than root may have written
 *	inline		which of its arguments and variables are code: a grammar
 *			(grammar.h). Files that they name are code as with "reads"
 *
 * The last four are rules of a process, of one strength in all their texts.
 *
 * A kind, a strength or a text that this reader does not know makes the whole
 * manifest malformed: a restriction that is ignored is none.
 */
#ifndef EG_RULES_H
#define EG_RULES_H

#include "format.h"

/* X(CONSTANT, number, name, sentence) */
#define EG_RULES(X)                                                       \
	X(VERSION, 1, "version",                                          \
	  "what is signed under its name with a lower version is denied") \
	X(PATH, 2, "path", "it runs from there only")                     \
	X(HARDENED, 3, "hardened",                                        \
	  "variables that load code into it do nothing")                  \
	X(LIBRARIES, 4, "libraries", "it maps these executable only")     \
	X(STARTS, 5, "starts", "it executes these only")                  \
	X(READS, 6, "reads", "what it reads of these is code")            \
	X(INLINE, 7, "inline", "what its command line says is code")

enum eg_rule_kind {
#define X(id, number, name, text) EG_RULE_##id = (number),
	EG_RULES(X)
#undef X
};

/* X(CONSTANT, name): what comes of breaking one. */
#define EG_RULE_STRENGTHS(X) \
	X(DENY, "deny")      \
	X(REPORT, "report")

enum eg_rule_strength {
#define X(id, name) EG_RULE_##id,
	EG_RULE_STRENGTHS(X)
#undef X
		EG_RULE_STRENGTH_COUNT
};

#define EG_RULE_HEADER_SIZE 4
#define EG_RULE_PATH_MAX 1023
#define EG_RULE_NAME_MAX 255
#define EG_RULES_MAX 32	       /* of one identity */
#define EG_RULES_SIZE_MAX 4096 /* bytes of all of them */

struct eg_rule {
	struct eg_bytes text;
	u8 kind;
	u8 strength;
};

/**
 * eg_rules_check() - are these the rules of an identity?
 * @list: untrusted bytes; none are no rules
 * @version: of the identity
 *
 * Linear in the size of @list, which EG_RULES_SIZE_MAX bounds.
 */
bool eg_rules_check(struct eg_bytes list, u64 version);

/**
 * eg_rules_next() - take the first rule off a list
 * @list: that eg_rules_check() held good, or what is left of it
 *
 * Return: false at the end.
 */
bool eg_rules_next(struct eg_bytes *list, struct eg_rule *out);

/* May a list have more than one of this kind, as alternatives? */
bool eg_rule_repeats(u8 kind);

/* Does one of this kind bind a process, and not only the file? */
bool eg_rule_binds_process(u8 kind);

/**
 * struct eg_statement - somebody vouches for a content
 * @platform: whoever enrolled the key said that every program may load its libraries
 * @signer: fingerprint of the key, EG_SHA256_SIZE bytes
 * @name: of the identity
 * @version: of the identity
 * @rules: of the identity
 */
struct eg_statement {
	bool platform;
	const u8 *signer;
	u64 version;
	struct eg_bytes name;
	struct eg_bytes rules;
};

/**
 * eg_rule_selects() - is what somebody vouches for in the list of a rule?
 * @text: of a rule of a process, one that eg_rules_check() held good
 * @own: the statement that the rule is of
 *
 * A name costs at most its length times that of the pattern.
 */
bool eg_rule_selects(struct eg_bytes text, const struct eg_statement *own,
		     const struct eg_statement *subject);

/**
 * struct eg_opened - a file that a process opens to read
 * @name: last component of the name that it is opened with; empty where it is not
 *	known, or is @own
 * @own: last component of its own name
 * @line: its first line behind "#!", or empty
 * @exposed: the process is constrained, and not root alone may write to the file
 * @device: not a file but a terminal, say: data, as passwords and random bytes come from
 *	there, unless it is an operand (cmdline.h)
 */
struct eg_opened {
	struct eg_bytes name;
	struct eg_bytes own;
	struct eg_bytes line;
	bool exposed;
	bool device;
};

enum eg_rule_read {
	EG_RULE_READ_DATA,
	EG_RULE_READ_QUIETLY, /* code that the process can do without */
	EG_RULE_READ_CODE,
};

/**
 * eg_rule_reads() - is a file code to whoever has this rule?
 * @text: of a reads rule, one that eg_rules_check() held good
 */
enum eg_rule_read eg_rule_reads(struct eg_bytes text,
				const struct eg_opened *opened);

/* Does the answer depend on the first line? @text as above. */
bool eg_rule_reads_line(struct eg_bytes text);

/* Is there one of this kind? @list as above. */
bool eg_rules_have(struct eg_bytes list, enum eg_rule_kind kind);

/* The number that the text of a version rule is. Return: 0 if it is none. */
u64 eg_rule_number(struct eg_bytes text);

/**
 * eg_rule_path_folder() - how much of a path rule names a folder, word for word
 * @pattern: the text of a path rule
 *
 * Return: its bytes, up to a slash and without it; 0 is the root.
 */
size_t eg_rule_path_folder(struct eg_bytes pattern);

/**
 * eg_rule_path_matches() - is this path one that the pattern means?
 * @pattern: the text of a path rule, or what follows its folder; from a slash on
 * @path: the same of a path
 *
 * A star goes back to no star before it, so the steps are never more than the
 * bytes of both, multiplied.
 */
bool eg_rule_path_matches(struct eg_bytes pattern, struct eg_bytes path);

/**
 * eg_rule_write() - the bytes of one rule
 * @room: of @out
 *
 * Return: how many they are; 0 if there is no room, or none would be read.
 */
size_t eg_rule_write(const struct eg_rule *rule, u8 *out, size_t room);

#endif /* EG_RULES_H */
