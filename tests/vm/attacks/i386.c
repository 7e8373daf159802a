// SPDX-License-Identifier: GPL-2.0
/* Attacks by the 32-bit system calls, which any 64-bit program can make. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <unistd.h>

#include "attack.h"

#ifdef __x86_64__

#define MAP_SIZE 4096

/* arch/x86/entry/syscalls/syscall_32.tbl */
enum {
	NR_EXECVE = 11,
	NR_BRK = 45,
	NR_USELIB = 86,
	NR_DELETE_MODULE = 129,
	NR_MMAP2 = 192
};

/* The kernel forgets r8 to r11; the sixth argument goes in the frame pointer. */
static int call_i386(int number, uint32_t a, uint32_t b, uint32_t c, uint32_t d,
		     uint32_t e, uint32_t f)
{
	register uint32_t sixth __asm__("r12") = f;
	int result;

	__asm__ volatile("sub $128, %%rsp\n\tpush %%rbp\n\tmov %%r12d, %%ebp\n\t"
			 "int $0x80\n\tpop %%rbp\n\tadd $128, %%rsp"
			 : "=a"(result)
			 : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e),
			   "r"(sixth)
			 : "memory", "cc", "r8", "r9", "r10", "r11");
	if (result >= -4095 && result < 0) {
		errno = -result;
		return -1;
	}
	return result;
}

/* A copy of @text where 32 bits reach, and room for a few pointers before it. */
static uint32_t *low(const char *text)
{
	uint32_t *page = mmap(NULL, MAP_SIZE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	if (page == MAP_FAILED)
		broken("mmap");
	strncpy((char *)(page + 4), text, MAP_SIZE - 17);
	return page;
}

static uint32_t address(const void *p)
{
	return (uint32_t)(uintptr_t)p;
}

/* i386-exec FILE */
static int run_exec(char **argv)
{
	uint32_t *page = low(argv[0]);

	page[0] = address(page + 4);
	call_i386(NR_EXECVE, page[0], address(page), address(page + 1), 0, 0,
		  0);
	return refused("execve");
}

/* i386-brk: the heap, grown by a program that reads imply executing */
static int run_brk(char **argv)
{
	static const unsigned char code[] = { 0xbf, 9, 0, 0, 0,	   0xb8,
					      0xe7, 0, 0, 0, 0x0f, 0x05 };
	uint32_t end = call_i386(NR_BRK, 0, 0, 0, 0, 0, 0);
	char *p = (char *)(uintptr_t)end;

	(void)argv;
	if (personality(READ_IMPLIES_EXEC) < 0)
		broken("personality");
	if ((uint32_t)call_i386(NR_BRK, end + 4 * MAP_SIZE, 0, 0, 0, 0, 0) ==
	    end)
		return refused("brk");
	p += 2 * MAP_SIZE;
	memcpy(p, code, sizeof(code));
	((void (*)(void))p)();
	return 1;
}

/* i386-map FILE: map it, and call it */
static int run_map(char **argv)
{
	int fd = must_open(argv[0], O_RDONLY);
	int code = call_i386(NR_MMAP2, 0, MAP_SIZE, PROT_READ | PROT_EXEC,
			     MAP_PRIVATE, (uint32_t)fd, 0);

	if (code == -1)
		return refused("mmap2");
	return ((int (*)(void))(uintptr_t)(uint32_t)code)();
}

/* i386-uselib FILE: and jump to where it starts */
static int run_uselib(char **argv)
{
	size_t size;
	Elf64_Ehdr *header = (Elf64_Ehdr *)must_read(argv[0], &size);

	if (call_i386(NR_USELIB, address(low(argv[0]) + 4), 0, 0, 0, 0, 0))
		return refused("uselib");
	((void (*)(void))header->e_entry)();
	broken("it returned");
}

/* i386-delete-module NAME: by force */
static int run_delete_module(char **argv)
{
	return call_i386(NR_DELETE_MODULE, address(low(argv[0]) + 4),
			 O_NONBLOCK | O_TRUNC, 0, 0, 0, 0) ?
		       refused("delete_module") :
		       9;
}

#endif /* __x86_64__ */

const struct attack i386_attacks[] = {
#ifdef __x86_64__
	{ "i386-exec", run_exec, 1 },
	{ "i386-brk", run_brk, 0 },
	{ "i386-map", run_map, 1 },
	{ "i386-uselib", run_uselib, 1 },
	{ "i386-delete-module", run_delete_module, 1 },
#endif
	{ NULL, NULL, 0 },
};
