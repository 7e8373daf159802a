// SPDX-License-Identifier: GPL-2.0
/* What an attacker would have run: it leaves a proof, and ends well. */
#include <fcntl.h>
#include <unistd.h>

int main(void)
{
	int fd = open("/var/tmp/matrix/proof", O_WRONLY | O_CREAT, 0644);

	if (fd < 0 || write(fd, "ran\n", 4) != 4)
		return 1;
	return 0;
}
