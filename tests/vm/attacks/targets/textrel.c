// SPDX-License-Identifier: GPL-2.0
/* evil.c with a relocation in its code: the loader must write there. */
#include "evil.c"

__asm__(".text\n.globl here\nhere: .quad here\n");
