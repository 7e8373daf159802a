/* SPDX-License-Identifier: GPL-2.0 */
/* The signer that a kernel module names, and whether the kernel knows them. */
#ifndef EXECGATE_MODSIG_H
#define EXECGATE_MODSIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * execgate_modsig_signers() - the signers of a module signed for the kernel
 * @fd: the module, compressed or not
 * @name: how its file is called: the ending tells a compressed one
 * @fn: called for each with the id that the kernel looks for in its keyrings:
 *	serial and issuer, or subject key identifier; not 0 ends it
 *
 * Return: what @fn did, 0 after the last one and without a signature, or -errno
 * if the file cannot be read: -ELIBACC without the library that decompresses.
 */
int execgate_modsig_signers(int fd, const char *name,
			    int (*fn)(const uint8_t *id, size_t size,
				      void *arg),
			    void *arg);

/*
 * Does a key with this id count for modules: is it in the kernel's built-in or
 * secondary keyring (which has that of the machine's owner in it), or in that of
 * the firmware, which Debian's kernels ask too? Not if it is on the blacklist.
 */
bool execgate_modsig_kernel_trusts(const uint8_t *id, size_t size);

/* The first keyring of this name that this process may see, or 0. */
int32_t execgate_modsig_find_keyring(const char *name);

/*
 * Would the kernel load this module because of its own keys? The signature
 * itself is not verified: a bad one the kernel refuses without asking anybody.
 * 1, 0, or -errno as execgate_modsig_signers().
 */
int execgate_modsig_kernel_vouches(int fd, const char *name);

#endif /* EXECGATE_MODSIG_H */
