// SPDX-License-Identifier: GPL-2.0
#include "lib/preflight/modsig.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/cms.h>
#include <openssl/x509.h>

#include "format/trailer.h"
#include "lib/base/io.h"
#include "lib/base/unpack.h"
#include "lib/catalog/item.h"

#define TAIL_MAX (EG_CMS_FILE_MAX + EG_TRAILER_SIZE)
/* No module has more; what unpacks to more is a bomb. */
#define UNPACKED_MAX (1ull << 30)

/**
 * struct tail - the end of a file, or of what it unpacks to
 * @total: its whole size
 */
struct tail {
	uint8_t data[TAIL_MAX];
	size_t size;
	uint64_t total;
};

static int keep_bytes(const uint8_t *data, size_t size, void *arg)
{
	struct tail *tail = arg;
	size_t old = tail->size;

	tail->total += size;
	if (size > TAIL_MAX) {
		data += size - TAIL_MAX;
		size = TAIL_MAX;
	}
	if (old > TAIL_MAX - size)
		old = TAIL_MAX - size;
	memmove(tail->data, tail->data + tail->size - old, old);
	memcpy(tail->data + old, data, size);
	tail->size = old + size;
	return tail->total > UNPACKED_MAX ? -EFBIG : 0;
}

static int read_tail(int fd, const char *name, struct tail *tail)
{
	struct stat st;

	tail->size = 0;
	tail->total = 0;
	if (fstat(fd, &st))
		return -errno;
	if (execgate_catalog_item_is_packed(fd, name, (uint64_t)st.st_size))
		return execgate_unpack_file(fd, keep_bytes, tail);
	tail->total = (uint64_t)st.st_size;
	tail->size = tail->total < TAIL_MAX ? (size_t)tail->total : TAIL_MAX;
	return execgate_io_pread(fd, tail->data, tail->size,
				 tail->total - tail->size);
}

/* The content of one DER element: the kernel leaves its header out of an id. */
static int add_content(uint8_t *id, size_t room, size_t *used, uint8_t *der,
		       int der_size)
{
	const uint8_t *at = der;
	long size;
	int tag, class;

	if (der_size <= 0)
		return -EBADMSG;
	if (ASN1_get_object(&at, &size, &tag, &class, der_size) & 0x80 ||
	    size < 0 || (size_t)size > room - *used) {
		OPENSSL_free(der);
		return -EBADMSG;
	}
	memcpy(id + *used, at, (size_t)size);
	*used += (size_t)size;
	OPENSSL_free(der);
	return 0;
}

/* An id of this signer as asymmetric_key_generate_id() makes it of a key. */
static int make_id(CMS_SignerInfo *signer, uint8_t *id, size_t room,
		   size_t *used)
{
	ASN1_OCTET_STRING *key_id = NULL;
	X509_NAME *issuer = NULL;
	ASN1_INTEGER *serial = NULL;
	uint8_t *der = NULL;
	int size;

	*used = 0;
	if (!CMS_SignerInfo_get0_signer_id(signer, &key_id, &issuer, &serial))
		return -EBADMSG;
	if (key_id) {
		size = ASN1_STRING_length(key_id);
		if (size <= 0 || (size_t)size > room)
			return -EBADMSG;
		*used = (size_t)size;
		memcpy(id, ASN1_STRING_get0_data(key_id), *used);
		return 0;
	}
	size = i2d_ASN1_INTEGER(serial, &der);
	if (add_content(id, room, used, der, size))
		return -EBADMSG;
	der = NULL;
	size = i2d_X509_NAME(issuer, &der);
	return add_content(id, room, used, der, size);
}

static int each_signer(CMS_ContentInfo *cms,
		       int (*fn)(const uint8_t *id, size_t size, void *arg),
		       void *arg)
{
	STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(cms);
	uint8_t id[1024];
	size_t used;
	int ret = 0;

	for (int i = 0; !ret && i < sk_CMS_SignerInfo_num(signers); i++)
		if (!make_id(sk_CMS_SignerInfo_value(signers, i), id,
			     sizeof(id), &used))
			ret = fn(id, used, arg);
	return ret;
}

static int parse_tail(const struct tail *tail,
		      int (*fn)(const uint8_t *id, size_t size, void *arg),
		      void *arg)
{
	struct eg_bytes end = { tail->data, tail->size };
	struct eg_trailer trailer;
	CMS_ContentInfo *cms;
	const uint8_t *der;
	int ret;

	/* Without a signature, or with one the kernel cannot take for one. */
	if (eg_trailer_parse_modsig(end, tail->total, &trailer) != EG_FORMAT_OK)
		return 0;
	der = tail->data + tail->size - EG_TRAILER_SIZE - trailer.cms_size;
	cms = d2i_CMS_ContentInfo(NULL, &der, (long)trailer.cms_size);
	if (!cms)
		return 0;
	ret = each_signer(cms, fn, arg);
	CMS_ContentInfo_free(cms);
	return ret;
}

int execgate_modsig_signers(int fd, const char *name,
			    int (*fn)(const uint8_t *id, size_t size,
				      void *arg),
			    void *arg)
{
	struct tail *tail = malloc(sizeof(*tail));
	int ret;

	if (!tail)
		return -ENOMEM;
	ret = read_tail(fd, name, tail);
	if (!ret)
		ret = parse_tail(tail, fn, arg);
	free(tail);
	return ret;
}

static int is_trusted(const uint8_t *id, size_t size, void *arg)
{
	(void)arg;
	return execgate_modsig_kernel_trusts(id, size);
}

int execgate_modsig_kernel_vouches(int fd, const char *name)
{
	return execgate_modsig_signers(fd, name, is_trusted, NULL);
}
