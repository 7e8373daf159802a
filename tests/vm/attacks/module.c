// SPDX-License-Identifier: GPL-2.0
/* What is done to a module file before it is loaded. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "attack.h"

/*
 * without-btf MODULE OUT: the module as a build without pahole makes it. The
 * kernel finds the section by its name, so another name is none.
 */
static int run_without_btf(char **argv)
{
	static const char name[] = "\0.BTF";
	size_t size;
	char *data = must_read(argv[0], &size);
	char *at = memmem(data, size, name, sizeof(name));
	int fd = must_open(argv[1], O_WRONLY | O_CREAT | O_TRUNC);

	if (!at)
		broken("no .BTF");
	at[4] = 'G';
	if (write(fd, data, size) != (ssize_t)size)
		broken(argv[1]);
	return 0;
}

const struct attack module_attacks[] = {
	{ "without-btf", run_without_btf, 2 },
	{ NULL, NULL, 0 },
};
