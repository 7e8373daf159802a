// SPDX-License-Identifier: GPL-2.0
/* loader LIBRARY: dlopen it, exit with 9 when that works. */
#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	if (argc < 2 || dlopen(argv[1], RTLD_NOW))
		return argc < 2 ? 99 : 9;
	printf("refused: %s\n", dlerror());
	return 3;
}
