// SPDX-License-Identifier: GPL-2.0
/*
 * Attacks that write into the memory of a process, and memory without a file:
 * the victim answers 7, and 9 once the attack has changed it.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/shm.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"
#include "machine.h"

#define MAP_SIZE 4096

static volatile int answer = 7;

static __attribute__((noinline, noclone, aligned(16))) int victim(void)
{
	__asm__ volatile("nop; nop; nop; nop; nop; nop; nop; nop");
	return answer;
}

/* A child that answers when it is let go. */
static pid_t start_victim(int *let_go)
{
	int fds[2];
	char byte;
	pid_t pid;

	if (pipe(fds))
		broken("pipe");
	pid = fork();
	if (pid < 0)
		broken("fork");
	if (pid) {
		close(fds[0]);
		*let_go = fds[1];
		return pid;
	}
	close(fds[1]);
	if (read(fds[0], &byte, 1) < 0)
		_exit(ATTACK_BROKEN);
	_exit(victim());
}

static int end_victim(pid_t pid, int let_go)
{
	int status;

	close(let_go);
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		broken("waitpid");
	return WEXITSTATUS(status);
}

static int give_up(pid_t pid, int let_go, const char *what)
{
	int result = refused(what);

	end_victim(pid, let_go);
	return result;
}

static void poke(pid_t pid)
{
	long word;

	memcpy(&word, code_9, sizeof(word));
	if (ptrace(PTRACE_POKETEXT, pid, victim, word))
		broken("POKETEXT");
}

/* Its code; or, where newer kernels allow that to tracers only, its data. */
static void overwrite(int fd)
{
	const int nine = 9;

	if (pwrite(fd, code_9, sizeof(code_9), (off_t)(uintptr_t)victim) !=
		    sizeof(code_9) &&
	    pwrite(fd, &nine, sizeof(nine), (off_t)(uintptr_t)&answer) !=
		    sizeof(nine))
		broken("pwrite");
}

/* self-mem: over our own code, which is mapped read-only */
static int run_self_mem(char **argv)
{
	int fd = open("/proc/self/mem", O_RDWR | O_CLOEXEC);

	(void)argv;
	if (fd < 0)
		return refused("open");
	overwrite(fd);
	return victim();
}

/* other-mem: over the code of another process */
static int run_other_mem(char **argv)
{
	char path[64];
	int let_go, fd;
	pid_t pid = start_victim(&let_go);

	(void)argv;
	snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return give_up(pid, let_go, "open");
	overwrite(fd);
	return end_victim(pid, let_go);
}

/* attach: by ptrace, to a process that did not ask for it */
static int run_attach(char **argv)
{
	int let_go, status;
	long attached;
	pid_t pid = start_victim(&let_go);

	(void)argv;
	fault_begin();
	attached = ptrace(PTRACE_ATTACH, pid, 0, 0);
	fault_end();
	if (attached)
		return give_up(pid, let_go, "ATTACH");
	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		broken("waitpid");
	poke(pid);
	if (ptrace(PTRACE_DETACH, pid, 0, 0))
		broken("DETACH");
	return end_victim(pid, let_go);
}

/* traceme: by ptrace, to a child that volunteers */
static int run_traceme(char **argv)
{
	pid_t pid = fork();
	int status;

	(void)argv;
	if (pid < 0)
		broken("fork");
	if (!pid) {
		if (ptrace(PTRACE_TRACEME, 0, 0, 0)) {
			status = refused("TRACEME");
			fflush(stdout);
			_exit(status);
		}
		raise(SIGSTOP);
		_exit(victim());
	}
	if (waitpid(pid, &status, 0) != pid)
		broken("waitpid");
	if (WIFSTOPPED(status)) {
		poke(pid);
		if (ptrace(PTRACE_CONT, pid, 0, 0) ||
		    waitpid(pid, &status, 0) != pid)
			broken("CONT");
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : ATTACK_BROKEN;
}

/* vm-write: process_vm_writev into another process's data */
static int run_vm_write(char **argv)
{
	int nine = 9, let_go;
	pid_t pid = start_victim(&let_go);
	struct iovec from = { &nine, sizeof(nine) };
	struct iovec to = { (void *)(uintptr_t)&answer, sizeof(answer) };

	(void)argv;
	if (process_vm_writev(pid, &from, 1, &to, 1, 0) != sizeof(nine))
		return give_up(pid, let_go, "process_vm_writev");
	return end_victim(pid, let_go);
}

/* exe-file FILE: pass for FILE; as far as the kernel's own check, "mapped" */
static int run_exe_file(char **argv)
{
	int fd = must_open(argv[0], O_RDONLY);

	if (!prctl(PR_SET_MM, PR_SET_MM_EXE_FILE, fd, 0, 0) || errno == EBUSY)
		return 9;
	return refused("prctl");
}

/* anon-rwx, anon-shared: executable at once */
static int anonymous(int flags)
{
	void *p = mmap(NULL, MAP_SIZE, PROT_READ | PROT_WRITE | PROT_EXEC,
		       flags | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return refused("mmap");
	memcpy(p, code_9, sizeof(code_9));
	return call(p);
}

static int run_anon_rwx(char **argv)
{
	(void)argv;
	return anonymous(MAP_PRIVATE);
}

static int run_anon_shared(char **argv)
{
	(void)argv;
	return anonymous(MAP_SHARED);
}

static int run_hugetlb(char **argv)
{
	(void)argv;
	return anonymous(MAP_PRIVATE | MAP_HUGETLB);
}

/* anon-implied: to read only; the personality adds the rest */
static int run_anon_implied(char **argv)
{
	void *p;

	(void)argv;
	if (personality(READ_IMPLIES_EXEC) < 0)
		broken("personality");
	p = mmap(NULL, MAP_SIZE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return refused("mmap");
	memcpy(p, code_9, sizeof(code_9));
	return call(p);
}

/* brk-implied: the heap, which comes to no hook for files */
static int run_brk_implied(char **argv)
{
	char *p;

	(void)argv;
	if (personality(READ_IMPLIES_EXEC) < 0)
		broken("personality");
	p = sbrk(4 * MAP_SIZE);
	if (p == (void *)-1)
		return refused("sbrk");
	p += 2 * MAP_SIZE;
	memcpy(p, code_9, sizeof(code_9));
	return call(p);
}

/* hold-code: writable code and a way into it, until killed */
static int run_hold(char **argv)
{
	(void)argv;
	if (mmap(NULL, MAP_SIZE, PROT_READ | PROT_WRITE | PROT_EXEC,
		 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
		return refused("mmap");
	must_open("/proc/self/mem", O_RDWR);
	printf("holding\n");
	fflush(stdout);
	for (;;)
		pause();
}

/* brk-implied-late: grown before, so that only what is added is executable */
static int run_brk_implied_late(char **argv)
{
	(void)argv;
	if (sbrk(8 * MAP_SIZE) == (void *)-1)
		broken("sbrk");
	return run_brk_implied(argv);
}

/*
 * exec-fixed FILE: the stack where it always is, and at its top the code of the
 * only environment variable, which forge.py has made the entry point of FILE.
 */
static int run_exec_fixed(char **argv)
{
	static char code[] = EXIT_9;
	char *args[] = { argv[0], NULL }, *env[] = { code, NULL };

	if (personality(ADDR_NO_RANDOMIZE) < 0)
		broken("personality");
	execve(argv[0], args, env);
	return refused("execve");
}

/* shm-write, shm-read: attached to execute, written there or before */
static int shared(int flags)
{
	int id = shmget(IPC_PRIVATE, MAP_SIZE, IPC_CREAT | 0700);
	void *p = shmat(id, NULL, 0), *q;
	int result;

	if (p == (void *)-1)
		broken("shmat");
	memcpy(p, code_9, sizeof(code_9));
	q = shmat(id, NULL, SHM_EXEC | flags);
	result = q == (void *)-1 ? refused("shmat") : call(q);
	shmctl(id, IPC_RMID, NULL);
	return result;
}

static int run_shm_write(char **argv)
{
	(void)argv;
	return shared(0);
}

static int run_shm_read(char **argv)
{
	(void)argv;
	return shared(SHM_RDONLY);
}

const struct attack inject_attacks[] = {
	{ "self-mem", run_self_mem, 0 },
	{ "other-mem", run_other_mem, 0 },
	{ "attach", run_attach, 0 },
	{ "traceme", run_traceme, 0 },
	{ "vm-write", run_vm_write, 0 },
	{ "exe-file", run_exe_file, 1 },
	{ "anon-rwx", run_anon_rwx, 0 },
	{ "anon-shared", run_anon_shared, 0 },
	{ "anon-implied", run_anon_implied, 0 },
	{ "hugetlb", run_hugetlb, 0 },
	{ "brk-implied", run_brk_implied, 0 },
	{ "hold-code", run_hold, 0 },
	{ "brk-implied-late", run_brk_implied_late, 0 },
	{ "exec-fixed", run_exec_fixed, 1 },
	{ "shm-write", run_shm_write, 0 },
	{ "shm-read", run_shm_read, 0 },
	{ NULL, NULL, 0 },
};
