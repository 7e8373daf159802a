// SPDX-License-Identifier: GPL-2.0
#include "lib/crypto/signature.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "format/armor.h"
#include "format/trailer.h"
#include "lib/base/io.h"

#define DIGEST_CHUNK (256 * 1024)

static int take_trailer(int fd, struct eg_bytes tail, uint64_t size,
			struct execgate_signature *out)
{
	struct eg_trailer trailer;
	struct eg_bytes end = tail;

	if (end.size > EG_TRAILER_SIZE) {
		end.data += end.size - EG_TRAILER_SIZE;
		end.size = EG_TRAILER_SIZE;
	}
	out->format = eg_trailer_parse(end, size, &trailer);
	if (out->format != EG_FORMAT_ABSENT)
		out->carrier = EXECGATE_CARRIER_TRAILER;
	if (out->format != EG_FORMAT_OK)
		return 0;
	out->payload_size = trailer.payload_size;
	out->cms_size = trailer.cms_size;
	out->cms = malloc(out->cms_size);
	if (!out->cms)
		return -ENOMEM;
	return execgate_io_pread(fd, out->cms, out->cms_size,
				 trailer.payload_size);
}

static int take_armor(struct eg_bytes tail, uint64_t size,
		      struct execgate_signature *out)
{
	struct eg_armor armor;

	out->cms = malloc(EG_ARMOR_MAX);
	if (!out->cms)
		return -ENOMEM;
	out->format =
		eg_armor_parse(tail, size, out->cms, EG_ARMOR_MAX, &armor);
	if (out->format != EG_FORMAT_ABSENT)
		out->carrier = EXECGATE_CARRIER_ARMOR;
	if (out->format != EG_FORMAT_OK)
		return 0;
	out->payload_size = armor.payload_size;
	memmove(out->cms, armor.cms.data, armor.cms.size);
	out->cms_size = armor.cms.size;
	return 0;
}

int execgate_signature_find(int fd, const char *name, uint64_t size,
			    struct execgate_signature *out,
			    struct execgate_error *err)
{
	uint8_t buffer[EG_ARMOR_MAX];
	struct eg_bytes tail = { buffer, size < sizeof(buffer) ?
						 size :
						 sizeof(buffer) };
	int ret;

	memset(out, 0, sizeof(*out));
	out->payload_size = size;
	ret = execgate_io_pread(fd, buffer, tail.size, size - tail.size);
	if (!ret)
		ret = take_trailer(fd, tail, size, out);
	if (!ret && out->format == EG_FORMAT_ABSENT)
		ret = take_armor(tail, size, out);
	if (ret) {
		execgate_signature_free(out);
		return execgate_error_errno(err, ret, "cannot read %s", name);
	}
	return 0;
}

void execgate_signature_free(struct execgate_signature *signature)
{
	free(signature->cms);
	memset(signature, 0, sizeof(*signature));
}

const char *execgate_signature_open(struct eg_bytes file, const char *magic,
				    bool *is_signed, struct eg_cms *cms,
				    struct eg_bytes *content)
{
	*content = file;
	*is_signed = file.size < 8 || memcmp(file.data, magic, 8) != 0;
	if (!*is_signed)
		return NULL;
	switch (eg_cms_parse(file, cms)) {
	case EG_FORMAT_OK:
		*content = cms->content;
		return NULL;
	case EG_FORMAT_WEAK_ALGORITHM:
		return "its signature uses an algorithm that is not allowed";
	default:
		return "its signature does not hold the strict profile";
	}
}

enum eg_format execgate_signature_parse(struct eg_bytes message,
					struct eg_cms *cms,
					struct eg_manifest *manifest)
{
	enum eg_format format = eg_cms_parse(message, cms);

	return format ? format : eg_manifest_parse(cms->content, manifest);
}

static int encode_trailer(struct eg_bytes message, uint8_t **out, size_t *size)
{
	*size = message.size + EG_TRAILER_SIZE;
	*out = malloc(*size);
	if (!*out)
		return -ENOMEM;
	memcpy(*out, message.data, message.size);
	eg_trailer_write(*out + message.size, (u32)message.size);
	return 0;
}

static int encode_armor(const char *comment, struct eg_bytes message,
			uint8_t **out, size_t *size)
{
	*out = malloc(EG_ARMOR_MAX);
	if (!*out)
		return -ENOMEM;
	*size = eg_armor_write(comment, message, *out, EG_ARMOR_MAX);
	if (*size)
		return 0;
	free(*out);
	return -EFBIG;
}

int execgate_signature_encode(enum execgate_carrier carrier,
			      const char *comment, struct eg_bytes message,
			      uint8_t **out, size_t *size,
			      struct execgate_error *err)
{
	int ret;

	if (carrier == EXECGATE_CARRIER_TRAILER)
		ret = message.size > EG_CMS_FILE_MAX ?
			      -EFBIG :
			      encode_trailer(message, out, size);
	else
		ret = encode_armor(comment, message, out, size);
	if (ret == -EFBIG)
		return execgate_error_set(
			err, ret, EXECGATE_EXIT_ERROR,
			"the signature of %zu bytes does not fit into a file; "
			"use a key whose certificate has a shorter name",
			message.size);
	if (ret)
		return execgate_error_errno(err, ret,
					    "cannot encode a signature");
	return 0;
}

static int digest_range(EVP_MD_CTX *ctx, int fd, uint64_t size, uint8_t *chunk)
{
	uint64_t at;
	size_t n;
	int ret;

	for (at = 0; at < size; at += n) {
		n = size - at < DIGEST_CHUNK ? size - at : DIGEST_CHUNK;
		ret = execgate_io_pread(fd, chunk, n, at);
		if (ret)
			return ret;
		if (!EVP_DigestUpdate(ctx, chunk, n))
			return -EIO;
	}
	return 0;
}

int execgate_signature_digest(int fd, uint64_t size, bool newline,
			      uint8_t digest[EG_SHA256_SIZE])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t *chunk = malloc(DIGEST_CHUNK);
	int ret = -ENOMEM;

	if (ctx && chunk && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL))
		ret = digest_range(ctx, fd, size, chunk);
	if (!ret && newline && !EVP_DigestUpdate(ctx, "\n", 1))
		ret = -EIO;
	if (!ret && !EVP_DigestFinal_ex(ctx, digest, NULL))
		ret = -EIO;
	free(chunk);
	EVP_MD_CTX_free(ctx);
	return ret;
}
