// SPDX-License-Identifier: GPL-2.0
/*
 * The boot walk: the daemon is started as at boot, one thing goes wrong, and what comes of
 * it is looked at. This process executes nothing of its own once the gate may be closed,
 * and opens it again by netlink.
 *
 * A start that fails is made again, as systemd does. The outcome is "enforce" (an
 * unsigned program is refused), "closed" (so is a signed one), "loud" (not enforced, and
 * both the log and a login say so) or "SILENT".
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/execgate.h>

#include "attack.h"

#define NOTIFY "/run/walk.notify"
#define LOG "/run/walk.log"
#define NOTICE "/run/walk.notice"
#define KILL (-1)

/* Of the daemon's unit: it would be killed and started again. */
#define STARTS 3
#define TICKS_A_SECOND 20
#define START_TICKS (40 * TICKS_A_SECOND)
/* The daemon asks again after five seconds for what the kernel did not take. */
#define SETTLE_TICKS (12 * TICKS_A_SECOND)

enum outcome {
	ENFORCE,
	CLOSED,
	LOUD,
	SILENT,
	OUTCOMES,
};

static const char *const names[] = { "enforce", "closed", "loud", "SILENT" };

/**
 * struct walk - what is walked
 * @evil, @good: programs nobody signed, and somebody
 * @daemon: how it is called
 * @at: which of its system calls goes wrong; 0 = none
 * @with: the errno, or KILL
 * @loads: the daemon finds no module and loads it
 * @came: it made that many at least, so that something went wrong
 * @hung: starts that were given up
 */
struct walk {
	const char *evil;
	const char *good;
	char **daemon;
	unsigned int at;
	int with;
	bool loads;
	bool came;
	unsigned int hung;
};

static void tick(void)
{
	usleep(1000000 / TICKS_A_SECOND);
}

static void unload(void)
{
	for (unsigned int i = 0; i < START_TICKS; i++) {
		if (!syscall(SYS_delete_module, "execgate", O_NONBLOCK) ||
		    errno == ENOENT)
			return;
		tick();
	}
	broken("delete_module");
}

/*
 * To unload the module takes seconds, so only where the daemon's loading of it is walked:
 * a gate in audit without keys is as open, and leaves the daemon as much to do.
 */
static void open_gate(const struct walk *walk)
{
	uint32_t mode, state;

	if (!gate_is(&mode, &state))
		return;
	if (!gate_set(walk->loads ? EXECGATE_MODE_OFF : EXECGATE_MODE_AUDIT))
		broken("open the gate");
	if (walk->loads)
		unload();
	else
		gate_forget_keys();
}

static int listen_for_ready(void)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = NOTIFY };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	unlink(NOTIFY);
	if (fd < 0 || bind(fd, (void *)&name, sizeof(name)))
		broken(NOTIFY);
	return fd;
}

static bool is_ready(int fd)
{
	char text[4096];
	ssize_t size = recv(fd, text, sizeof(text) - 1, 0);

	while (size > 0) {
		text[size] = '\0';
		if (strstr(text, "READY=1"))
			return true;
		size = recv(fd, text, sizeof(text) - 1, 0);
	}
	return false;
}

static pid_t start(const struct walk *walk, bool traced)
{
	pid_t pid = fork();
	int log;

	if (pid < 0)
		broken("fork");
	if (pid)
		return pid;
	log = open(LOG, O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (log < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0 ||
	    setenv("NOTIFY_SOCKET", NOTIFY, 1) ||
	    (traced && ptrace(PTRACE_TRACEME, 0, NULL, NULL)))
		_exit(ATTACK_BROKEN);
	execv(walk->daemon[0], walk->daemon);
	_exit(127);
}

/* On to where it enters or leaves its next system call. Return: it is there. */
static bool next_stop(pid_t pid)
{
	int status;

	if (ptrace(PTRACE_SYSCALL, pid, NULL, NULL) ||
	    waitpid(pid, &status, 0) != pid)
		broken("ptrace");
	return WIFSTOPPED(status);
}

/* At the entry: no such call is made, and this is its answer. */
static void answer_for_kernel(pid_t pid, int error)
{
#ifdef __x86_64__
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, pid, NULL, &regs))
		broken("registers");
	regs.orig_rax = (unsigned long long)-1;
	if (ptrace(PTRACE_SETREGS, pid, NULL, &regs) || !next_stop(pid) ||
	    ptrace(PTRACE_GETREGS, pid, NULL, &regs))
		broken("registers");
	regs.rax = (unsigned long long)-(long long)error;
	if (ptrace(PTRACE_SETREGS, pid, NULL, &regs))
		broken("registers");
#else
	(void)pid, (void)error;
	broken("registers of another machine");
#endif
}

/* Return: it came so far before it was ready. It runs on alone, or is dead. */
static bool spoil(const struct walk *walk, pid_t pid, int ready)
{
	int status;

	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		broken("exec of the daemon");
	for (unsigned int i = 1; i < walk->at; i++) {
		if (!next_stop(pid) || !next_stop(pid) || is_ready(ready))
			return false;
	}
	if (!next_stop(pid))
		return false;
	if (walk->with == KILL)
		kill(pid, SIGKILL);
	else
		answer_for_kernel(pid, walk->with);
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
	return true;
}

static bool has_ended(pid_t *pid)
{
	int status;

	if (waitpid(*pid, &status, WNOHANG) != *pid)
		return false;
	*pid = 0;
	return true;
}

static void end(pid_t *pid)
{
	if (!*pid)
		return;
	kill(*pid, SIGKILL);
	waitpid(*pid, NULL, 0);
	*pid = 0;
}

static bool enforces(void)
{
	uint32_t mode, state;

	return gate_is(&mode, &state) && mode == EXECGATE_MODE_ENFORCE &&
	       state == EXECGATE_STATE_GATING;
}

/*
 * Where it waits for events, the call that was answered for it may have been the one that
 * says it is ready: a gate that is closed is as good.
 */
static bool wait_for_start(int ready, pid_t *pid)
{
	for (unsigned int i = 0; i < START_TICKS && *pid; i++) {
		if (is_ready(ready))
			return true;
		if (!has_ended(pid))
			tick();
		if (i > START_TICKS / 8 && enforces())
			return true;
	}
	return false;
}

/* As systemd: it is started until it runs. Return: it does, or 0. */
static pid_t start_until_ready(struct walk *walk)
{
	int ready = listen_for_ready();
	pid_t pid = 0;

	for (unsigned int i = 0; i < STARTS; i++) {
		bool traced = !i && walk->at;

		pid = start(walk, traced);
		if (traced)
			walk->came = spoil(walk, pid, ready);
		/* It waits already, and waits for ever. */
		if (traced && !walk->came)
			break;
		if (wait_for_start(ready, &pid))
			break;
		walk->hung += pid != 0;
		end(&pid);
	}
	close(ready);
	return pid;
}

/* Return: its exit status, or -1 if it was refused. */
static int try(const char *program)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		execl(program, program, NULL);
		_exit(errno == EPERM || errno == EACCES ? 126 : 127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		broken("fork");
	if (!WIFEXITED(status))
		return 128;
	return WEXITSTATUS(status) == 126 ? -1 : WEXITSTATUS(status);
}

static bool login_says_so(void)
{
	struct stat st;
	int status;
	pid_t pid = fork();

	if (!pid) {
		int out = open(NOTICE, O_WRONLY | O_CREAT | O_TRUNC, 0600);

		if (dup2(out, 1) < 0)
			_exit(ATTACK_BROKEN);
		execl("/usr/bin/execgate", "execgate", "status", "--login",
		      NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || stat(NOTICE, &st))
		broken("login");
	return WIFEXITED(status) && WEXITSTATUS(status) &&
	       WEXITSTATUS(status) < ATTACK_BROKEN && st.st_size > 0;
}

static bool log_says_so(void)
{
	size_t size;
	char *log = must_read(LOG, &size);
	bool says;

	log[size] = '\0';
	says = strstr(log, "NOT ENFORCING");
	free(log);
	return says;
}

static enum outcome judge(const struct walk *walk)
{
	bool login, log;

	for (unsigned int i = 0; i < SETTLE_TICKS && !enforces(); i++)
		tick();
	if (enforces()) {
		if (try(walk->evil) >= 0)
			return SILENT;
		return try(walk->good) < 0 ? CLOSED : ENFORCE;
	}
	login = login_says_so();
	log = log_says_so();
	if (!login || !log)
		printf("login says so: %d, log: %d\n", login, log);
	return login && log ? LOUD : SILENT;
}

static enum outcome step(struct walk *walk)
{
	enum outcome outcome;
	pid_t pid;

	open_gate(walk);
	unlink(LOG);
	unlink("/run/execgate/resume");
	pid = start_until_ready(walk);
	outcome = walk->at && !walk->came ? ENFORCE : judge(walk);
	end(&pid);
	open_gate(walk);
	return outcome;
}

static void print_log(void)
{
	char *log;
	size_t size;

	log = must_read(LOG, &size);
	printf("%.*s\n", (int)(size > 4000 ? 4000 : size), log);
	free(log);
}

/* walk-once EVIL GOOD DAEMON [ARG...]: print the outcome */
static int run_once(char **argv)
{
	struct walk walk = { .evil = argv[0],
			     .good = argv[1],
			     .daemon = argv + 2 };
	enum outcome outcome = step(&walk);

	if (outcome == SILENT)
		print_log();
	printf("%s\n", names[outcome]);
	return outcome == SILENT ? 7 : 9;
}

static void print_step(const struct walk *walk, enum outcome outcome)
{
	printf("call %u, %s: %s\n", walk->at,
	       walk->with == KILL ? "killed" : strerrorname_np(walk->with),
	       names[outcome]);
	fflush(stdout);
}

/*
 * walk-calls FIRST STRIDE LOADS EVIL GOOD DAEMON [ARG...]: one system call after the other
 * fails, each in another start, until the daemon has no more before it waits.
 */
static int run_calls(char **argv)
{
	static const int errors[] = { ENOMEM, KILL, EIO };
	unsigned int first = (unsigned int)atoi(argv[0]);
	unsigned int stride = (unsigned int)atoi(argv[1]);
	unsigned int count[OUTCOMES] = { 0 }, steps = 0;
	struct walk walk = { .loads = atoi(argv[2]),
			     .evil = argv[3],
			     .good = argv[4],
			     .daemon = argv + 5 };

	for (walk.at = first;; walk.at += stride) {
		enum outcome outcome;

		walk.with = errors[steps % 3];
		outcome = step(&walk);
		if (!walk.came)
			break;
		steps++;
		count[outcome]++;
		if (outcome != ENFORCE)
			print_step(&walk, outcome);
		if (outcome == SILENT)
			print_log();
	}
	printf("of %u calls %u steps: enforce %u, closed %u, loud %u, silent %u; "
	       "%u hung\n",
	       walk.at - stride, steps, count[ENFORCE], count[CLOSED],
	       count[LOUD], count[SILENT], walk.hung);
	return steps && !count[SILENT] ? 9 : 7;
}

const struct attack walk_attacks[] = {
	{ "walk-once", run_once, 3 },
	{ "walk-calls", run_calls, 6 },
	{ NULL, NULL, 0 },
};
