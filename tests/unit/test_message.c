// SPDX-License-Identifier: GPL-2.0
/* Every MESSAGE_ID has its entry in the catalog, with our names and texts. */
#include <ctype.h>

#include "lib_support.h"
#include "lib/events/message.h"
#include "lib/base/names.h"

#define CATALOG "userspace/systemd/execgate.catalog"

static char *catalog;

static int read_catalog(void **state)
{
	FILE *file = fopen(CATALOG, "r");
	size_t size;

	(void)state;
	catalog = calloc(1, 1 << 20);
	if (!file || !catalog)
		return -1;
	size = fread(catalog, 1, (1 << 20) - 1, file);
	fclose(file);
	return size ? 0 : -1;
}

static int free_catalog(void **state)
{
	(void)state;
	free(catalog);
	return 0;
}

/* The text of the one entry with this id, up to the next. Caller frees. */
static char *entry(const char *id)
{
	char head[64];
	const char *from, *to;

	snprintf(head, sizeof(head), "\n-- %s\n", id);
	from = strstr(catalog, head);
	if (!from)
		fail_msg("there is no entry %s in " CATALOG, id);
	if (strstr(from + 1, head))
		fail_msg("there are two entries %s in " CATALOG, id);
	to = strstr(from + 1, "\n-- ");
	return to ? strndup(from, (size_t)(to - from)) : strdup(from);
}

static void expect_in(const char *text, const char *part, const char *id)
{
	if (!strstr(text, part))
		fail_msg("entry %s has no \"%s\"", id, part);
}

/* Its subject, who defined it, and words about what to do. */
static void check_entry(const char *id, const char *subject)
{
	char *text = entry(id), *body;

	expect_in(text, subject, id);
	expect_in(text, "\nDefined-By: execgate\n", id);
	expect_in(text, "\nDocumentation: man:", id);
	body = strstr(text, "\n\n");
	if (!body || strlen(body) < 80)
		fail_msg("entry %s explains nothing", id);
	free(text);
}

static void test_denials(void **state)
{
	char id[EXECGATE_MESSAGE_ID_SIZE], subject[256];

	(void)state;
	for (unsigned int i = 1; i < EXECGATE_REASON_COUNT; i++) {
		execgate_message_denial_id(i, id);
		snprintf(subject, sizeof(subject),
			 "\nSubject: Code was denied: %s\n",
			 execgate_reason_text(i));
		check_entry(id, subject);
	}
}

static const enum execgate_message messages[] = {
#define X(id, number, name) EXECGATE_MESSAGE_##id,
	EXECGATE_MESSAGES(X)
#undef X
};

static void test_daemon(void **state)
{
	char id[EXECGATE_MESSAGE_ID_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++)
		check_entry(execgate_message_id(messages[i], id),
			    "\nSubject: ");
}

static void test_nothing_else(void **state)
{
	unsigned int count = 0;

	(void)state;
	for (const char *p = catalog; (p = strstr(p, "\n-- ")); p++)
		count++;
	assert_int_equal(count,
			 EXECGATE_REASON_COUNT - 1 + ARRAY_SIZE(messages));
}

static void test_form(void **state)
{
	char id[EXECGATE_MESSAGE_ID_SIZE];

	(void)state;
	execgate_message_denial_id(EXECGATE_REASON_UNSIGNED, id);
	assert_int_equal(strlen(id), 32);
	for (size_t i = 0; i < 32; i++)
		assert_true(isxdigit(id[i]) && !isupper(id[i]));
	/* An interface: journal queries of administrators have it. */
	assert_string_equal(id, "9f97cad952584a27ae2f767c26900101");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_denials),
		cmocka_unit_test(test_daemon),
		cmocka_unit_test(test_nothing_else),
		cmocka_unit_test(test_form),
	};

	return cmocka_run_group_tests(tests, read_catalog, free_catalog);
}
