/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The parsers put together as the gate does it, with openssl in the place of
 * the kernel's verifier.
 */
#ifndef EG_TEST_JUDGE_H
#define EG_TEST_JUDGE_H

#include <openssl/x509.h>

#include "format/format.h"

/* Set as far as the judgement came; all else points into what was judged. */
struct judged {
	struct eg_bytes payload;
	struct eg_bytes message; /* in @decoded if the file is armored */
	struct eg_bytes content;
	u8 decoded[8 * 1024];
};

/* Each returns "ok", "digest-mismatch" or the name of an enum eg_format. */
const char *judge_manifest(struct eg_bytes manifest);
const char *judge_policy(struct eg_bytes object);
const char *judge_message(struct eg_bytes message, struct judged *out);
const char *judge_file(struct eg_bytes file, struct judged *out);

/*
 * CMS_verify() of the whole message with this one certificate, whatever the
 * certificate is good for. True also means that it signed exactly @content,
 * unless that is empty because our parsers refused the message.
 */
bool judge_openssl(struct eg_bytes message, X509 *certificate,
		   struct eg_bytes content);

X509 *judge_certificate(const char *path);

#endif /* EG_TEST_JUDGE_H */
