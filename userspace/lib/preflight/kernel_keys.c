// SPDX-License-Identifier: GPL-2.0
/* The keyrings that the kernel verifies modules with, asked for one key. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/keyctl.h>

#include "lib/base/hex.h"
#include "lib/preflight/modsig.h"

#define ID_MAX 1024

/* "05a1ef6c I------     1 perm 1f0f0000     0     0 keyring   .machine: 2" */
static int32_t find_keyring(const char *name)
{
	FILE *keys = fopen("/proc/keys", "re");
	size_t size = strlen(name);
	int32_t found = 0;
	char line[512];
	uint32_t serial;
	char *at;

	while (keys && !found && fgets(line, sizeof(line), keys)) {
		at = strstr(line, " keyring ");
		if (!at || sscanf(line, "%" SCNx32, &serial) != 1)
			continue;
		at += sizeof(" keyring ") - 1;
		at += strspn(at, " ");
		if (!strncmp(at, name, size) && at[size] == ':')
			found = (int32_t)serial;
	}
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
	return syscall(SYS_keyctl, KEYCTL_SEARCH, ring, "asymmetric",
		       description, 0) >= 0 ||
	       errno == EACCES;
}

static bool holds_key(const char *name, const char *description)
{
	int32_t ring = find_keyring(name);

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
