/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The signed formats of execgate: everything in this folder is pure, bounded
 * and allocation-free, never logs, and is compiled unchanged into the kernel
 * module, libexecgate, the unit tests and the fuzzers.
 *
 * All functions take untrusted bytes. They return EG_FORMAT_OK or the one
 * cause for which the input is refused; outputs point into the input and are
 * valid only after EG_FORMAT_OK and as long as the input is.
 */
#ifndef EG_FORMAT_H
#define EG_FORMAT_H

#ifdef __KERNEL__
#include <linux/string.h>
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <linux/types.h>
typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
#endif

/*
 * X(CONSTANT, REASON): what comes of looking at a format, and the reason (enum
 * execgate_reason) that the kernel and user space refuse a file with because of it.
 * ABSENT: there is no signature; WEAK_ALGORITHM: it is well formed, but uses an
 * algorithm that is not allowed; TOO_LARGE: it is over a bound below.
 */
#define EG_FORMATS(X)                     \
	X(OK, ALLOWED)                    \
	X(ABSENT, UNSIGNED)               \
	X(MALFORMED, MALFORMED)           \
	X(WEAK_ALGORITHM, WEAK_ALGORITHM) \
	X(TOO_LARGE, TOO_LARGE)

enum eg_format {
#define X(id, reason) EG_FORMAT_##id,
	EG_FORMATS(X)
#undef X
};

/* A run of bytes inside a buffer that the caller owns. */
struct eg_bytes {
	const u8 *data;
	size_t size;
};

#define EG_SHA256_SIZE 32
/* One RSA-4096 signature, one manifest entry, one identity: under 2 KiB and rules. */
#define EG_CMS_FILE_MAX (16 * 1024)
#define EG_SIGNER_ID_MAX 256
#define EG_SIGNATURE_MAX 1024

/* Little- and big-endian loads of unaligned bytes. */
static inline u16 eg_le16(const u8 *p)
{
	return (u16)(p[0] | (u16)p[1] << 8);
}

static inline u32 eg_le32(const u8 *p)
{
	return eg_le16(p) | (u32)eg_le16(p + 2) << 16;
}

static inline u64 eg_le64(const u8 *p)
{
	return eg_le32(p) | (u64)eg_le32(p + 4) << 32;
}

static inline u32 eg_be32(const u8 *p)
{
	return (u32)p[0] << 24 | (u32)p[1] << 16 | (u32)p[2] << 8 | p[3];
}

#endif /* EG_FORMAT_H */
