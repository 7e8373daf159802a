// SPDX-License-Identifier: GPL-2.0
/*
 * What anybody can do to everybody: an ordinary user holds, maps or reads what
 * others need, and somebody else goes about his business. 9 means that he could.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"
#include "machine.h"

#define MAP_SIZE 4096
#define USER 1000
#define OPENS 500

static void become_user(void)
{
	if (setgroups(0, NULL) || setresgid(USER, USER, USER) ||
	    setresuid(USER, USER, USER))
		broken("setresuid");
}

/* The user is ready; he goes on until his parent ends. */
static void be_there(void)
{
	printf("ready\n");
	fflush(stdout);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		pause();
}

/* A pipe that holds as much as a user's may. */
static void open_pipe(int ends[2])
{
	int size;

	if (pipe(ends))
		broken("pipe");
	for (size = 1 << 20; size >= 1 << 16; size /= 2)
		if (fcntl(ends[1], F_SETPIPE_SZ, size) > 0)
			return;
}

/* hold-pages FILE COUNT: as many references to the file's first page */
static int run_hold_pages(char **argv)
{
	int left = atoi(argv[1]), fd, ends[2];

	become_user();
	fd = must_open(argv[0], O_RDONLY);
	open_pipe(ends);
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	while (left > 0) {
		off64_t first = 0;

		if (splice(fd, &first, ends[1], NULL, 1, SPLICE_F_NONBLOCK) ==
		    1) {
			left--;
			continue;
		}
		if (errno != EAGAIN)
			broken("splice");
		/* The full one stays open. */
		open_pipe(ends);
		fcntl(ends[1], F_SETFL, O_NONBLOCK);
	}
	be_there();
	return 0;
}

/* hold-mapping FILE: to be read, no more */
static int run_hold_mapping(char **argv)
{
	int fd;

	become_user();
	fd = must_open(argv[0], O_RDONLY);
	if (mmap(NULL, MAP_SIZE, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED)
		broken("mmap");
	be_there();
	return 0;
}

/* idle-as USER FILE: runs when nobody else wants to */
static int run_idle_as(char **argv)
{
	const struct sched_param none = { 0 };

	if (sched_setscheduler(0, SCHED_IDLE, &none))
		broken("SCHED_IDLE");
	return find_attack("as")->run(argv);
}

/* map-only FILE */
static int run_map_only(char **argv)
{
	int fd = must_open(argv[0], O_RDONLY);

	if (mmap(NULL, MAP_SIZE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) ==
	    MAP_FAILED)
		return refused("mmap");
	return 9;
}

static void map_for_ever(const char *path)
{
	int fd = must_open(path, O_RDONLY);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		void *p = mmap(NULL, MAP_SIZE, PROT_READ | PROT_EXEC,
			       MAP_PRIVATE, fd, 0);

		if (p != MAP_FAILED)
			munmap(p, MAP_SIZE);
	}
}

/* Return: how many of the opens failed. */
static int open_many(const char *path)
{
	int failed = 0;

	for (int i = 0; i < OPENS; i++) {
		int fd = open(path, O_RDWR | O_CLOEXEC);

		if (fd < 0)
			failed++;
		else
			close(fd);
	}
	return failed;
}

/* open-while-mapped PROCESSES FILE: users map it executable and unmap it */
static int run_open_while_mapped(char **argv)
{
	int processes = atoi(argv[0]), failed;
	pid_t *users = calloc((size_t)processes, sizeof(*users));

	if (!users)
		broken("calloc");
	for (int i = 0; i < processes; i++) {
		users[i] = fork();
		if (users[i] < 0)
			broken("fork");
		if (!users[i]) {
			become_user();
			map_for_ever(argv[1]);
		}
	}
	failed = open_many(argv[1]);
	for (int i = 0; i < processes; i++) {
		kill(users[i], SIGKILL);
		waitpid(users[i], NULL, 0);
	}
	free(users);
	printf("%d of %d opens failed\n", failed, OPENS);
	return failed ? ATTACK_REFUSED : 9;
}

static void set_network(bool up)
{
	struct ifreq request = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &request))
		broken("SIOCGIFFLAGS");
	request.ifr_flags = (short)(up ? request.ifr_flags | IFF_UP :
					 request.ifr_flags & ~IFF_UP);
	if (ioctl(fd, SIOCSIFFLAGS, &request))
		broken("SIOCSIFFLAGS");
	close(fd);
}

struct late_read {
	int fd;
	void *buffer;
	pid_t thread;
	ssize_t result;
};

static void *read_late(void *arg)
{
	struct late_read *late = arg;

	__atomic_store_n(&late->thread, (pid_t)syscall(SYS_gettid),
			 __ATOMIC_SEQ_CST);
	late->result = pread(late->fd, late->buffer, MAP_SIZE, 0);
	return NULL;
}

/* The thread waits in the kernel, and not only for a processor. */
static bool is_waiting(pid_t thread)
{
	char path[64], line[256] = "", state = 0;
	const char *name_end;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", thread);
	file = fopen(path, "re");
	if (!file || !fgets(line, sizeof(line), file))
		broken(path);
	fclose(file);
	name_end = strrchr(line, ')');
	if (name_end)
		state = name_end[2];
	return state == 'D' || state == 'S';
}

/*
 * late-read FROM FILE: FROM is on NFS, whose direct reads hold plain references
 * to where they will write to. The server does not answer until FILE, where that
 * is, was closed, verified and mapped.
 */
static int run_late_read(char **argv)
{
	struct late_read late = { .fd = must_open(argv[0],
						  O_RDONLY | O_DIRECT) };
	int fd = must_open(argv[1], O_RDWR);
	pthread_t thread;
	void *p;

	late.buffer =
		mmap(NULL, MAP_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (late.buffer == MAP_FAILED)
		broken("mmap");
	set_network(false);
	if (pthread_create(&thread, NULL, read_late, &late))
		broken("pthread_create");
	while (!__atomic_load_n(&late.thread, __ATOMIC_SEQ_CST) ||
	       !is_waiting(late.thread))
		usleep(1000);
	munmap(late.buffer, MAP_SIZE);
	close(fd);

	fd = must_open(argv[1], O_RDONLY);
	p = mmap(NULL, MAP_SIZE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED) {
		int status = refused("mmap");

		set_network(true);
		pthread_join(thread, NULL);
		return status;
	}
	set_network(true);
	pthread_join(thread, NULL);
	errno = 0;
	if (late.result != MAP_SIZE)
		broken("the late read");
	return call(p);
}

/* write-code FILE: a page that begins with what returns 9 */
static int run_write_code(char **argv)
{
	static unsigned char page[MAP_SIZE];
	int fd = must_open(argv[0], O_WRONLY | O_CREAT | O_TRUNC);

	memcpy(page, code_9, sizeof(code_9));
	if (write(fd, page, sizeof(page)) != sizeof(page) || fsync(fd))
		broken("write");
	close(fd);
	return 0;
}

const struct attack neighbour_attacks[] = {
	{ "hold-pages", run_hold_pages, 2 },
	{ "hold-mapping", run_hold_mapping, 1 },
	{ "idle-as", run_idle_as, 2 },
	{ "map-only", run_map_only, 1 },
	{ "open-while-mapped", run_open_while_mapped, 2 },
	{ "late-read", run_late_read, 2 },
	{ "write-code", run_write_code, 1 },
	{ NULL, NULL, 0 },
};
