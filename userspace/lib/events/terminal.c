// SPDX-License-Identifier: GPL-2.0
/*
 * The text is the denied user's own: the path is chosen by whoever is denied. So the
 * terminal must belong to the same user, or one user could write on another's, and
 * nothing in the text may drive a terminal. The check is made on the open descriptor. A
 * name that came to belong to another user's terminal meanwhile fails it; one that
 * came to another terminal of the same user does no harm.
 *
 * A terminal is its user's, who can stop it, fill it, or keep its locks busy. So a
 * process of its own writes to it, which an alarm ends, and the daemon never waits
 * for it. There are TELLERS of them at a time, each for another user.
 *
 * Before it opens the terminal that process becomes the user, so it may do there what
 * the user may and nothing more. Group tty would not do: where nobody says otherwise
 * systemd makes terminals that are open to their user alone. The user cannot look into
 * the process either, as the kernel makes one undumpable that changes its user.
 */
#include "lib/events/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/events/record.h"
#include "lib/events/told.h"

#define TELLERS 8
#define TELLER_SECONDS 2
#define USERS 32
#define LINE_SIZE (EXECGATE_TOLD_SIZE + 32)

struct user {
	uint64_t told; /* when, by the clock of the caller; 0: a free place */
	uint64_t untold;
	uint32_t uid;
};

static struct user users[USERS];
static pid_t tellers[TELLERS];

/* The user's place, or that of whoever was told longest ago. */
static struct user *user_of(uint32_t uid)
{
	struct user *oldest = users;

	for (struct user *user = users; user < users + USERS; user++) {
		if (user->told && user->uid == uid)
			return user;
		if (user->told < oldest->told)
			oldest = user;
	}
	*oldest = (struct user){ .uid = uid };
	return oldest;
}

void execgate_terminal_reap(void)
{
	for (size_t i = 0; i < TELLERS; i++)
		if (tellers[i] && waitpid(tellers[i], NULL, WNOHANG))
			tellers[i] = 0;
}

static pid_t *free_teller(void)
{
	execgate_terminal_reap();
	for (size_t i = 0; i < TELLERS; i++)
		if (!tellers[i])
			return &tellers[i];
	return NULL;
}

/* The kernel's name of a terminal: letters and digits, below pts perhaps. */
static bool is_terminal_name(const char *name)
{
	if (!strncmp(name, "pts/", 4))
		name += 4;
	return *name && !name[strspn(name, "0123456789"
					   "abcdefghijklmnopqrstuvwxyz"
					   "ABCDEFGHIJKLMNOPQRSTUVWXYZ")];
}

/* In a process of its own, which ends whatever becomes of it. */
static void tell_and_exit(const struct execgate_event *event, const char *line,
			  size_t size)
{
	char path[sizeof("/dev/") + EXECGATE_TTY_MAX];
	struct stat st;
	int fd;

	signal(SIGALRM, SIG_DFL);
	alarm(TELLER_SECONDS);
	if (setresuid(event->uid, event->uid, event->uid))
		_exit(1);
	snprintf(path, sizeof(path), "/dev/%s", event->tty);
	fd = open(path,
		  O_WRONLY | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0 && !fstat(fd, &st) && S_ISCHR(st.st_mode) &&
	    st.st_uid == event->uid && isatty(fd) &&
	    write(fd, line, size) == (ssize_t)size)
		_exit(0);
	_exit(1);
}

void execgate_terminal_tell(const struct execgate_event *event,
			    const struct execgate_config *config, uint64_t now)
{
	char text[EXECGATE_TOLD_SIZE], line[LINE_SIZE];
	struct user *user;
	pid_t *teller;
	int size;

	if (config->no_terminal || !execgate_event_denied(event) ||
	    !is_terminal_name(event->tty))
		return;
	user = user_of(event->uid);
	if (user->told && now < user->told + EXECGATE_TOLD_PAUSE_USEC) {
		user->untold++;
		return;
	}
	teller = free_teller();
	if (!teller)
		return;
	execgate_told_text(event, config, user->untold, text);
	size = snprintf(line, sizeof(line), "\r\nexecgate denied %s\r\n", text);
	user->told = now;
	user->untold = 0;
	*teller = fork();
	if (!*teller)
		tell_and_exit(event, line, (size_t)size);
	if (*teller < 0)
		*teller = 0;
}
