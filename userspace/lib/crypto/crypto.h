/* SPDX-License-Identifier: GPL-2.0 */
/*
 * OpenSSL without openssl.cnf. That file belongs to everybody: a line in it that
 * switches on only the legacy provider, a module that is gone, or fips=yes must not
 * decide whether this machine can read its keys.
 */
#ifndef EXECGATE_CRYPTO_H
#define EXECGATE_CRYPTO_H

/*
 * The process uses the default provider, which is part of libcrypto, and never reads
 * openssl.cnf by itself. A program calls this before anything else of OpenSSL.
 */
void execgate_crypto_start(void);

/*
 * A PKCS#11 provider or engine is configured in openssl.cnf. A program that was given a
 * key in a token reads the file for that, after which the default provider is still
 * there and no property is asked of it. A faulty file leaves the token unknown.
 */
void execgate_crypto_configure(void);

#endif /* EXECGATE_CRYPTO_H */
