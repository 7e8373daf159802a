// SPDX-License-Identifier: GPL-2.0
/* The keyrings that the kernel verifies modules with, asked for one key. */
#include <errno.h>
#include <inttypes.h>
#include <keyutils.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/digits.h"
#include "lib/preflight/modsig.h"

#define ID_MAX 1024

/* "keyring;0;0;1f0f0000;.blacklist": the kernel's own word on one key. */
static bool is_keyring_called(key_serial_t serial, const char *name)
{
	char *described = NULL;
	const char *at;
	bool same;

	if (keyctl_describe_alloc(serial, &described) < 0)
		return false;
	at = strchr(described, ';');
	for (int i = 0; at && i < 3; i++)
		at = strchr(at + 1, ';');
	same = at && !strncmp(described, "keyring;", 8) &&
	       !strcmp(at + 1, name);
	free(described);
	return same;
}

/*
 * "05a1ef6c I------     1 perm 1f0f0000     0     0 keyring   .machine: 2"
 * Anybody may give a key a description that reads like this, even as a line of its own,
 * and show it to everybody: the line is only a hint at which key to ask about.
 */
int32_t execgate_modsig_find_keyring(const char *name)
{
	FILE *keys = fopen("/proc/keys", "re");
	int32_t found = 0;
	char line[512];
	uint32_t serial;

	while (keys && !found && fgets(line, sizeof(line), keys))
		if (strstr(line, name) &&
		    sscanf(line, "%" SCNx32, &serial) == 1 &&
		    is_keyring_called((key_serial_t)serial, name))
			found = (int32_t)serial;
	if (keys)
		fclose(keys);
	return found;
}

static bool search_image(int32_t ring, const char *description)
{
	/*
	 * Nobody may use these keys from user space, so that finding one is
	 * refused; what is not there is ENOKEY.
	 */
	return keyctl_search(ring, "asymmetric", description, 0) >= 0 ||
	       errno == EACCES;
}

static bool holds_key(const char *name, const char *description)
{
	int32_t ring = execgate_modsig_find_keyring(name);

	/* A ring that may not be searched would seem to hold everything. */
	return ring && !search_image(ring, "ex:00") &&
	       search_image(ring, description);
}

bool execgate_modsig_kernel_trusts(const uint8_t *id, size_t size)
{
	char description[sizeof("ex:") + 2 * ID_MAX] = "ex:";

	if (!size || size > ID_MAX)
		return false;
	execgate_hex_write(description + sizeof("ex:") - 1, id, size);
	if (holds_key(".blacklist", description))
		return false;
	return holds_key(".builtin_trusted_keys", description) ||
	       holds_key(".secondary_trusted_keys", description) ||
	       holds_key(".platform", description);
}
