// SPDX-License-Identifier: GPL-2.0
#include "lib_support.h"
#include "lib/events/message.h"
#include "lib/base/names.h"
#include "lib/events/record.h"
#include "lib/netlink/event_field.h"

static struct execgate_record record;

/* A field that was added to the list since is full as well. */
static void fill_rest(struct execgate_event *event)
{
	for (size_t i = 0; i < EXECGATE_EVENT_FIELD_COUNT; i++) {
		const struct execgate_event_field *field =
			&execgate_event_fields[i];
		char *member = (char *)event + field->offset;

		if (!(field->where & EXECGATE_WHERE_EVENT) ||
		    execgate_event_has(event, field))
			continue;
		*member = 1;
		if (field->kind == EXECGATE_EVENT_TEXT)
			memset(member, '\n', field->size);
		if (field->known)
			((char *)event)[field->known] = 1;
		assert_true(execgate_event_has(event, field));
	}
}

static struct execgate_event full_event(void)
{
	struct execgate_event event = {
		.sequence = UINT64_MAX - 1,
		.time_nsec = UINT64_MAX,
		.dev = (uint64_t)0xfff << 20 | 0xfffff,
		.ino = UINT64_MAX,
		.identity_version = UINT64_MAX,
		.reason = EXECGATE_REASON_DIGEST_MISMATCH,
		.hook = EXECGATE_HOOK_FILE_MPROTECT,
		.mode = EXECGATE_MODE_ENFORCE,
		.carrier = EXECGATE_CARRIER_TRAILER,
		.pid = UINT32_MAX,
		.tid = UINT32_MAX,
		.uid = UINT32_MAX,
		.path_cut = true,
		.has_signer = true,
		.has_digest = true,
	};

	/* The bytes that grow most when they are escaped. */
	memset(event.path, '\n', EXECGATE_PATH_MAX);
	memset(event.exe, 0xff, EXECGATE_PATH_MAX);
	memset(event.comm, '\033', EXECGATE_COMM_MAX);
	memset(event.identity, 'i', EXECGATE_IDENTITY_MAX);
	memset(event.signer, 0xab, sizeof(event.signer));
	memset(event.digest, 0x01, sizeof(event.digest));
	fill_rest(&event);
	return event;
}

/* The value of @name in the record, or NULL; @count says how often. */
static const char *field(const char *name, size_t *size, unsigned int *count)
{
	size_t length = strlen(name);
	const char *found = NULL;

	*count = 0;
	for (size_t i = 0; i < record.count; i++) {
		const char *text = record.fields[i].iov_base;

		if (record.fields[i].iov_len > length &&
		    !memcmp(text, name, length) && text[length] == '=') {
			found = text + length + 1;
			*size = record.fields[i].iov_len - length - 1;
			(*count)++;
		}
	}
	return found;
}

static void expect_field(const char *name, const void *value, size_t size)
{
	unsigned int count;
	size_t got_size = 0;
	const char *got = field(name, &got_size, &count);

	if (count != 1)
		fail_msg("%s is there %u times", name, count);
	if (got_size != size || memcmp(got, value, size))
		fail_msg("%s is %.*s", name, (int)got_size, got);
}

static void expect_text(const char *name, const char *value)
{
	expect_field(name, value, strlen(value));
}

/* The largest event fits, and comes back as it was. */
static void test_round_trip(void **state)
{
	struct execgate_event in = full_event(), out = { .sequence = 0 };
	uint64_t count = 0;

	(void)state;
	execgate_record_event(&record, &in, 12, true);
	assert_false(record.cut);
	for (size_t i = 0; i < record.count; i++)
		execgate_event_from_field(&out, &count,
					  record.fields[i].iov_base,
					  record.fields[i].iov_len);
	assert_memory_equal(&in, &out, sizeof(in));
	assert_int_equal(count, 12);
}

static void test_raw_and_escaped(void **state)
{
	struct execgate_event event = full_event();
	unsigned int times;
	size_t size = 0;
	const char *message;

	(void)state;
	strcpy(event.path, "/tmp/a\nMESSAGE=all is well\033[2J");
	execgate_record_event(&record, &event, 1, false);
	expect_text("EXECGATE_PATH", "/tmp/a\nMESSAGE=all is well\033[2J");
	message = field("MESSAGE", &size, &times);
	assert_non_null(message);
	assert_int_equal(times, 1);
	for (size_t i = 0; i < size; i++)
		assert_in_range((uint8_t)message[i], 0x20, 0x7e);
}

static void test_fields(void **state)
{
	struct execgate_event event = {
		.sequence = 5,
		.time_nsec = 17,
		.reason = EXECGATE_REASON_UNSIGNED,
		.hook = EXECGATE_HOOK_BPRM_CHECK,
		.mode = EXECGATE_MODE_ENFORCE,
		.dev = (uint64_t)259 << 20 | 2,
		.ino = 7,
		.pid = 123,
		.tid = 124,
		.uid = 1000,
		.comm = "bash",
		.path = "/tmp/x",
		.exe = "/usr/bin/bash",
	};
	char id[EXECGATE_MESSAGE_ID_SIZE];
	unsigned int times;
	size_t size;

	(void)state;
	execgate_record_event(&record, &event, 1, false);
	expect_text("MESSAGE", "execgate denied exec of /tmp/x by uid 1000 "
			       "(bash[123]): it carries no signature");
	expect_text("MESSAGE_ID",
		    execgate_message_denial_id(EXECGATE_REASON_UNSIGNED, id));
	expect_text("PRIORITY", "4");
	expect_text("EXECGATE_EVENT", "denial");
	expect_text("EXECGATE_VERDICT", "denied");
	expect_text("EXECGATE_COUNT", "1");
	expect_text("EXECGATE_SEQUENCE", "5");
	expect_text("EXECGATE_TIME_NSEC", "17");
	expect_text("EXECGATE_REASON", "unsigned");
	expect_text("EXECGATE_HOOK", "exec");
	expect_text("EXECGATE_MODE", "enforce");
	expect_text("EXECGATE_CARRIER", "none");
	expect_text("EXECGATE_PID", "123");
	expect_text("EXECGATE_TID", "124");
	expect_text("EXECGATE_UID", "1000");
	expect_text("EXECGATE_COMM", "bash");
	expect_text("EXECGATE_EXE", "/usr/bin/bash");
	expect_text("EXECGATE_DEV", "259:2");
	expect_text("EXECGATE_INO", "7");
	/* What the kernel did not say is not there, rather than empty. */
	assert_null(field("EXECGATE_SIGNER", &size, &times));
	assert_null(field("EXECGATE_DIGEST", &size, &times));
	assert_null(field("EXECGATE_IDENTITY", &size, &times));
	assert_null(field("EXECGATE_REPEATED", &size, &times));
}

static const struct {
	const char *why;
	uint32_t mode;
	uint32_t reason;
	const char *path;
	uint64_t count;
	bool repeated;
	const char *message;
} sentences[] = {
	{ "audit", EXECGATE_MODE_AUDIT, EXECGATE_REASON_UNSIGNED, "/x", 1,
	  false,
	  "execgate would deny exec of /x by uid 0 (sh[1]): it carries no "
	  "signature" },
	{ "a count", EXECGATE_MODE_ENFORCE, EXECGATE_REASON_UNSIGNED, "/x", 3,
	  true,
	  "execgate denied exec of /x by uid 0 (sh[1]): it carries no signature "
	  "(repeated 3 times)" },
	{ "a count of one", EXECGATE_MODE_ENFORCE, EXECGATE_REASON_UNSIGNED,
	  "/x", 1, true,
	  "execgate denied exec of /x by uid 0 (sh[1]): it carries no signature "
	  "(repeated 1 time)" },
	{ "no file", EXECGATE_MODE_ENFORCE, EXECGATE_REASON_ANON_EXEC, "", 1,
	  false,
	  "execgate denied exec of memory by uid 0 (sh[1]): executable memory "
	  "without a file" },
	{ "a newer module", EXECGATE_MODE_ENFORCE, EXECGATE_REASON_COUNT + 3,
	  "/x", 1, false,
	  "execgate denied exec of /x by uid 0 (sh[1]): a newer module says so, "
	  "and this program is too old to know why" },
	{ "a path that plays our sentence", EXECGATE_MODE_ENFORCE,
	  EXECGATE_REASON_UNSIGNED, "/x by uid 0 (init[1]): ok", 1, false,
	  "execgate denied exec of /x\\x20by\\x20uid\\x200\\x20(init[1]):"
	  "\\x20ok by uid 0 (sh[1]): it carries no signature" },
};

static void test_sentences(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sentences); i++) {
		struct execgate_event event = {
			.mode = sentences[i].mode,
			.reason = sentences[i].reason,
			.pid = 1,
			.comm = "sh",
		};

		print_message("%s\n", sentences[i].why);
		strcpy(event.path, sentences[i].path);
		execgate_record_event(&record, &event, sentences[i].count,
				      sentences[i].repeated);
		expect_text("MESSAGE", sentences[i].message);
	}
}

/* Who it was in the words of who administers containers. */
static void test_container(void **state)
{
	struct execgate_event event = {
		.mode = EXECGATE_MODE_ENFORCE,
		.reason = EXECGATE_REASON_UNSIGNED,
		.path = "/x",
		.comm = "sh",
		.pid = 1,
		.container = "web",
		.image = "nginx:1): ok",
	};

	(void)state;
	execgate_record_event(&record, &event, 1, false);
	expect_text("MESSAGE", "execgate denied exec of /x by uid 0 (sh[1]) in "
			       "container web (nginx:1):\\x20ok): it carries "
			       "no signature");
	expect_text("EXECGATE_CONTAINER", "web");
	expect_text("EXECGATE_IMAGE", "nginx:1): ok");
}

/* A path that is too long for the kernel to tell is not "memory". */
static void test_no_path(void **state)
{
	struct execgate_event event = {
		.mode = EXECGATE_MODE_ENFORCE,
		.reason = EXECGATE_REASON_UNSIGNED,
		.dev = (uint64_t)8 << 20 | 1,
		.ino = 77,
		.comm = "sh",
		.pid = 1,
	};

	(void)state;
	execgate_record_event(&record, &event, 1, false);
	expect_text("MESSAGE", "execgate denied exec of inode 77 of device 8:1 "
			       "by uid 0 (sh[1]): it carries no signature");
}

/* The journal holds what anybody wrote into it. */
static void test_hostile_fields(void **state)
{
	static const char *const fields[] = {
		"EXECGATE_",
		"EXECGATE_PID",
		"EXECGATE_PID=",
		"EXECGATE_PID=-1",
		"EXECGATE_PID=4294967296",
		"EXECGATE_PID=1x",
		"EXECGATE_SEQUENCE=99999999999999999999",
		"EXECGATE_DEV=1",
		"EXECGATE_SIGNER=00",
		"EXECGATE_DIGEST=zz00000000000000000000000000000000000000000000"
		"000000000000000000",
		"EXECGATE_NONSENSE=1",
		"OTHER_PID=7",
	};
	struct execgate_event event = { .sequence = 0 }, zero = event;
	uint64_t count = 1;
	char *large;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		execgate_event_from_field(&event, &count, fields[i],
					  strlen(fields[i]));
		if (memcmp(&event, &zero, sizeof(event)) || count != 1)
			fail_msg("%s was taken", fields[i]);
	}
	execgate_event_from_field(&event, &count, "EXECGATE_REASON=huh", 19);
	assert_int_equal(event.reason, UINT32_MAX);
	large = malloc(100000);
	memset(large, 'A', 100000);
	memcpy(large, "EXECGATE_COMM=", 14);
	execgate_event_from_field(&event, &count, large, 100000);
	assert_string_equal(event.comm, "");
	execgate_event_from_field(&event, &count, large, 1000);
	assert_int_equal(strlen(event.comm), EXECGATE_COMM_MAX);
	free(large);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_raw_and_escaped),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_sentences),
		cmocka_unit_test(test_no_path),
		cmocka_unit_test(test_container),
		cmocka_unit_test(test_hostile_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
