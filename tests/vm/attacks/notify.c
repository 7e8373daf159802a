// SPDX-License-Identifier: GPL-2.0
/* What a service says to its manager (sd_notify(3)), where there is no systemd. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "attack.h"

/* notified PATH: print what is sent to the socket PATH, for ever */
static int run_notified(char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char message[4096];
	ssize_t size;

	if (fd < 0 || strlen(argv[0]) >= sizeof(address.sun_path))
		broken("socket");
	strcpy(address.sun_path, argv[0]);
	unlink(argv[0]);
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)))
		broken("bind");
	while ((size = recv(fd, message, sizeof(message), 0)) >= 0) {
		printf("%.*s\n", (int)size, message);
		fflush(stdout);
	}
	broken("recv");
	return ATTACK_BROKEN;
}

const struct attack notify_attacks[] = {
	{ "notified", run_notified, 1 },
	{ NULL, NULL, 0 },
};
