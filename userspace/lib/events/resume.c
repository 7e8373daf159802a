// SPDX-License-Identifier: GPL-2.0
#include "lib/events/resume.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/config/boots.h"
#include "lib/netlink/event_field.h"

#define MAGIC "EXGRESUM"
#define VERSION 5
#define HEAD_SIZE offsetof(struct execgate_resume, dedup)

uint64_t execgate_resume_instance(void)
{
	struct stat st;

	if (stat("/sys/module/execgate", &st))
		return 0;
	return (uint64_t)st.st_ino;
}

void execgate_resume_reset(struct execgate_resume *state, uint64_t instance)
{
	memset(&state->dedup, 0, sizeof(state->dedup));
	state->sending = 0;
	state->configured_mode = -1;
	state->configured_policy = 0;
	state->cursor.next = 1;
	state->instance = instance;
}

/* Root alone can write the file, but a torn or older one must do no harm. */
static void make_sane(struct execgate_resume *state)
{
	for (unsigned int i = 0; i < EXECGATE_DEDUP_SLOTS; i++) {
		struct execgate_event *event = &state->dedup.slots[i].event;

		for (size_t j = 0; j < EXECGATE_EVENT_FIELD_COUNT; j++) {
			const struct execgate_event_field *field =
				&execgate_event_fields[j];

			if (field->kind == EXECGATE_EVENT_TEXT)
				((char *)event)[field->offset + field->size] =
					'\0';
		}
		event->changed[sizeof(event->changed) - 1] = '\0';
	}
	if (!state->cursor.next)
		state->cursor.next = 1;
}

static void adopt_file(struct execgate_resume *state)
{
	char boot_id[sizeof(state->boot_id)] = "";

	execgate_boots_id(boot_id);
	if (!memcmp(state->magic, MAGIC, sizeof(state->magic)) &&
	    state->version == VERSION && state->size == sizeof(*state) &&
	    !memcmp(state->boot_id, boot_id, sizeof(boot_id))) {
		make_sane(state);
		return;
	}
	memset(state, 0, sizeof(*state));
	execgate_resume_reset(state, 0);
	memcpy(state->magic, MAGIC, sizeof(state->magic));
	memcpy(state->boot_id, boot_id, sizeof(boot_id));
	state->size = sizeof(*state);
	state->version = VERSION;
}

static int lock_file(int fd)
{
	struct flock request = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fcntl(fd, F_SETLK, &request))
		return errno == EACCES || errno == EAGAIN ? -EBUSY : -errno;
	return 0;
}

/* The descriptor stays open for the life of the process: it is the lock. */
int execgate_resume_open(const char *path, struct execgate_resume **out,
			 struct execgate_error *err)
{
	void *memory;
	int fd, ret;

	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return execgate_error_errno(err, -errno, "cannot open %s",
					    path);
	ret = lock_file(fd);
	if (ret == -EBUSY) {
		close(fd);
		return execgate_error_set(
			err, ret, EXECGATE_EXIT_ERROR,
			"%s is in use: execgated is running already, see "
			"\"systemctl status execgated\"",
			path);
	}
	if (!ret && ftruncate(fd, sizeof(**out)))
		ret = -errno;
	/* Memory that there is none of would be a SIGBUS at some later time. */
	if (!ret)
		ret = -posix_fallocate(fd, 0, sizeof(**out));
	if (!ret) {
		memory = mmap(NULL, sizeof(**out), PROT_READ | PROT_WRITE,
			      MAP_SHARED, fd, 0);
		if (memory == MAP_FAILED)
			ret = -errno;
	}
	if (ret) {
		close(fd);
		return execgate_error_errno(err, ret, "cannot use %s", path);
	}
	*out = memory;
	adopt_file(*out);
	return 0;
}

struct execgate_resume *execgate_resume_without(void)
{
	static struct execgate_resume state;

	adopt_file(&state);
	return &state;
}

pid_t execgate_resume_owner(const char *path)
{
	struct flock request = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	int ret = 0;

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if (fcntl(fd, F_GETLK, &request))
		ret = -errno;
	else if (request.l_type != F_UNLCK)
		ret = request.l_pid;
	close(fd);
	return ret;
}

/* A copy of the part before the table. */
static int read_head(const char *path, char head[HEAD_SIZE])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t size;

	if (fd < 0)
		return -errno;
	size = pread(fd, head, HEAD_SIZE, 0);
	close(fd);
	if (size != (ssize_t)HEAD_SIZE ||
	    memcmp(head, MAGIC, sizeof(MAGIC) - 1))
		return -EBADMSG;
	return 0;
}

int execgate_resume_peek(const char *path, uint64_t *instance,
			 uint64_t *next_sequence)
{
	char head[HEAD_SIZE];
	int ret = read_head(path, head);

	if (ret)
		return ret;
	memcpy(instance, head + offsetof(struct execgate_resume, instance),
	       sizeof(*instance));
	memcpy(next_sequence, head + offsetof(struct execgate_resume, cursor),
	       sizeof(*next_sequence));
	return 0;
}

int execgate_resume_configured(const char *path)
{
	char head[HEAD_SIZE];
	int ret = read_head(path, head);
	uint64_t instance;
	int32_t mode;

	if (ret)
		return ret == -EACCES ? ret : -1;
	memcpy(&instance, head + offsetof(struct execgate_resume, instance),
	       sizeof(instance));
	memcpy(&mode, head + offsetof(struct execgate_resume, configured_mode),
	       sizeof(mode));
	return instance == execgate_resume_instance() ? mode : -1;
}

enum execgate_gap execgate_resume_gap(const struct execgate_intent *intent,
				      const struct execgate_status *status)
{
	enum execgate_gap gap = execgate_gap_find(intent, status, -1);

	/* The daemon's file says more only where nothing else explains it. */
	if (gap != EXECGATE_GAP_NOT_SET)
		return gap;
	return execgate_gap_find(intent, status,
				 execgate_resume_configured(
					 EXECGATE_RESUME_FILE));
}
