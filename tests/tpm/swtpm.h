/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A TPM of software for each test, and the root of the machine, who has tpm2-tools. It is
 * "rebooted" by being started anew over the same state.
 */
#ifndef EXECGATE_TEST_SWTPM_H
#define EXECGATE_TEST_SWTPM_H

#include <limits.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "lib/crypto/tpm.h"
#include "lib_support.h"

/* As the man page tells an administrator. */
#define INDEX_A "0x18e6a70"
#define INDEX_B "0x18e6a71"
/* The attributes of both, as tpm2_nvdefine says them. */
#define OURS "authread|ownerread|authwrite|writedefine|no_da"

/* Its TCTI, in the test's folder. */
static char tpm[128];
static pid_t tpm_pid;

static void wait_for(const char *path)
{
	const struct timespec moment = { .tv_nsec = 10 * 1000 * 1000 };
	struct stat st;

	while (stat(path, &st))
		nanosleep(&moment, NULL);
}

static void exec_swtpm(void)
{
	char state[96], server[96], control[96], log[96];

	snprintf(state, sizeof(state), "dir=%s/state", dir);
	snprintf(server, sizeof(server), "type=unixio,path=%s/tpm", dir);
	snprintf(control, sizeof(control), "type=unixio,path=%s/tpm.ctrl", dir);
	/* It tells of each client that leaves. */
	snprintf(log, sizeof(log), "%s/log", dir);
	if (!freopen(log, "a", stderr))
		_exit(126);
	execlp("swtpm", "swtpm", "socket", "--tpm2", "--tpmstate", state,
	       "--server", server, "--ctrl", control, "--flags",
	       "not-need-init,startup-clear", NULL);
	_exit(127);
}

/*
 * Its sockets are there before it listens, and it has one client at a time: for a moment
 * after a client has left, it takes no other.
 */
static void wait_for_tpm(void)
{
	struct execgate_error err;
	uint64_t version;

	for (int i = 0; i < 300; i++) {
		if (!execgate_tpm_read(tpm, &version, &err) ||
		    !strstr(err.message, "cannot open the TPM"))
			break;
		usleep(10 * 1000);
	}
}

static void start_tpm(void)
{
	char path[96];
	int status;

	snprintf(path, sizeof(path), "%s/state", dir);
	mkdir(path, 0700);
	tpm_pid = fork();
	assert_true(tpm_pid >= 0);
	if (!tpm_pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		exec_swtpm();
	}
	/* Without swtpm the test fails here, and not after a wait without end. */
	snprintf(path, sizeof(path), "%s/tpm", dir);
	for (int i = 0; access(path, F_OK) && i < 3000; i++) {
		assert_int_equal(waitpid(tpm_pid, &status, WNOHANG), 0);
		usleep(10 * 1000);
	}
	snprintf(path, sizeof(path), "%s/tpm.ctrl", dir);
	wait_for(path);
	snprintf(tpm, sizeof(tpm), "swtpm:path=%s/tpm", dir);
	wait_for_tpm();
}

static void stop_tpm(void)
{
	char path[96];

	kill(tpm_pid, SIGTERM);
	waitpid(tpm_pid, NULL, 0);
	snprintf(path, sizeof(path), "%s/tpm", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/tpm.ctrl", dir);
	unlink(path);
}

__attribute__((unused)) static void reboot_tpm(void)
{
	stop_tpm();
	start_tpm();
}

/* Another one in its place. */
__attribute__((unused)) static void replace_tpm(void)
{
	char command[160];

	stop_tpm();
	snprintf(command, sizeof(command), "rm -r %s/state", dir);
	assert_int_equal(system(command), 0);
	start_tpm();
}

static int begin_tpm(void **state)
{
	if (make_dir(state))
		return -1;
	start_tpm();
	return 0;
}

static int end_tpm(void **state)
{
	stop_tpm();
	return remove_dir(state);
}

/* A command of tpm2-tools in the test's folder, with "-T" of the TPM; its status. */
__attribute__((format(printf, 1, 2))) static int by_root(const char *format,
							 ...)
{
	char words[512], command[1024];
	va_list args;
	int status;

	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	snprintf(command, sizeof(command),
		 "cd %s && export TPM2TOOLS_TCTI=%s TSS2_LOG=all+none && "
		 "{ %s; } >out 2>&1",
		 dir, tpm, words);
	status = system(command);
	assert_true(WIFEXITED(status));
	wait_for_tpm();
	return WEXITSTATUS(status);
}

/* The TPM itself said that to the last command. */
__attribute__((unused)) static void assert_said(const char *words)
{
	char command[256];

	snprintf(command, sizeof(command), "grep -q '%s' %s/out", words, dir);
	if (system(command)) {
		snprintf(command, sizeof(command), "cat %s/out >&2", dir);
		fail_msg("no \"%s\" %d", words, system(command));
	}
}

#endif /* EXECGATE_TEST_SWTPM_H */
