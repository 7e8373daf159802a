/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The strict profile of CMS SignedData (RFC 5652) that execgate accepts. The
 * kernel's PKCS#7 parser is permissive, so nothing reaches it that is not, byte
 * for byte, this (X.690 DER, minimal definite lengths, nothing after the end):
 *
 *	SEQUENCE {				ContentInfo
 *	  OID 1.2.840.113549.1.7.2		  signedData
 *	  [0] SEQUENCE {			  SignedData
 *	    INTEGER 1 | 3			    3 if and only if sid is a key id
 *	    SET { SEQUENCE { OID sha256 [NULL] } }
 *	    SEQUENCE { OID 1.2.840.113549.1.7.1 (data)
 *		       [0] OCTET STRING content } not empty
 *						    no certificates, no CRLs
 *	    SET { SEQUENCE {			    exactly one SignerInfo
 *	      INTEGER 1 | 3
 *	      SEQUENCE { Name, INTEGER serial }	      issuerAndSerialNumber
 *	      | [0] key identifier		      subjectKeyIdentifier
 *	      SEQUENCE { OID sha256 [NULL] }
 *						      no signed attributes
 *	      SEQUENCE { rsaEncryption NULL | sha256WithRSAEncryption NULL
 *			 | ecdsa-with-SHA256 }
 *	      OCTET STRING signature
 *						      no unsigned attributes
 *	} } } }
 *
 * It is what "openssl cms -sign -binary -nodetach -noattr -nocerts -md sha256
 * -outform DER [-keyid]" writes.
 */
#ifndef EG_CMS_H
#define EG_CMS_H

#include "format.h"

enum eg_cms_algorithm {
	EG_CMS_RSA,
	EG_CMS_ECDSA,
};

struct eg_cms {
	struct eg_bytes content;
	struct eg_bytes issuer; /* Name: what is inside its SEQUENCE; or empty */
	struct eg_bytes serial; /* INTEGER content octets; or empty */
	struct eg_bytes key_id; /* subjectKeyIdentifier; or empty */
	struct eg_bytes signature;
	enum eg_cms_algorithm algorithm;
};

/**
 * eg_cms_parse() - hold a message against the profile
 * @in: untrusted bytes; must be the message exactly, to its last byte
 * @out: filled on EG_FORMAT_OK
 *
 * Time is bounded by a constant besides one pass over the signer's Name: there
 * is no recursion and no loop over elements of unknown number.
 */
enum eg_format eg_cms_parse(struct eg_bytes in, struct eg_cms *out);

/* The same profile but with no content inside: what the kernel's sign-file writes. */
enum eg_format eg_cms_parse_detached(struct eg_bytes in, struct eg_cms *out);

/* Profile: a signer's id and signature are bounded, the rest is fixed. */
#define EG_CMS_DETACHED_MAX 2048

/**
 * eg_cms_detach() - the same message with no content inside
 * @in: one that eg_cms_parse() has accepted
 * @out: EG_CMS_DETACHED_MAX bytes
 *
 * Without signed attributes the signature is over the content itself, so that
 * the result verifies together with it. The kernel's ASN.1 decoder refuses what
 * has more than 65,535 bytes, and a catalog can have many more.
 *
 * Return: the size, or 0 if @in is not of the profile.
 */
size_t eg_cms_detach(struct eg_bytes in, u8 out[EG_CMS_DETACHED_MAX]);

#endif /* EG_CMS_H */
