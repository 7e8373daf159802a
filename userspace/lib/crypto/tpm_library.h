/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tpm2-tss, loaded when a TPM is asked: a machine without one does not need it
 * installed. Without its headers (libtss2-dev) the program is built without it.
 */
#ifndef EXECGATE_TPM_LIBRARY_H
#define EXECGATE_TPM_LIBRARY_H

#include "lib/base/error.h"

#ifdef EXECGATE_TPM_BUILT /* by userspace.mk, where the headers are */

#include <tss2/tss2_esys.h>
#include <tss2/tss2_rc.h>
#include <tss2/tss2_tctildr.h>

/* X(library, function): all that is used of it */
#define EXECGATE_TPM_FUNCTIONS(X)             \
	X("tctildr", Tss2_TctiLdr_Initialize) \
	X("tctildr", Tss2_TctiLdr_Finalize)   \
	X("rc", Tss2_RC_Decode)               \
	X("esys", Esys_Initialize)            \
	X("esys", Esys_Finalize)              \
	X("esys", Esys_Free)                  \
	X("esys", Esys_TR_FromTPMPublic)      \
	X("esys", Esys_NV_ReadPublic)         \
	X("esys", Esys_NV_Read)               \
	X("esys", Esys_NV_DefineSpace)        \
	X("esys", Esys_NV_Write)              \
	X("esys", Esys_NV_WriteLock)          \
	X("esys", Esys_NV_UndefineSpace)      \
	X("esys", Esys_PCR_Event)

struct execgate_tpm_library {
#define X(library, function) __typeof__(function) *function;
	EXECGATE_TPM_FUNCTIONS(X)
#undef X
};

/* Loaded once, and for good. NULL: it is not there, and @err says what to install. */
const struct execgate_tpm_library *
execgate_tpm_library(struct execgate_error *err);

#endif
#endif /* EXECGATE_TPM_LIBRARY_H */
