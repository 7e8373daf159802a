/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One number that the TPM 2.0 of the machine keeps, and that only goes up: the version of the
 * newest signed policy that was in force here.
 *
 * It stands in an NV index that is written once and then locked for good
 * (TPMA_NV_WRITEDEFINE, TPM2_NV_WriteLock), so nobody writes another number there, the
 * owner of the TPM included. A higher number goes into a second index before the first is
 * undefined. The highest of the two counts, so a crash in between loses nothing. An NV
 * counter would do without the undefining, but it goes up by one at a time, and the
 * version of a policy is the time in seconds. Anybody with the owner's authorization,
 * which is empty on most machines, can undefine both.
 */
#ifndef EXECGATE_TPM_H
#define EXECGATE_TPM_H

#include <stdint.h>

#include "lib/base/error.h"

/* The kernel shares it between processes, and makes it for a TPM 2.0 only. */
#define EXECGATE_TPM_DEVICE "/dev/tpmrm0"
/* In the range that the owner of a TPM gives out; the second one follows. */
#define EXECGATE_TPM_INDEX 0x018e6a70u
/* How an administrator takes them away. */
#define EXECGATE_TPM_FORGET                       \
	"\"tpm2_nvundefine -C o 0x18e6a70\" and " \
	"\"tpm2_nvundefine -C o 0x18e6a71\""

/**
 * execgate_tpm_read() - the number
 * @where: a TCTI as the loader of tpm2-tss has them; NULL = EXECGATE_TPM_DEVICE
 * @version: 0 = none is kept; set in every case, so also to what one of the two
 *	     says while the other cannot be read
 *
 * Return: 0; -ENODEV there is no TPM; -ENOPKG the library that speaks to it is not
 * there; -EIO and others.
 */
int execgate_tpm_read(const char *where, uint64_t *version,
		      struct execgate_error *err);

/**
 * execgate_tpm_raise() - keep @version if that is higher than what is kept
 *
 * One process at a time, please. Return: as execgate_tpm_read(); -ENOSPC it is full;
 * -EACCES its owner has a password; -EEXIST somebody else has the index.
 */
int execgate_tpm_raise(const char *where, uint64_t version,
		       struct execgate_error *err);

/* The longest text, as the specification of the TPM has it. */
#define EXECGATE_TPM_EVENT_MAX 1024

/**
 * execgate_tpm_extend() - the hash of @text into the PCR @pcr, in each bank that there is
 *
 * As systemd-pcrextend does it: a bank has the hash of its own algorithm. Return: as
 * execgate_tpm_read(); -EMSGSIZE.
 */
int execgate_tpm_extend(const char *where, unsigned int pcr, const char *text,
			struct execgate_error *err);

#endif /* EXECGATE_TPM_H */
