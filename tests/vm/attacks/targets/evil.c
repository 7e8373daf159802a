// SPDX-License-Identifier: GPL-2.0
/* A library that says when its code runs; also an LD_AUDIT module. */
#include <unistd.h>

unsigned int la_version(unsigned int version);

__attribute__((constructor)) static void evil(void)
{
	if (write(1, "evil ran\n", 9) != 9)
		_exit(99);
}

unsigned int la_version(unsigned int version)
{
	return version;
}
