// SPDX-License-Identifier: GPL-2.0
#include "lib/crypto/crypto.h"

#include <stdbool.h>

#include <openssl/conf.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

void execgate_crypto_start(void)
{
	/* Only the first call decides, and libraries would make one that reads it. */
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	/* Loaded by name it stays, whatever a token's configuration activates. */
	OSSL_PROVIDER_load(NULL, "default");
	ERR_clear_error();
}

void execgate_crypto_configure(void)
{
	static bool done;

	if (done)
		return;
	done = true;
	OPENSSL_load_builtin_modules();
	CONF_modules_load_file_ex(NULL, NULL, NULL,
				  CONF_MFLAGS_DEFAULT_SECTION |
					  CONF_MFLAGS_IGNORE_MISSING_FILE |
					  CONF_MFLAGS_IGNORE_ERRORS);
	EVP_set_default_properties(NULL, "");
	ERR_clear_error();
}
