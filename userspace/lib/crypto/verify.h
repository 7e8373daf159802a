/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Verification without the kernel, in the order and with the parsers of the
 * kernel: no permissive parser ever sees the file.
 */
#ifndef EXECGATE_VERIFY_H
#define EXECGATE_VERIFY_H

#include "format/cms.h"
#include "lib/crypto/certificate.h"
#include "lib/crypto/signature.h"

/**
 * struct execgate_trust - the certificates to trust; zeroed = none
 * @items: @count of them; owned. The certificate's key has the purposes
 */
struct execgate_trust {
	struct execgate_trust_item {
		struct execgate_certificate certificate;
		bool allow_expired;
	} *items;
	size_t count;
};

/* A file, for everything, whatever its dates are (a question about the past is fair). */
int execgate_trust_add_file(struct execgate_trust *trust, const char *path,
			    struct execgate_error *err);
/* All of a folder that may be trusted; what may not is left out. */
int execgate_trust_add_dir(struct execgate_trust *trust, const char *dir,
			   struct execgate_error *err);
void execgate_trust_free(struct execgate_trust *trust);

/**
 * struct execgate_verdict - what the kernel would say about the content
 * @reason: allowed, or why not
 * @signature: as found; @cms and @manifest point into it where they are valid
 * @cms_valid: the message holds the profile
 * @manifest_valid: and so does the manifest; believe it only if @signer is set
 * @signer: certificate whose key verified the message, or NULL; in the trust
 * @digest: of the payload, if @digested
 * @entry: the manifest's entry for that digest, if allowed
 * @identity: of that entry
 */
struct execgate_verdict {
	enum execgate_reason reason;
	struct execgate_signature signature;
	struct eg_cms cms;
	struct eg_manifest manifest;
	bool cms_valid;
	bool manifest_valid;
	const struct execgate_certificate *signer;
	uint8_t digest[EG_SHA256_SIZE];
	bool digested;
	struct eg_manifest_entry entry;
	struct eg_manifest_identity identity;
};

/**
 * execgate_verify_fd() - judge an open file
 * @out: freed by the caller with execgate_verdict_free(), after success only
 *
 * A verdict is an answer, not a failure; failing means that there is none.
 */
int execgate_verify_fd(int fd, const char *name,
		       const struct execgate_trust *trust,
		       struct execgate_verdict *out,
		       struct execgate_error *err);
void execgate_verdict_free(struct execgate_verdict *verdict);

/* Does this certificate bear the signer id of the message? */
bool execgate_verify_names(const struct eg_cms *cms, X509 *x509);
/* Does its key verify the message's signature? */
bool execgate_verify_message(const struct eg_cms *cms, X509 *x509);

/*
 * Unknown signer, bad signature, wrong purpose, expired, or allowed so far. @signer is set as
 * soon as a key of @trust verifies the message, and left alone otherwise.
 * @purposes: the key must be for one of these
 * @created: what the content says of its time; it must not be after the key's end.
 * The clock has no say, as in the kernel (eg_keyring_in_time()).
 */
enum execgate_reason
execgate_verify_signer(const struct execgate_trust *trust,
		       const struct eg_cms *cms, uint32_t purposes,
		       uint64_t created,
		       const struct execgate_certificate **signer);

/**
 * execgate_verify_signed() - a catalog or a policy: is its signer trusted?
 * @cms: NULL: it is not signed
 * @command: of execgate, that signs it
 *
 * -ENODATA: it is not signed. -ENOKEY, -EACCES (its key is for something else),
 * -EKEYEXPIRED, -EKEYREJECTED.
 */
int execgate_verify_signed(const char *path, const struct eg_cms *cms,
			   enum execgate_purpose purpose, const char *command,
			   const struct execgate_trust *trust, uint64_t created,
			   const struct execgate_certificate **signer,
			   struct execgate_error *err);

/* The reason that a format error is reported as. */
enum execgate_reason execgate_verify_reason(enum eg_format format);

#endif /* EXECGATE_VERIFY_H */
