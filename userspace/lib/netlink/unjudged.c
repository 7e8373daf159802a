// SPDX-License-Identifier: GPL-2.0
#include "lib/netlink/unjudged.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/array.h"
#include "lib/base/escape.h"
#include "lib/base/io.h"
#include "lib/base/processes.h"

#define COMM_SIZE 32

/* The answer about one file, executed or mapped. */
struct answer {
	dev_t dev;
	ino_t ino;
	bool is_program;
	bool refused;
};

/**
 * struct looking - one walk over the processes
 * @answers: @count of them; owned
 * @pid: the process that the walk is at
 * @is_refused: it is counted as refused
 * @ret: the first failure to ask
 */
struct looking {
	struct execgate_netlink *nl;
	struct execgate_unjudged *out;
	struct answer *answers;
	size_t count;
	pid_t pid;
	bool is_refused;
	int ret;
	struct execgate_error *err;
};

static void add_name(char *names, pid_t pid)
{
	char path[64], comm[COMM_SIZE] = "?",
		       text[EXECGATE_ESCAPE_SIZE(COMM_SIZE)];
	size_t used = strlen(names);
	int size;

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	execgate_io_read_line(path, comm, sizeof(comm));
	execgate_escape_text(text, comm, strlen(comm));
	size = snprintf(names + used, EXECGATE_UNJUDGED_NAMES - used,
			"%s%s (%d)", used ? ", " : "", text, (int)pid);
	/* Half a name is none. */
	if ((size_t)size >= EXECGATE_UNJUDGED_NAMES - used)
		names[used] = '\0';
}

/* A file that cannot be opened any more is not one that the gate refuses. */
static bool ask(struct looking *looking, const struct execgate_running *running)
{
	enum execgate_hook hook = running->is_program ?
					  EXECGATE_HOOK_BPRM_CHECK :
					  EXECGATE_HOOK_MMAP_FILE;
	struct execgate_event event;
	bool refused = false;
	int fd, ret;

	fd = open(running->open, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return false;
	ret = execgate_netlink_check(looking->nl, fd, hook, &event,
				     looking->ret ? NULL : looking->err);
	if (!ret)
		refused = event.reason != EXECGATE_REASON_ALLOWED;
	else if (!looking->ret)
		looking->ret = ret;
	close(fd);
	return refused;
}

static bool is_refused(struct looking *looking,
		       const struct execgate_running *running)
{
	struct answer *answer;

	for (size_t i = 0; i < looking->count; i++) {
		answer = &looking->answers[i];
		if (answer->ino == running->st.st_ino &&
		    answer->dev == running->st.st_dev &&
		    answer->is_program == running->is_program)
			return answer->refused;
	}
	answer = execgate_array_add(looking->answers, looking->count);
	if (!answer) {
		looking->ret = looking->ret ?: -ENOMEM;
		return false;
	}
	answer->dev = running->st.st_dev;
	answer->ino = running->st.st_ino;
	answer->is_program = running->is_program;
	answer->refused = ask(looking, running);
	looking->count++;
	return answer->refused;
}

static void look(const struct execgate_running *running, void *arg)
{
	struct looking *looking = arg;

	if (running->pid == getpid())
		return;
	if (running->pid != looking->pid) {
		looking->pid = running->pid;
		looking->is_refused = false;
		looking->out->processes++;
		add_name(looking->out->names, running->pid);
	}
	if (looking->is_refused || !is_refused(looking, running))
		return;
	looking->is_refused = true;
	looking->out->refused++;
	add_name(looking->out->refused_names, running->pid);
}

int execgate_unjudged_find(struct execgate_netlink *nl,
			   struct execgate_unjudged *out,
			   struct execgate_error *err)
{
	struct looking looking = { .nl = nl, .out = out, .err = err };

	memset(out, 0, sizeof(*out));
	execgate_processes_walk(look, &looking);
	free(looking.answers);
	if (looking.ret == -ENOMEM)
		return execgate_error_errno(err, -ENOMEM,
					    "cannot look at the processes");
	return looking.ret;
}
