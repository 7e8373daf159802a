// SPDX-License-Identifier: GPL-2.0
/*
 * A loader that runs its first argument: the bytes themselves, on the stack; of arm64,
 * whose code is in words, twelve of them, moved to where a word may be.
 */
#ifdef __aarch64__
__asm__(".globl _start\n_start:\n\tldr x1, [sp, #16]\n"
	"\tldr x2, [x1]\n\tldr w3, [x1, #8]\n"
	"\tstr x2, [sp, #-16]!\n\tstr w3, [sp, #8]\n"
	"\tmov x4, sp\n\tdc cvau, x4\n\tdsb ish\n\tic ivau, x4\n\tdsb ish\n\tisb\n"
	"\tbr x4");
#else
__asm__(".globl _start\n_start:\n\tmov 16(%rsp), %rax\n\tjmp *%rax");
#endif
