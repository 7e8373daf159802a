// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib_support.h"
#include "lib/events/resume.h"

static char path[64];

static int make_path(void **state)
{
	int fd;

	(void)state;
	strcpy(path, "/tmp/execgate-resume.XXXXXX");
	fd = mkstemp(path);
	if (fd < 0)
		return -1;
	close(fd);
	return unlink(path);
}

static int remove_path(void **state)
{
	(void)state;
	return unlink(path);
}

/* A daemon in a process of its own, for a lock is the process's. */
static pid_t daemon_start(uint64_t next)
{
	struct execgate_resume *resume;
	int ready[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		if (execgate_resume_open(path, &resume, NULL))
			_exit(1);
		resume->instance = 42;
		resume->cursor.next = next;
		resume->dedup.slots[3].repeats = 17;
		resume->dedup.slots[3].used = 1;
		if (write(ready[1], "x", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

static void daemon_kill(pid_t pid)
{
	int status;

	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
}

static void test_survives_kill(void **state)
{
	struct execgate_resume *resume;
	struct execgate_error err;
	uint64_t instance, next;
	struct stat st;
	pid_t pid;

	(void)state;
	assert_int_equal(execgate_resume_owner(path), 0);
	pid = daemon_start(4711);
	assert_int_equal(execgate_resume_owner(path), pid);
	assert_int_equal(execgate_resume_peek(path, &instance, &next), 0);
	assert_int_equal(instance, 42);
	assert_int_equal(next, 4711);
	assert_int_equal(execgate_resume_open(path, &resume, &err), -EBUSY);
	daemon_kill(pid);
	assert_int_equal(execgate_resume_owner(path), 0);
	assert_int_equal(execgate_resume_open(path, &resume, &err), 0);
	assert_int_equal(resume->cursor.next, 4711);
	assert_int_equal(resume->dedup.slots[3].repeats, 17);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	munmap(resume, sizeof(*resume));
}

static void scribble(off_t at, const void *bytes, size_t size)
{
	int fd = open(path, O_WRONLY);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, size, at), size);
	close(fd);
}

/* Of another version, or of another boot: starts anew. */
static void test_foreign_file(void **state)
{
	static const off_t places[] = {
		offsetof(struct execgate_resume, magic),
		offsetof(struct execgate_resume, version),
		offsetof(struct execgate_resume, size),
		offsetof(struct execgate_resume, boot_id),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		struct execgate_resume *resume;

		daemon_kill(daemon_start(4711));
		scribble(places[i], "?", 1);
		assert_int_equal(execgate_resume_open(path, &resume, NULL), 0);
		assert_int_equal(resume->cursor.next, 1);
		assert_int_equal(resume->instance, 0);
		assert_int_equal(resume->configured_mode, -1);
		assert_int_equal(resume->dedup.slots[3].used, 0);
		munmap(resume, sizeof(*resume));
		assert_int_equal(unlink(path), 0);
	}
	daemon_kill(daemon_start(1));
}

/* Texts without an end would be read past their arrays. */
static void test_torn_file(void **state)
{
	struct execgate_event *event;
	struct execgate_resume *resume;
	char junk[sizeof(*event)];

	(void)state;
	daemon_kill(daemon_start(7));
	memset(junk, 'A', sizeof(junk));
	scribble(offsetof(struct execgate_resume, dedup.slots[0].event), junk,
		 sizeof(junk));
	assert_int_equal(execgate_resume_open(path, &resume, NULL), 0);
	event = &resume->dedup.slots[0].event;
	assert_int_equal(strlen(event->path), EXECGATE_PATH_MAX);
	assert_int_equal(strlen(event->exe), EXECGATE_PATH_MAX);
	assert_int_equal(strlen(event->comm), EXECGATE_COMM_MAX);
	assert_int_equal(strlen(event->identity), EXECGATE_IDENTITY_MAX);
	munmap(resume, sizeof(*resume));
}

static void test_symlink(void **state)
{
	struct execgate_resume *resume;
	struct execgate_error err;

	(void)state;
	assert_int_equal(symlink("/tmp/execgate-elsewhere", path), 0);
	assert_int_equal(execgate_resume_open(path, &resume, &err), -ELOOP);
}

#define WITH_PATH(test) \
	cmocka_unit_test_setup_teardown(test, make_path, remove_path)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WITH_PATH(test_survives_kill),
		WITH_PATH(test_foreign_file),
		WITH_PATH(test_torn_file),
		WITH_PATH(test_symlink),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
