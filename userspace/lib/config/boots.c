// SPDX-License-Identifier: GPL-2.0
#include "lib/config/boots.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/io.h"
#include "lib/config/config.h"

#define HEAD "execgate-boots 1"

void execgate_boots_load(const char *path, struct execgate_boots *out)
{
	unsigned int attempts, fell_back;
	uint8_t *data;
	size_t size;
	char boot[40];
	int end = 0;

	memset(out, 0, sizeof(*out));
	if (execgate_io_read_file(path, 256, &data, &size, NULL))
		return;
	if (sscanf((char *)data,
		   HEAD "\nboot %39[0-9a-f-]\nattempts %u\n"
			"fell-back %u%n",
		   boot, &attempts, &fell_back, &end) == 3 &&
	    end && attempts <= EXECGATE_BOOT_ATTEMPTS_MAX) {
		strcpy(out->boot, boot);
		out->attempts = attempts;
		out->fell_back = fell_back != 0;
	}
	free(data);
}

int execgate_boots_store(const char *path, const struct execgate_boots *boots,
			 struct execgate_error *err)
{
	char text[256];

	snprintf(text, sizeof(text),
		 HEAD "\nboot %s\nattempts %u\nfell-back %u\n",
		 boots->boot[0] ? boots->boot : "-", boots->attempts,
		 boots->fell_back);
	return execgate_io_create_file(path, 0644, true, text, strlen(text),
				       err);
}

bool execgate_boots_begin(struct execgate_boots *boots, const char *boot,
			  unsigned int limit)
{
	if (!strcmp(boots->boot, boot))
		return !boots->fell_back;
	snprintf(boots->boot, sizeof(boots->boot), "%s", boot);
	boots->fell_back = limit && boots->attempts >= limit;
	if (!boots->fell_back && boots->attempts < EXECGATE_BOOT_ATTEMPTS_MAX)
		boots->attempts++;
	return !boots->fell_back;
}

bool execgate_boots_healthy(struct execgate_boots *boots, const char *boot)
{
	if (strcmp(boots->boot, boot) || boots->fell_back || !boots->attempts)
		return false;
	boots->attempts = 0;
	return true;
}

void execgate_boots_reset(struct execgate_boots *boots, const char *boot)
{
	memset(boots, 0, sizeof(*boots));
	snprintf(boots->boot, sizeof(boots->boot), "%s", boot);
}

void execgate_boots_id(char out[40])
{
	out[0] = '\0';
	execgate_io_read_line("/proc/sys/kernel/random/boot_id", out, 40);
}

int execgate_boots_parameter(void)
{
	char text[4096];

	if (!execgate_io_read_line("/proc/cmdline", text, sizeof(text)))
		return -ENOENT;
	return execgate_config_boot_mode(text);
}
