// SPDX-License-Identifier: GPL-2.0
/* Why a catalog is refused, in the words and numbers of netlink. */
#include "catalog.h"

const char *eg_catalog_sentence(int err)
{
	switch (err) {
	case -EBADMSG:
		return "the catalog is malformed, or has no name";
	case -ENOKEY:
		return "the catalog is signed by a key this machine does not trust";
	case -EKEYREJECTED:
		return "the catalog was changed after it was signed";
	case -EKEYEXPIRED:
		return "the catalog was made after the end of the key that signed it";
	case -EKEYREVOKED:
		return "the key that signed the catalog was revoked";
	case -EACCES:
		return "the key that signed the catalog is not trusted to sign code";
	case -ECANCELED:
		return "this catalog was revoked, with all older ones of its name";
	case -ESTALE:
		return "a newer catalog of this name was loaded before";
	case -EFBIG:
		return "the catalog is too large";
	case -ENOSPC:
		return "there is no room for more catalogs or digests";
	case -ENOMEM:
		return "there is no memory for the catalog";
	case -EINTR:
		return "interrupted";
	}
	return "the catalog could not be read";
}

int eg_catalog_errno(enum execgate_reason reason)
{
	switch ((int)reason) {
	case EXECGATE_REASON_ALLOWED:
		return 0;
	case EXECGATE_REASON_UNKNOWN_SIGNER:
		return -ENOKEY;
	case EXECGATE_REASON_EXPIRED:
		return -EKEYEXPIRED;
	case EXECGATE_REASON_REVOKED:
		return -EKEYREVOKED;
	case EXECGATE_REASON_WRONG_PURPOSE:
		return -EACCES;
	case EXECGATE_REASON_NO_MEMORY:
		return -ENOMEM;
	case EXECGATE_REASON_INTERRUPTED:
		return -EINTR;
	case EXECGATE_REASON_MALFORMED:
		return -EBADMSG;
	}
	return -EKEYREJECTED;
}
