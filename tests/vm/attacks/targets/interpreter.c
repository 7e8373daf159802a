// SPDX-License-Identifier: GPL-2.0
/*
 * A program's interpreter that exits with 9, or with 66 where nothing ever goes: the
 * header says which, if somebody changes that.
 */
#ifdef __aarch64__
__asm__(".globl _start, elsewhere\n"
	"_start:\n\tmov w8, #94\n\tmov w0, #9\n\tsvc #0\n"
	".balign 64\n"
	"elsewhere:\n\tmov w8, #94\n\tmov w0, #66\n\tsvc #0\n");
#else
__asm__(".globl _start, elsewhere\n"
	"_start:\n\tmov $231, %eax\n\tmov $9, %edi\n\tsyscall\n"
	".balign 64\n"
	"elsewhere:\n\tmov $231, %eax\n\tmov $66, %edi\n\tsyscall\n");
#endif
