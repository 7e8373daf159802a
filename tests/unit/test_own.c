// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "lib_support.h"
#include "lib/events/own.h"

static char own[96], logins[96];

static int make_folders(void **state)
{
	if (make_dir(state))
		return -1;
	/* Whoever reads as another user must get here. */
	if (chmod(dir, 0755))
		return -1;
	snprintf(own, sizeof(own), "%s/denials", dir);
	snprintf(logins, sizeof(logins), "%s/users", dir);
	return mkdir(logins, 0755);
}

static void log_in(uint32_t uid)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/%u", logins, uid);
	fd = open(path, O_CREAT | O_WRONLY, 0644);
	assert_true(fd >= 0);
	close(fd);
}

static void log_out(uint32_t uid)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%u", logins, uid);
	assert_int_equal(unlink(path), 0);
}

static int keep(uint32_t uid, uint64_t sequence, const char *path)
{
	struct execgate_event event = {
		.sequence = sequence,
		.uid = uid,
		.reason = EXECGATE_REASON_UNSIGNED,
		.mode = EXECGATE_MODE_ENFORCE,
	};
	struct execgate_error err;

	strcpy(event.path, path);
	return execgate_own_keep(own, logins, &event, 1, false, &err);
}

struct seen {
	uint64_t count;
	uint64_t first;
	struct execgate_event last;
};

static void see(const struct execgate_event *event, uint64_t count,
		bool repeated, void *arg)
{
	struct seen *seen = arg;

	assert_int_equal(count, 1);
	assert_false(repeated);
	if (seen->count++)
		assert_int_equal(event->sequence, seen->last.sequence + 1);
	else
		seen->first = event->sequence;
	seen->last = *event;
}

static struct seen read_all(uint32_t uid)
{
	struct execgate_own_place place = { 0 };
	struct seen seen = { .count = 0 };
	struct execgate_error err;

	assert_int_equal(execgate_own_read(own, uid, &place, see, &seen, &err),
			 0);
	return seen;
}

static struct seen read_on(struct execgate_own_place *place)
{
	struct seen seen = { .count = 0 };
	struct execgate_error err;

	assert_int_equal(execgate_own_read(own, 1000, place, see, &seen, &err),
			 0);
	return seen;
}

static void test_there_and_back(void **state)
{
	struct seen seen;

	(void)state;
	assert_int_equal(read_all(1000).count, 0);
	log_in(1000);
	assert_int_equal(keep(1000, 7, "/srv/a\nb \xff"), 0);
	assert_int_equal(keep(1000, 8, "/srv/x"), 0);
	seen = read_all(1000);
	assert_int_equal(seen.count, 2);
	assert_int_equal(seen.first, 7);
	assert_string_equal(seen.last.path, "/srv/x");
	assert_int_equal(seen.last.reason, EXECGATE_REASON_UNSIGNED);
	assert_int_equal(seen.last.mode, EXECGATE_MODE_ENFORCE);
	assert_int_equal(seen.last.uid, 1000);
	assert_int_equal(read_all(1001).count, 0);
}

static off_t size_of(const char *name)
{
	char path[192];
	struct stat st;

	snprintf(path, sizeof(path), "%s/1000/%s", own, name);
	assert_int_equal(stat(path, &st), 0);
	return st.st_size;
}

/* What a flood takes is bounded, and the newest stay. */
static void test_flood(void **state)
{
	struct seen seen;

	(void)state;
	log_in(1000);
	log_in(1001);
	assert_int_equal(keep(1001, 1, "/srv/other"), 0);
	for (uint64_t i = 1; i <= 3000; i++)
		assert_int_equal(keep(1000, i, "/srv/x"), 0);
	seen = read_all(1000);
	assert_int_equal(seen.last.sequence, 3000);
	assert_true(seen.count > 100 && seen.count < 1500);
	assert_true(size_of("log") <= EXECGATE_OWN_SIZE_MAX);
	assert_true(size_of("log.old") <= EXECGATE_OWN_SIZE_MAX);
	assert_int_equal(read_all(1001).count, 1);
}

/* One that is being written, and one whose size is a lie. */
static void test_cut(void **state)
{
	static const uint8_t lie[] = { 0xff, 0xff, 0xff, 0xff, 'x' };
	char path[192];
	int fd;

	(void)state;
	log_in(1000);
	for (uint64_t i = 1; i <= 2; i++)
		assert_int_equal(keep(1000, i, "/srv/x"), 0);
	snprintf(path, sizeof(path), "%s/1000/log", own);
	assert_int_equal(truncate(path, size_of("log") - 1), 0);
	assert_int_equal(read_all(1000).count, 1);
	fd = open(path, O_WRONLY | O_TRUNC);
	assert_int_equal(write(fd, lie, sizeof(lie)), sizeof(lie));
	close(fd);
	assert_int_equal(read_all(1000).count, 0);
	assert_int_equal(truncate(path, 3), 0);
	assert_int_equal(read_all(1000).count, 0);
}

/* Who reads on sees each once, over a change of logs and over a new login. */
static void test_reading_on(void **state)
{
	struct execgate_own_place place = { 0 };
	uint64_t last = 0;
	struct seen seen;

	(void)state;
	log_in(1000);
	assert_int_equal(read_on(&place).count, 0);
	for (uint64_t i = 1; i <= 2000; i++) {
		assert_int_equal(keep(1000, i, "/srv/x"), 0);
		if (i % 7)
			continue;
		seen = read_on(&place);
		assert_int_equal(seen.count, 7);
		assert_int_equal(seen.first, last + 1);
		last = seen.last.sequence;
	}
	assert_true(size_of("log.old") > 0);
	assert_int_equal(read_on(&place).count, 2000 - last);
	assert_int_equal(read_on(&place).count, 0);
	log_out(1000);
	log_in(1001);
	assert_int_equal(keep(1001, 1, "/srv/other"), 0);
	log_in(1000);
	assert_int_equal(keep(1000, 3001, "/srv/x"), 0);
	seen = read_on(&place);
	assert_int_equal(seen.count, 1);
	assert_int_equal(seen.last.sequence, 3001);
}

/* One of which only a part is there yet is seen when it is whole. */
static void test_reading_on_cut(void **state)
{
	struct execgate_own_place place = { 0 };
	char path[192], cut[8];
	off_t size;
	int fd;

	(void)state;
	log_in(1000);
	assert_int_equal(keep(1000, 1, "/srv/x"), 0);
	assert_int_equal(read_on(&place).count, 1);
	assert_int_equal(keep(1000, 2, "/srv/x"), 0);
	snprintf(path, sizeof(path), "%s/1000/log", own);
	size = size_of("log") - (off_t)sizeof(cut);
	fd = open(path, O_RDWR | O_APPEND);
	assert_int_equal(pread(fd, cut, sizeof(cut), size), sizeof(cut));
	assert_int_equal(ftruncate(fd, size), 0);
	assert_int_equal(read_on(&place).count, 0);
	assert_int_equal(write(fd, cut, sizeof(cut)), sizeof(cut));
	close(fd);
	assert_int_equal(read_on(&place).last.sequence, 2);
}

static void test_who_has_none(void **state)
{
	uint32_t uid;

	(void)state;
	assert_int_equal(keep(100000, 1, "/srv/x"), -ENOENT);
	for (uid = 1; uid <= EXECGATE_OWN_USERS_MAX; uid++) {
		log_in(uid);
		assert_int_equal(keep(uid, uid, "/srv/x"), 0);
	}
	log_in(uid);
	assert_int_equal(keep(uid, 1, "/srv/x"), -EDQUOT);
	log_out(1);
	assert_int_equal(keep(uid, 1, "/srv/x"), 0);
	assert_int_equal(read_all(uid).count, 1);
	assert_int_equal(read_all(1).count, 0);
	assert_int_equal(read_all(2).count, 1);
}

/* As root, the only one who can: each user reads the own ones and no other's. */
static int read_as(uint32_t reader, uint32_t uid)
{
	struct execgate_own_place place = { 0 };
	struct seen seen = { .count = 0 };
	struct execgate_error err;
	int status;
	pid_t child = fork();

	if (!child) {
		if (setuid(reader))
			_exit(100);
		if (execgate_own_read(own, uid, &place, see, &seen, &err) ==
		    -EACCES)
			_exit(101);
		_exit((int)seen.count);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void test_who_may_read(void **state)
{
	mode_t before = umask(077);

	(void)state;
	log_in(1000);
	log_in(1001);
	assert_int_equal(keep(1000, 1, "/srv/x"), 0);
	assert_int_equal(keep(1001, 1, "/srv/y"), 0);
	umask(before);
	if (getuid())
		return;
	assert_int_equal(read_as(1000, 1000), 1);
	assert_int_equal(read_as(1001, 1001), 1);
	assert_int_equal(read_as(1000, 1001), 101);
	assert_int_equal(read_as(1001, 1000), 101);
	assert_int_equal(read_as(65534, 1000), 101);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_there_and_back,
						make_folders, remove_dir),
		cmocka_unit_test_setup_teardown(test_flood, make_folders,
						remove_dir),
		cmocka_unit_test_setup_teardown(test_cut, make_folders,
						remove_dir),
		cmocka_unit_test_setup_teardown(test_reading_on, make_folders,
						remove_dir),
		cmocka_unit_test_setup_teardown(test_reading_on_cut,
						make_folders, remove_dir),
		cmocka_unit_test_setup_teardown(test_who_has_none, make_folders,
						remove_dir),
		cmocka_unit_test_setup_teardown(test_who_may_read, make_folders,
						remove_dir),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
