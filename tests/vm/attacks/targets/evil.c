// SPDX-License-Identifier: GPL-2.0
/*
 * A library that says when its code runs; also an LD_AUDIT module. It needs no
 * other library, so that it is the only one an attack brings in.
 */
unsigned int la_version(unsigned int version);

__attribute__((constructor)) static void evil(void)
{
	static const char text[] = "evil ran\n";
	long result = 1; /* write */

	__asm__ volatile("syscall"
			 : "+a"(result)
			 : "D"(1), "S"(text), "d"(sizeof(text) - 1)
			 : "rcx", "r11", "memory");
}

unsigned int la_version(unsigned int version)
{
	return version;
}
