// SPDX-License-Identifier: GPL-2.0
/*
 * Runs the command of a guest and sends what came of it over virtio ports: vm.out, vm.err, vm.log, vm.status.
 *
 * One static program: from the start of the command on nothing more is executed or mapped, so a result comes back
 * even if the gate under test ends up refusing everything.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define COMMAND "/vm/command" /* arguments, each ended by a NUL */
#define MAX_ARGS 1024
#define KLOG_READ_ALL 3
#define KLOG_SIZE 10

static void power_off(void)
{
	sync();
	reboot(RB_POWER_OFF);
	_exit(1);
}

static void fail(const char *what)
{
	fprintf(stderr, "vm agent: %s: %s\n", what, strerror(errno));
	/* Else the machine is off before the console has it. */
	tcdrain(STDERR_FILENO);
	power_off();
}

/* -1: it is not there yet. */
static int try_port(const char *name)
{
	char line[64], path[64];
	glob_t ports;
	int fd = -1;

	if (glob("/sys/class/virtio-ports/vport*", 0, NULL, &ports))
		return -1;
	for (size_t i = 0; i < ports.gl_pathc && fd < 0; i++) {
		FILE *file;

		snprintf(path, sizeof(path), "%s/name", ports.gl_pathv[i]);
		file = fopen(path, "re");
		if (!file)
			continue;
		if (fgets(line, sizeof(line), file) &&
		    !strcmp(strtok(line, "\n"), name)) {
			snprintf(path, sizeof(path), "/dev/%s",
				 strrchr(ports.gl_pathv[i], '/') + 1);
			fd = open(path, O_WRONLY | O_CLOEXEC);
		}
		fclose(file);
	}
	globfree(&ports);
	return fd;
}

/* The emulator announces its ports one after another, when the driver is there already. */
static int open_port(const char *name)
{
	int fd = try_port(name);

	for (int tries = 0; fd < 0 && tries < 600; tries++) {
		usleep(50000);
		fd = try_port(name);
	}
	if (fd < 0)
		fail(name);
	return fd;
}

static void write_all(int fd, const char *data, size_t size)
{
	while (size) {
		ssize_t done = write(fd, data, size);

		if (done < 0 && errno != EINTR)
			fail("write to a port");
		if (done > 0) {
			data += done;
			size -= done;
		}
	}
}

static char **read_command(void)
{
	static char text[1 << 17], *args[MAX_ARGS + 1];
	int fd = open(COMMAND, O_RDONLY | O_CLOEXEC), count = 0;
	ssize_t size = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (size <= 0)
		fail(COMMAND);
	for (char *arg = text; arg < text + size && count < MAX_ARGS;
	     arg += strlen(arg) + 1)
		args[count++] = arg;
	close(fd);
	return args;
}

static pid_t start(char **args, int out, int err)
{
	pid_t child = fork();

	if (child < 0)
		fail("fork");
	if (child)
		return child;
	setsid();
	if (dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), 0) < 0 ||
	    dup2(out, 1) < 0 || dup2(err, 2) < 0)
		_exit(126);
	execvp(args[0], args);
	dprintf(2, "vm agent: %s: %s\n", args[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

/* Passes on what is there now; false at the end of the stream. */
static int relay(int from, int to)
{
	static char data[1 << 16];
	ssize_t size = read(from, data, sizeof(data));

	if (size > 0)
		write_all(to, data, size);
	return size > 0 || (size < 0 && (errno == EAGAIN || errno == EINTR));
}

/*
 * A background process may hold a stream open for ever: what it writes after the command's end is not the command's.
 * As process 1 this also reaps orphans, hence waitpid(-1).
 */
static int relay_until_exit(pid_t child, const int *pipes, const int *ports)
{
	struct pollfd polls[2] = { { .fd = pipes[0], .events = POLLIN },
				   { .fd = pipes[1], .events = POLLIN } };
	int status = 0, ended = 0;

	for (;;) {
		int ready, got;
		pid_t pid;

		while ((pid = waitpid(-1, &got, WNOHANG)) > 0) {
			if (pid == child) {
				status = got;
				ended = 1;
			}
		}
		ready = poll(polls, 2, ended ? 0 : 50);
		if (ended && ready <= 0)
			break;
		for (int i = 0; i < 2; i++) {
			if (polls[i].fd >= 0 && polls[i].revents &&
			    !relay(polls[i].fd, ports[i]))
				polls[i].fd = -1;
		}
		if (ended && polls[0].fd < 0 && polls[1].fd < 0)
			break;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void send_kernel_log(int port)
{
	int size = klogctl(KLOG_SIZE, NULL, 0);
	char *log = size > 0 ? malloc(size) : NULL;

	if (log)
		size = klogctl(KLOG_READ_ALL, log, size);
	if (!log || size < 0)
		fail("kernel log");
	write_all(port, log, size);
}

int main(void)
{
	int ports[2], pipes[2], out[2], err[2], log, result, status;
	char text[16];
	pid_t child;

	signal(SIGPIPE, SIG_IGN);
	ports[0] = open_port("vm.out");
	ports[1] = open_port("vm.err");
	log = open_port("vm.log");
	result = open_port("vm.status");

	if (pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC))
		fail("pipe");
	child = start(read_command(), out[1], err[1]);
	close(out[1]);
	close(err[1]);
	pipes[0] = out[0];
	pipes[1] = err[0];
	fcntl(pipes[0], F_SETFL, O_NONBLOCK);
	fcntl(pipes[1], F_SETFL, O_NONBLOCK);

	status = relay_until_exit(child, pipes, ports);
	send_kernel_log(log);
	write_all(result, text, snprintf(text, sizeof(text), "%d\n", status));
	power_off();
}
