// SPDX-License-Identifier: GPL-2.0
/*
 * A machine that no test has: with the module, keys, catalogs and denials, and with names
 * that an attacker chose. What the library makes of it goes to standard output.
 *
 * usage: made metrics
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/names.h"
#include "lib/fleet/metrics.h"

#define NOW 1796000000ull /* 2026-11-30 */
#define DAY 86400ull

/* Each is a line of its own, a quote, markup and text that turns around, if it is let. */
#define HOSTILE "</script><script>alert(1)</script>\"\\\n\033[2J\u202egnp.exe\xff"

static struct execgate_key keys[3];
static struct execgate_loaded_catalog catalogs[2];

static void fill_counters(struct execgate_counters *c)
{
	uint64_t number = 1000;

	for (unsigned int i = 0; i < EXECGATE_HOOK_COUNT; i++)
		c->hook_calls[i] = ++number;
	c->denies[EXECGATE_REASON_UNSIGNED] = 40;
	c->denies[EXECGATE_REASON_DIGEST_MISMATCH] = 2;
	c->denied = 41;
	c->cache_hits = UINT64_MAX / 2;
	c->bytes_hashed = 1ull << 40;
	c->events_held = 42;
	c->event_next = 43;
	c->keys = 3;
	c->catalogs = 2;
	c->catalog_digests = 100000;
}

static void fill_status(struct execgate_status *status)
{
	status->state = EXECGATE_STATE_GATING;
	status->mode = EXECGATE_MODE_ENFORCE;
	status->profile = EXECGATE_PROFILE_STANDARD;
	status->gates.known = (1u << EXECGATE_GATE_COUNT) - 1;
	status->gates.on = 0x1f;
	status->locked = true;
	strcpy(status->version, "0.1.0");
	status->policy.version = 7;
	status->policy.created_at = NOW - 30 * DAY;
	strcpy(status->policy.name, "fleet");
	fill_counters(&status->counters);
}

static void fill_trust(void)
{
	for (unsigned int i = 0; i < 3; i++) {
		memset(keys[i].fingerprint, 0xa0 + (int)i,
		       sizeof(keys[i].fingerprint));
		keys[i].bits = 3072;
		keys[i].purposes = EXECGATE_PURPOSES_CODE;
		strcpy(keys[i].algorithm, "rsa");
	}
	strcpy(keys[0].description, "CN=Release key");
	keys[0].not_after = NOW + 400 * DAY;
	strcpy(keys[1].description, HOSTILE);
	keys[1].not_after = NOW + 5 * DAY;
	strcpy(keys[2].description, "CN=Old key");
	keys[2].revoked = true;
	strcpy(catalogs[0].name, "debian");
	catalogs[0].sequence = 12;
	catalogs[0].created_at = NOW - DAY;
	catalogs[0].entries = 99000;
	memset(catalogs[0].signer, 0xa0, sizeof(catalogs[0].signer));
	catalogs[1] = catalogs[0];
	strcpy(catalogs[1].name, HOSTILE);
	catalogs[1].entries = 1000;
}

static void fill_facts(struct execgate_facts *facts)
{
	facts->loaded = true;
	fill_status(&facts->status);
	fill_trust();
	facts->keys = keys;
	facts->key_count = 3;
	facts->catalogs = catalogs;
	facts->catalog_count = 2;
	facts->has_last = true;
	facts->last.reason = EXECGATE_REASON_UNSIGNED;
	facts->last.mode = EXECGATE_MODE_ENFORCE;
	facts->last.time_nsec = NOW * 1000000000ull + 5;
	facts->intent.mode = EXECGATE_MODE_ENFORCE;
	facts->boots.attempts = 1;
	facts->daemon = 321;
}

static int print_metrics(const struct execgate_facts *facts)
{
	json_t *metrics = execgate_metrics(facts);
	char *text = execgate_metrics_text(metrics);

	fputs(text, stdout);
	free(text);
	json_decref(metrics);
	return 0;
}

int main(int argc, char **argv)
{
	static struct execgate_facts facts;

	fill_facts(&facts);
	if (argc == 2 && !strcmp(argv[1], "metrics"))
		return print_metrics(&facts);
	fprintf(stderr, "usage: made metrics\n");
	return 2;
}
