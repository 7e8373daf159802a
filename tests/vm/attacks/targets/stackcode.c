// SPDX-License-Identifier: GPL-2.0
/* A loader that runs its first argument: the bytes themselves, on the stack. */
__asm__(".globl _start\n_start:\n\tmov 16(%rsp), %rax\n\tjmp *%rax");
