// SPDX-License-Identifier: GPL-2.0
/*
 * A library that says when its code runs; also an LD_AUDIT module. It needs no
 * other library, so that it is the only one an attack brings in.
 */
unsigned int la_version(unsigned int version);

__attribute__((constructor)) static void evil(void)
{
	static const char text[] = "evil ran\n";
#ifdef __aarch64__
	register long result __asm__("x0") = 1;
	register const char *from __asm__("x1") = text;
	register long size __asm__("x2") = sizeof(text) - 1;
	register long number __asm__("x8") = 64; /* write */

	__asm__ volatile("svc #0"
			 : "+r"(result)
			 : "r"(from), "r"(size), "r"(number)
			 : "memory");
#else
	long result = 1; /* write */

	__asm__ volatile("syscall"
			 : "+a"(result)
			 : "D"(1), "S"(text), "d"(sizeof(text) - 1)
			 : "rcx", "r11", "memory");
#endif
}

unsigned int la_version(unsigned int version)
{
	return version;
}
