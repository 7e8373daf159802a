// SPDX-License-Identifier: GPL-2.0
/* Engines are deprecated but all that Debian 12 has for PKCS#11. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "lib/crypto/token.h"

#include <openssl/engine.h>
#include <openssl/provider.h>
#include <openssl/store.h>

#include "lib/crypto/crypto.h"
/* A bundle before the key may be long, but something must end the search. */
#define OBJECTS_MAX 256

EVP_PKEY *execgate_token_from_store(const char *uri, UI_METHOD *ui, void *arg)
{
	OSSL_STORE_CTX *store = OSSL_STORE_open(uri, ui, arg, NULL, NULL);
	OSSL_STORE_INFO *info;
	EVP_PKEY *key = NULL;
	int i;

	if (!store)
		return NULL;
	OSSL_STORE_expect(store, OSSL_STORE_INFO_PKEY);
	/* An object other than a key may be of an unknown kind: curves, text,
	 * certificates. */
	for (i = 0; !key && i < OBJECTS_MAX && !OSSL_STORE_eof(store); i++) {
		info = OSSL_STORE_load(store);
		if (info &&
		    OSSL_STORE_INFO_get_type(info) == OSSL_STORE_INFO_PKEY)
			key = OSSL_STORE_INFO_get1_PKEY(info);
		OSSL_STORE_INFO_free(info);
	}
	OSSL_STORE_close(store);
	return key;
}

#ifndef OPENSSL_NO_ENGINE
static EVP_PKEY *from_engine(const char *uri, UI_METHOD *ui, void *arg)
{
	EVP_PKEY *key = NULL;
	ENGINE *engine;

	ENGINE_load_builtin_engines();
	engine = ENGINE_by_id("pkcs11");
	if (!engine)
		return NULL;
	if (ENGINE_init(engine)) {
		key = ENGINE_load_private_key(engine, uri, ui, arg);
		/* The key holds a reference of its own. */
		ENGINE_finish(engine);
	}
	ENGINE_free(engine);
	return key;
}
#else
static EVP_PKEY *from_engine(const char *uri, UI_METHOD *ui, void *arg)
{
	(void)uri;
	(void)ui;
	(void)arg;
	return NULL;
}
#endif

EVP_PKEY *execgate_token_load(const char *uri, UI_METHOD *ui, void *arg)
{
	EVP_PKEY *key = NULL;

	execgate_crypto_configure();
	/* The 1 keeps the default provider, which the certificates need. */
	if (OSSL_PROVIDER_try_load(NULL, "pkcs11", 1))
		key = execgate_token_from_store(uri, ui, arg);
	return key ? key : from_engine(uri, ui, arg);
}
