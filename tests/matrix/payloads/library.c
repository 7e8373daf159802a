// SPDX-License-Identifier: GPL-2.0
/* The same as a library: it leaves the proof as soon as it is loaded, whoever loads it and for what. */
#include <fcntl.h>
#include <unistd.h>

int matrix_answer(void);

__attribute__((constructor)) static void leave_proof(void)
{
	int fd = open("/var/tmp/matrix/proof", O_WRONLY | O_CREAT, 0644);

	if (fd < 0 || write(fd, "ran\n", 4) != 4)
		return;
	close(fd);
}

int matrix_answer(void)
{
	return 42;
}
