// SPDX-License-Identifier: GPL-2.0
#include "lib/crypto/tpm.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "lib/crypto/tpm_library.h"

static int set_no_device(struct execgate_error *err)
{
	return execgate_error_set(err, -ENODEV, EXECGATE_EXIT_NOT_FOUND,
				  "this machine has no TPM 2.0: there is "
				  "no " EXECGATE_TPM_DEVICE);
}

#ifdef EXECGATE_TPM_BUILT

#define SLOTS 2
#define MAGIC "execgate"
#define MAGIC_SIZE (sizeof(MAGIC) - 1)
#define RECORD_SIZE (MAGIC_SIZE + 8)

/*
 * Anybody who may use the TPM reads and writes it without a password, and the lock
 * makes that harmless. TPMA_NV_NO_DA: nobody locks us out by wrong passwords.
 */
#define ATTRIBUTES                                                  \
	(TPMA_NV_AUTHREAD | TPMA_NV_OWNERREAD | TPMA_NV_AUTHWRITE | \
	 TPMA_NV_WRITEDEFINE | TPMA_NV_NO_DA |                      \
	 ((TPMA_NV)TPM2_NT_ORDINARY << TPMA_NV_TPM2_NT_SHIFT))
#define CHANGING (TPMA_NV_WRITTEN | TPMA_NV_WRITELOCKED)

/* Without a session; no password is an empty one. */
#define NOBODY ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE
#define NO_PASSWORD ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE

struct tpm {
	const struct execgate_tpm_library *library;
	TSS2_TCTI_CONTEXT *tcti;
	ESYS_CONTEXT *esys;
};

/**
 * struct slot - one of the two indexes
 * @object: of tpm2-tss; valid where @is_defined
 * @version: 0 = nothing was written yet
 */
struct slot {
	bool is_defined;
	bool is_locked;
	ESYS_TR object;
	uint64_t version;
};

static unsigned int index_of(unsigned int number)
{
	return EXECGATE_TPM_INDEX + number;
}

/* Is it this error, whichever handle or parameter and layer of software it is of? */
static bool rc_is(TSS2_RC rc, TSS2_RC wanted)
{
	TSS2_RC code = rc & ~(TSS2_RC)TSS2_RC_LAYER_MASK;

	if (wanted & TPM2_RC_FMT1)
		return (code & (TPM2_RC_FMT1 | 0x3f)) == wanted;
	return code == wanted;
}

/* X(code of the TPM, errno, what it means and what to do) */
#define CAUSES(X)                                                              \
	X(TPM2_RC_BAD_AUTH, -EACCES,                                           \
	  "its owner has a password, so that only the owner makes room in it") \
	X(TPM2_RC_AUTH_FAIL, -EACCES,                                          \
	  "its owner has a password, so that only the owner makes room in it") \
	X(TPM2_RC_NV_SPACE, -ENOSPC,                                           \
	  "it is full; \"tpm2_getcap handles-nv-index\" lists what is in it")  \
	X(TPM2_RC_LOCKOUT, -EAGAIN,                                            \
	  "it is locked after wrong passwords; \"tpm2_dictionarylockout "      \
	  "--clear-lockout\" ends that")                                       \
	X(TPM2_RC_NV_LOCKED, -EROFS, "it is locked already")

static int set_failed(const struct tpm *tpm, TSS2_RC rc, const char *what,
		      unsigned int index, struct execgate_error *err)
{
	static const struct {
		TSS2_RC code;
		int ret;
		const char *text;
	} causes[] = {
#define X(code, ret, text) { (code), (ret), (text) },
		CAUSES(X)
#undef X
	};

	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		if (rc_is(rc, causes[i].code))
			return execgate_error_set(
				err, causes[i].ret, EXECGATE_EXIT_ERROR,
				"the TPM did not %s NV index 0x%x: %s", what,
				index, causes[i].text);
	return execgate_error_set(
		err, -EIO, EXECGATE_EXIT_ERROR,
		"the TPM did not %s NV index 0x%x: %.300s; look for \"tpm\" in "
		"the kernel's log",
		what, index, tpm->library->Tss2_RC_Decode(rc));
}

static void close_tpm(struct tpm *tpm)
{
	if (tpm->esys)
		tpm->library->Esys_Finalize(&tpm->esys);
	if (tpm->tcti)
		tpm->library->Tss2_TctiLdr_Finalize(&tpm->tcti);
}

static int check_device(struct execgate_error *err)
{
	if (!access(EXECGATE_TPM_DEVICE, R_OK | W_OK))
		return 0;
	if (errno == ENOENT || errno == ENODEV)
		return set_no_device(err);
	return execgate_error_errno(err, -errno,
				    "cannot use " EXECGATE_TPM_DEVICE);
}

static int open_tpm(const char *where, struct tpm *tpm,
		    struct execgate_error *err)
{
	TSS2_RC rc;
	int ret;

	memset(tpm, 0, sizeof(*tpm));
	if (!where) {
		ret = check_device(err);
		if (ret)
			return ret;
		/* Never none: the loader would go on to sockets that any user can listen on. */
		where = "device:" EXECGATE_TPM_DEVICE;
	}
	tpm->library = execgate_tpm_library(err);
	if (!tpm->library)
		return -ENOPKG;
	rc = tpm->library->Tss2_TctiLdr_Initialize(where, &tpm->tcti);
	if (!rc)
		rc = tpm->library->Esys_Initialize(&tpm->esys, tpm->tcti, NULL);
	if (!rc)
		return 0;
	close_tpm(tpm);
	return execgate_error_set(err, -EIO, EXECGATE_EXIT_ERROR,
				  "cannot open the TPM %s: %.300s; see whether "
				  "it is there, and whether another program "
				  "has it",
				  where, tpm->library->Tss2_RC_Decode(rc));
}

static int set_foreign(unsigned int index, struct execgate_error *err)
{
	return execgate_error_set(
		err, -EEXIST, EXECGATE_EXIT_ERROR,
		"NV index 0x%x of the TPM is not what execgate makes: somebody "
		"else has it, or put it there; \"tpm2_nvreadpublic 0x%x\" shows "
		"it, \"tpm2_nvundefine -C o 0x%x\" removes it",
		index, index, index);
}

static int parse_record(const TPM2B_MAX_NV_BUFFER *data, unsigned int index,
			struct slot *slot, struct execgate_error *err)
{
	if (data->size != RECORD_SIZE ||
	    memcmp(data->buffer, MAGIC, MAGIC_SIZE) != 0)
		return set_foreign(index, err);
	for (size_t i = MAGIC_SIZE; i < RECORD_SIZE; i++)
		slot->version = slot->version << 8 | data->buffer[i];
	return slot->version ? 0 : set_foreign(index, err);
}

static int read_record(const struct tpm *tpm, unsigned int index,
		       struct slot *slot, struct execgate_error *err)
{
	TPM2B_MAX_NV_BUFFER *data;
	TSS2_RC rc;
	int ret;

	rc = tpm->library->Esys_NV_Read(tpm->esys, slot->object, slot->object,
					NO_PASSWORD, RECORD_SIZE, 0, &data);
	if (rc)
		return set_failed(tpm, rc, "read", index, err);
	ret = parse_record(data, index, slot, err);
	tpm->library->Esys_Free(data);
	return ret;
}

static int read_public(const struct tpm *tpm, unsigned int index,
		       struct slot *slot, TPMA_NV *attributes,
		       struct execgate_error *err)
{
	TPM2B_NV_PUBLIC *public;
	bool is_ours;
	TSS2_RC rc;

	rc = tpm->library->Esys_NV_ReadPublic(tpm->esys, slot->object, NOBODY,
					      &public, NULL);
	if (rc)
		return set_failed(tpm, rc, "describe", index, err);
	*attributes = public->nvPublic.attributes;
	is_ours = public->nvPublic.dataSize == RECORD_SIZE &&
		  (*attributes & ~(TPMA_NV)CHANGING) == ATTRIBUTES;
	tpm->library->Esys_Free(public);
	return is_ours ? 0 : set_foreign(index, err);
}

static int read_slot(const struct tpm *tpm, unsigned int number,
		     struct slot *slot, struct execgate_error *err)
{
	unsigned int index = index_of(number);
	TPMA_NV attributes = 0;
	TSS2_RC rc;
	int ret;

	memset(slot, 0, sizeof(*slot));
	rc = tpm->library->Esys_TR_FromTPMPublic(tpm->esys, index, NOBODY,
						 &slot->object);
	if (rc_is(rc, TPM2_RC_HANDLE))
		return 0;
	if (rc)
		return set_failed(tpm, rc, "find", index, err);
	slot->is_defined = true;
	ret = read_public(tpm, index, slot, &attributes, err);
	if (ret || !(attributes & TPMA_NV_WRITTEN))
		return ret;
	slot->is_locked = attributes & TPMA_NV_WRITELOCKED;
	return read_record(tpm, index, slot, err);
}

/* Both of them, and the number of the one that counts; the first failure. */
static int read_slots(const struct tpm *tpm, struct slot slots[SLOTS],
		      unsigned int *best, struct execgate_error *err)
{
	int ret = read_slot(tpm, 0, &slots[0], err);
	int other = read_slot(tpm, 1, &slots[1], ret ? NULL : err);

	*best = slots[1].version > slots[0].version;
	return ret ? ret : other;
}

/* Before the lock a version could be written over by anybody. */
static int lock_slot(const struct tpm *tpm, unsigned int number,
		     const struct slot *slot, struct execgate_error *err)
{
	TSS2_RC rc;

	if (slot->is_locked)
		return 0;
	rc = tpm->library->Esys_NV_WriteLock(tpm->esys, slot->object,
					     slot->object, NO_PASSWORD);
	return rc ? set_failed(tpm, rc, "lock", index_of(number), err) : 0;
}

static int undefine_slot(const struct tpm *tpm, unsigned int number,
			 const struct slot *slot, struct execgate_error *err)
{
	TSS2_RC rc;

	if (!slot->is_defined)
		return 0;
	rc = tpm->library->Esys_NV_UndefineSpace(tpm->esys, ESYS_TR_RH_OWNER,
						 slot->object, NO_PASSWORD);
	return rc ? set_failed(tpm, rc, "remove", index_of(number), err) : 0;
}

static int define_slot(const struct tpm *tpm, unsigned int number,
		       struct slot *slot, struct execgate_error *err)
{
	const TPM2B_AUTH nothing = { 0 };
	const TPM2B_NV_PUBLIC public = {
		.nvPublic = {
			.nvIndex = index_of(number),
			.nameAlg = TPM2_ALG_SHA256,
			.attributes = ATTRIBUTES,
			.dataSize = RECORD_SIZE,
		},
	};
	TSS2_RC rc;

	memset(slot, 0, sizeof(*slot));
	rc = tpm->library->Esys_NV_DefineSpace(tpm->esys, ESYS_TR_RH_OWNER,
					       NO_PASSWORD, &nothing, &public,
					       &slot->object);
	if (rc)
		return set_failed(tpm, rc, "define", index_of(number), err);
	slot->is_defined = true;
	return 0;
}

static int write_record(const struct tpm *tpm, unsigned int number,
			const struct slot *slot, uint64_t version,
			struct execgate_error *err)
{
	TPM2B_MAX_NV_BUFFER data = { .size = RECORD_SIZE };
	TSS2_RC rc;

	memcpy(data.buffer, MAGIC, MAGIC_SIZE);
	for (size_t i = RECORD_SIZE; i-- > MAGIC_SIZE; version >>= 8)
		data.buffer[i] = (uint8_t)version;
	rc = tpm->library->Esys_NV_Write(tpm->esys, slot->object, slot->object,
					 NO_PASSWORD, &data, 0);
	return rc ? set_failed(tpm, rc, "write", index_of(number), err) : 0;
}

/* A bus or a TPM may have made something else of it: the older one goes after a look. */
static int check_written(const struct tpm *tpm, unsigned int number,
			 uint64_t version, struct execgate_error *err)
{
	struct slot slot;
	int ret = read_slot(tpm, number, &slot, err);

	if (ret || (slot.version == version && slot.is_locked))
		return ret;
	return execgate_error_set(err, -EIO, EXECGATE_EXIT_ERROR,
				  "NV index 0x%x of the TPM does not hold what "
				  "was written; look for \"tpm\" in the "
				  "kernel's log",
				  index_of(number));
}

static int fill_slot(const struct tpm *tpm, unsigned int number,
		     struct slot *slot, uint64_t version,
		     struct execgate_error *err)
{
	int ret = undefine_slot(tpm, number, slot, err);

	if (!ret)
		ret = define_slot(tpm, number, slot, err);
	if (!ret)
		ret = write_record(tpm, number, slot, version, err);
	if (!ret)
		ret = lock_slot(tpm, number, slot, err);
	return ret ? ret : check_written(tpm, number, version, err);
}

static int raise_version(const struct tpm *tpm, uint64_t version,
			 struct execgate_error *err)
{
	struct slot slots[SLOTS];
	unsigned int best, other;
	int ret = read_slots(tpm, slots, &best, err);

	if (slots[best].version >= version)
		return lock_slot(tpm, best, &slots[best], err);
	if (ret)
		return ret;
	other = slots[best].version ? !best : best;
	ret = fill_slot(tpm, other, &slots[other], version, err);
	/* One that stays is lower: the next raise takes its place. */
	if (!ret)
		undefine_slot(tpm, !other, &slots[!other], NULL);
	return ret;
}

int execgate_tpm_read(const char *where, uint64_t *version,
		      struct execgate_error *err)
{
	struct slot slots[SLOTS];
	unsigned int best;
	struct tpm tpm;
	int ret;

	*version = 0;
	ret = open_tpm(where, &tpm, err);
	if (ret)
		return ret;
	ret = read_slots(&tpm, slots, &best, err);
	*version = slots[best].version;
	close_tpm(&tpm);
	return ret;
}

int execgate_tpm_raise(const char *where, uint64_t version,
		       struct execgate_error *err)
{
	struct tpm tpm;
	int ret = open_tpm(where, &tpm, err);

	if (ret)
		return ret;
	ret = raise_version(&tpm, version, err);
	close_tpm(&tpm);
	return ret;
}

static int extend_pcr(const struct tpm *tpm, unsigned int pcr,
		      const TPM2B_EVENT *event, struct execgate_error *err)
{
	TPML_DIGEST_VALUES *digests;
	TSS2_RC rc;

	rc = tpm->library->Esys_PCR_Event(tpm->esys, ESYS_TR_PCR0 + pcr,
					  NO_PASSWORD, event, &digests);
	if (rc)
		return execgate_error_set(err, -EIO, EXECGATE_EXIT_ERROR,
					  "the TPM did not extend PCR %u: "
					  "%.300s; look for \"tpm\" in the "
					  "kernel's log",
					  pcr,
					  tpm->library->Tss2_RC_Decode(rc));
	tpm->library->Esys_Free(digests);
	return 0;
}

int execgate_tpm_extend(const char *where, unsigned int pcr, const char *text,
			struct execgate_error *err)
{
	TPM2B_EVENT event = { .size = (uint16_t)strlen(text) };
	struct tpm tpm;
	int ret;

	if (strlen(text) > sizeof(event.buffer))
		return execgate_error_errno(err, -EMSGSIZE,
					    "cannot measure the text");
	memcpy(event.buffer, text, event.size);
	ret = open_tpm(where, &tpm, err);
	if (ret)
		return ret;
	ret = extend_pcr(&tpm, pcr, &event, err);
	close_tpm(&tpm);
	return ret;
}

#else

static int set_not_built(const char *where, struct execgate_error *err)
{
	if (!where && access(EXECGATE_TPM_DEVICE, F_OK))
		return set_no_device(err);
	return execgate_error_set(err, -ENOPKG, EXECGATE_EXIT_ERROR,
				  "the TPM cannot be asked: this execgate was "
				  "built without libtss2-dev; build it with "
				  "that");
}

int execgate_tpm_read(const char *where, uint64_t *version,
		      struct execgate_error *err)
{
	*version = 0;
	return set_not_built(where, err);
}

int execgate_tpm_raise(const char *where, uint64_t version,
		       struct execgate_error *err)
{
	(void)version;
	return set_not_built(where, err);
}

int execgate_tpm_extend(const char *where, unsigned int pcr, const char *text,
			struct execgate_error *err)
{
	(void)pcr;
	(void)text;
	return set_not_built(where, err);
}

#endif
