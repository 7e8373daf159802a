/* SPDX-License-Identifier: GPL-2.0 */
/* Where a file carries its signature, and what goes there. */
#ifndef EXECGATE_SIGNATURE_H
#define EXECGATE_SIGNATURE_H

#include <linux/execgate.h>

#include "format/cms.h"
#include "format/manifest.h"
#include "lib/base/error.h"

/**
 * struct execgate_signature - the signature that a file carries
 * @format: EG_FORMAT_ABSENT when it carries none, EG_FORMAT_OK when @cms is set
 * @carrier: of the block that was found, well formed or not; else NONE
 * @payload_size: bytes of the file that are signed; the whole file when absent
 * @cms: the message, @cms_size bytes, not looked into yet; owned
 */
struct execgate_signature {
	enum eg_format format;
	enum execgate_carrier carrier;
	uint64_t payload_size;
	uint8_t *cms;
	size_t cms_size;
};

/**
 * execgate_signature_find() - look at the end of a file, as the kernel does
 * @name: for messages
 * @size: of the file
 * @out: freed by the caller with execgate_signature_free(), after success only
 *
 * A damaged signature is an answer (@out->format), not a failure.
 */
int execgate_signature_find(int fd, const char *name, uint64_t size,
			    struct execgate_signature *out,
			    struct execgate_error *err);
void execgate_signature_free(struct execgate_signature *signature);

/* Hold the message and its manifest against the profile; both point into it. */
enum eg_format execgate_signature_parse(struct eg_bytes message,
					struct eg_cms *cms,
					struct eg_manifest *manifest);

/**
 * execgate_signature_open() - what a file of ours holds that may be signed as a whole
 * @file: a CMS message, or what would be in it
 * @magic: the first 8 bytes of such a content
 * @is_signed: whether it is a message; then @cms is set
 * @content: points into @file
 *
 * Return: NULL, or why the message is not accepted, to be put behind a colon
 */
const char *execgate_signature_open(struct eg_bytes file, const char *magic,
				    bool *is_signed, struct eg_cms *cms,
				    struct eg_bytes *content);

/**
 * execgate_signature_encode() - the bytes to put behind the payload
 * @carrier: trailer or armor
 * @comment: comment prefix for armor, with its space
 * @out: allocated; freed by the caller
 */
int execgate_signature_encode(enum execgate_carrier carrier,
			      const char *comment, struct eg_bytes message,
			      uint8_t **out, size_t *size,
			      struct execgate_error *err);

/*
 * SHA-256 of the first @size bytes of a file, and of a newline behind them if
 * @newline, in constant memory; 0 or -errno.
 */
int execgate_signature_digest(int fd, uint64_t size, bool newline,
			      uint8_t digest[EG_SHA256_SIZE]);

#endif /* EXECGATE_SIGNATURE_H */
