// SPDX-License-Identifier: GPL-2.0
#include "lib/base/names.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

struct name {
	const char *name;
	const char *text;
};

static const struct name mode_names[] = {
#define X(id, name, text) { name, text },
	EXECGATE_MODES(X)
#undef X
};

static const struct name state_names[] = {
#define X(id, name, text) { name, text },
	EXECGATE_STATES(X)
#undef X
};

static const struct name hook_names[] = {
#define X(id, name, text) { name, text },
	EXECGATE_HOOKS(X)
#undef X
};

static const struct name reason_names[] = {
#define X(id, name, text) { name, text },
	EXECGATE_REASONS(X)
#undef X
};

static const struct name carrier_names[] = {
#define X(id, name, text) { name, text },
	EXECGATE_CARRIERS(X)
#undef X
};

static const struct name profile_names[] = {
#define X(id, name, text) { name, text },
	EXECGATE_PROFILES(X)
#undef X
};

static const struct name gate_names[] = {
#define X(id, name, text, lowest) { name, text },
	EXECGATE_GATES(X)
#undef X
};

static const struct name revocation_names[] = {
#define X(id, name, text) { name, text },
	EXECGATE_REVOCATIONS(X)
#undef X
};

static const struct name constraint_names[] = {
#define X(id, name, text) { name, text },
	EXECGATE_CONSTRAINTS(X)
#undef X
};

static const struct name unknown = {
	"unknown",
	"a newer module says so, and this program is too old to know why",
};

static const struct name *name_at(const struct name *names, size_t count,
				  unsigned int number)
{
	return number < count ? &names[number] : &unknown;
}

static int name_find(const struct name *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(names[i].name, name))
			return (int)i;
	}
	return -EINVAL;
}

const char *execgate_mode_name(unsigned int mode)
{
	return name_at(mode_names, ARRAY_SIZE(mode_names), mode)->name;
}

const char *execgate_mode_text(unsigned int mode)
{
	return name_at(mode_names, ARRAY_SIZE(mode_names), mode)->text;
}

const char *execgate_hook_name(unsigned int hook)
{
	return name_at(hook_names, ARRAY_SIZE(hook_names), hook)->name;
}

const char *execgate_hook_text(unsigned int hook)
{
	return name_at(hook_names, ARRAY_SIZE(hook_names), hook)->text;
}

const char *execgate_reason_name(unsigned int reason)
{
	return name_at(reason_names, ARRAY_SIZE(reason_names), reason)->name;
}

const char *execgate_reason_text(unsigned int reason)
{
	return name_at(reason_names, ARRAY_SIZE(reason_names), reason)->text;
}

const char *execgate_carrier_name(unsigned int carrier)
{
	return name_at(carrier_names, ARRAY_SIZE(carrier_names), carrier)->name;
}

const char *execgate_profile_name(unsigned int profile)
{
	return name_at(profile_names, ARRAY_SIZE(profile_names), profile)->name;
}

const char *execgate_profile_text(unsigned int profile)
{
	return name_at(profile_names, ARRAY_SIZE(profile_names), profile)->text;
}

const char *execgate_gate_name(unsigned int gate)
{
	return name_at(gate_names, ARRAY_SIZE(gate_names), gate)->name;
}

const char *execgate_gate_text(unsigned int gate)
{
	return name_at(gate_names, ARRAY_SIZE(gate_names), gate)->text;
}

const char *execgate_state_name(unsigned int state)
{
	return name_at(state_names, ARRAY_SIZE(state_names), state)->name;
}

const struct execgate_purpose_name execgate_purpose_names[] = {
#define X(id, bit, name, text) { EXECGATE_PURPOSE_##id, name, text },
	EXECGATE_PURPOSES(X)
#undef X
		{ 0 },
};

char *execgate_purposes_text(uint32_t purposes, const char *between,
			     char text[EXECGATE_PURPOSES_TEXT])
{
	const struct execgate_purpose_name *row;
	char *end = text;

	*end = '\0';
	purposes = execgate_purposes_expand(purposes);
	for (row = execgate_purpose_names; row->purpose; row++) {
		if (!(purposes & row->purpose))
			continue;
		if (end != text)
			end = stpcpy(end, between);
		end = stpcpy(end, row->name);
	}
	return text;
}

uint32_t execgate_purpose_find(const char *name, size_t size)
{
	const struct execgate_purpose_name *row;

	for (row = execgate_purpose_names; row->purpose; row++)
		if (strlen(row->name) == size &&
		    !strncmp(row->name, name, size))
			break;
	return execgate_purposes_expand(row->purpose);
}

uint32_t execgate_purposes_parse(const char *list)
{
	uint32_t purposes = 0, one;
	size_t size;

	do {
		size = strcspn(list, ",");
		one = execgate_purpose_find(list, size);
		purposes |= one;
		list += size;
	} while (one && *list++);
	return one ? purposes : 0;
}

enum execgate_exit execgate_reason_exit(unsigned int reason)
{
	switch (reason) {
	case EXECGATE_REASON_ALLOWED:
		return EXECGATE_EXIT_OK;
	case EXECGATE_REASON_UNSIGNED:
		return EXECGATE_EXIT_UNSIGNED;
	case EXECGATE_REASON_MALFORMED:
	case EXECGATE_REASON_BAD_SIGNATURE:
	case EXECGATE_REASON_DIGEST_MISMATCH:
	case EXECGATE_REASON_ROLLBACK:
		return EXECGATE_EXIT_BAD_SIGNATURE;
	case EXECGATE_REASON_WEAK_ALGORITHM:
	case EXECGATE_REASON_UNKNOWN_SIGNER:
	case EXECGATE_REASON_EXPIRED:
	case EXECGATE_REASON_REVOKED:
	case EXECGATE_REASON_WRONG_PURPOSE:
		return EXECGATE_EXIT_KEY_NOT_TRUSTED;
	case EXECGATE_REASON_LOCKED:
	case EXECGATE_REASON_POLICY_SIGNED:
	case EXECGATE_REASON_POLICY_VERSION:
		return EXECGATE_EXIT_NO_PRIVILEGE;
	}
	return EXECGATE_EXIT_ERROR;
}

int execgate_mode_find(const char *name)
{
	return name_find(mode_names, ARRAY_SIZE(mode_names), name);
}

int execgate_state_find(const char *name)
{
	return name_find(state_names, ARRAY_SIZE(state_names), name);
}

int execgate_hook_find(const char *name)
{
	return name_find(hook_names, ARRAY_SIZE(hook_names), name);
}

int execgate_reason_find(const char *name)
{
	return name_find(reason_names, ARRAY_SIZE(reason_names), name);
}

int execgate_carrier_find(const char *name)
{
	return name_find(carrier_names, ARRAY_SIZE(carrier_names), name);
}

int execgate_profile_find(const char *name)
{
	return name_find(profile_names, ARRAY_SIZE(profile_names), name);
}

int execgate_gate_find(const char *name)
{
	return name_find(gate_names, ARRAY_SIZE(gate_names), name);
}

const char *execgate_revocation_name(unsigned int kind)
{
	return name_at(revocation_names, ARRAY_SIZE(revocation_names), kind)
		->name;
}

int execgate_revocation_find(const char *name)
{
	return name_find(revocation_names, ARRAY_SIZE(revocation_names), name);
}

const char *execgate_constraint_name(unsigned int kind)
{
	return name_at(constraint_names, ARRAY_SIZE(constraint_names), kind)
		->name;
}

int execgate_constraint_find(const char *name)
{
	return name_find(constraint_names, ARRAY_SIZE(constraint_names), name);
}
