// SPDX-License-Identifier: GPL-2.0
#include "lib/sign/key_places.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const shared[] = {
	EXECGATE_SIGNING_DIR "/key.pem",
	EXECGATE_LOCAL_DIR "/key.pem",
};

#define SHARED_COUNT (sizeof(shared) / sizeof(shared[0]))

bool execgate_key_places_own(char out[PATH_MAX])
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	int n;

	if (config && config[0] == '/')
		n = snprintf(out, PATH_MAX, "%s/execgate", config);
	else if (home && home[0] == '/')
		n = snprintf(out, PATH_MAX, "%s/.config/execgate", home);
	else
		return false;
	return n < PATH_MAX - 16;
}

bool execgate_key_places_find(char key[PATH_MAX])
{
	/* execgate_key_places_own() has left room for this. */
	if (execgate_key_places_own(key)) {
		strcat(key, "/key.pem");
		if (!access(key, F_OK))
			return true;
	}
	for (size_t i = 0; i < SHARED_COUNT; i++) {
		if (access(shared[i], F_OK))
			continue;
		strcpy(key, shared[i]);
		return true;
	}
	return false;
}

bool execgate_key_places_any(void)
{
	char key[PATH_MAX];

	if (execgate_key_places_find(key))
		return true;
	for (size_t i = 0; i < SHARED_COUNT; i++)
		if (access(shared[i], F_OK) && errno == EACCES)
			return true;
	return false;
}
