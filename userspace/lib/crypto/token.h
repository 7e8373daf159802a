/* SPDX-License-Identifier: GPL-2.0 */
/* Private keys, from files and from PKCS#11 tokens that they never leave. */
#ifndef EXECGATE_TOKEN_H
#define EXECGATE_TOKEN_H

#include <openssl/evp.h>
#include <openssl/ui.h>

/* The first private key of an absolute path or a URI, or NULL. */
EVP_PKEY *execgate_token_from_store(const char *uri, UI_METHOD *ui, void *arg);

/*
 * The private key that a "pkcs11:" URI names, or NULL: through the pkcs11
 * provider of OpenSSL if there is one (Debian 13), else through the engine of
 * that name (Debian 12). The PIN comes from the URI's pin-source or @ui.
 */
EVP_PKEY *execgate_token_load(const char *uri, UI_METHOD *ui, void *arg);

#endif /* EXECGATE_TOKEN_H */
