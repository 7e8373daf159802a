// SPDX-License-Identifier: GPL-2.0
/*
 * A machine that no test has: with the module, keys, catalogs and denials, and with names
 * that an attacker chose. What the library makes of it goes to standard output.
 *
 * usage: made metrics
 *	  made journal	entries in the export format of journals: denials of every kind,
 *			as execgated writes them
 *	  made report	the page; made report-json what is in it
 *	  made waits	the seconds between the attempts of a sync
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/names.h"
#include "lib/events/container.h"
#include "lib/events/record.h"
#include "lib/fleet/metrics.h"
#include "lib/fleet/report.h"
#include "lib/fleet/sync_session.h"

#define NOW 1796000000ull /* 2026-11-30 */
#define DAY 86400ull

/* Each is a line of its own, a quote, markup and text that turns around, if it is let. */
#define HOSTILE \
	"</script><script>alert(1)</script>\"\\\n\033[2J\u202egnp.exe\xff"

/* Of a container. */
#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

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

/* Each field with its size in front, so that it may hold any bytes. */
static void print_field(const char *text, size_t size)
{
	const char *equals = memchr(text, '=', size);
	uint64_t left = size - (size_t)(equals - text) - 1;

	printf("%.*s\n", (int)(equals - text), text);
	for (unsigned int i = 0; i < 8; i++)
		putchar((int)(left >> 8 * i & 0xff));
	fwrite(equals + 1, 1, left, stdout);
	putchar('\n');
}

/* What the journal knows of the entry itself. */
static void print_entry(const struct execgate_event *event, uint64_t count,
			bool repeated)
{
	static struct execgate_record record;

	execgate_record_event(&record, event, count, repeated);
	printf("__CURSOR=s=1;i=%llu\n__REALTIME_TIMESTAMP=%llu\n"
	       "__MONOTONIC_TIMESTAMP=%llu\n"
	       "_BOOT_ID=0123456789abcdef0123456789abcdef\n_UID=0\n"
	       "_HOSTNAME=gate7\n",
	       (unsigned long long)event->sequence,
	       (unsigned long long)(event->time_nsec / 1000),
	       (unsigned long long)event->sequence);
	for (size_t i = 0; i < record.count; i++)
		print_field(record.fields[i].iov_base,
			    record.fields[i].iov_len);
	putchar('\n');
}

/* All that an event can tell. */
static struct execgate_event full_event(uint64_t sequence)
{
	struct execgate_event event = {
		.sequence = sequence,
		.time_nsec = NOW * 1000000000ull + sequence * 1000000000ull,
		.dev = (uint64_t)8 << 20 | 1,
		.ino = UINT64_MAX,
		.identity_version = 9,
		.reason = EXECGATE_REASON_DIGEST_MISMATCH,
		.mode = EXECGATE_MODE_ENFORCE,
		.carrier = EXECGATE_CARRIER_TRAILER,
		.pid = 11,
		.tid = 12,
		.uid = 1000,
		.path_cut = true,
		.constrained = true,
		.ppid = 10,
		.has_login_uid = true,
		.login_uid = 1001,
		.user_ns = 4026532177,
		.cgroup = UINT64_C(1) << 32 | 7,
		.real_dev = (uint64_t)8 << 20 | 2,
		.has_signer = true,
		.has_digest = true,
	};

	strcpy(event.path, "/tmp/" HOSTILE);
	strcpy(event.exe, "/bin/sh");
	strcpy(event.comm, "sh\n\xff");
	strcpy(event.tty, "136:3");
	strcpy(event.identity, "org.example/tool");
	strcpy(event.changed, "coreutils");
	strcpy(event.cgroup_path,
	       "/machine.slice/libpod-" ID ".scope/" HOSTILE);
	strcpy(event.argv0, "sshd" HOSTILE);
	strcpy(event.real_path, "/storage/diff/tmp/" HOSTILE);
	execgate_container_find(&event);
	strcpy(event.user_unit, "app" HOSTILE ".service");
	strcpy(event.container_name, "web");
	strcpy(event.image, "docker.io/library/nginx:1");
	strcpy(event.image_id, ID);
	strcpy(event.host_path, "/var/storage/diff/tmp/" HOSTILE);
	memset(event.signer, 0xab, sizeof(event.signer));
	memset(event.digest, 0xcd, sizeof(event.digest));
	return event;
}

/* Every reason and every hook; with a file, without a path, in memory. */
static int print_journal(void)
{
	struct execgate_event event = full_event(1);
	uint64_t sequence = 1;

	print_entry(&event, 3, true);
	while (++sequence <= EXECGATE_REASON_COUNT) {
		event = full_event(sequence);
		event.reason = (uint32_t)sequence - 1;
		event.hook = event.reason % EXECGATE_HOOK_COUNT;
		if (sequence % 3)
			event.mode = EXECGATE_MODE_AUDIT;
		if (sequence % 4 == 1)
			event.path[0] = '\0';
		if (sequence % 5 == 1)
			event = (struct execgate_event){
				.sequence = sequence,
				.time_nsec = event.time_nsec,
				.reason = event.reason,
				.hook = event.hook,
				.mode = EXECGATE_MODE_ENFORCE,
			};
		print_entry(&event, 1, false);
	}
	return 0;
}

/* Two months of denials, with more reasons than have a color, and a flood on one day. */
static void fill_report(struct execgate_report *report)
{
	struct execgate_event event = full_event(1);

	report->host = "gate7" HOSTILE;
	report->now = NOW;
	for (unsigned int day = 0; day < 60; day++) {
		event.time_nsec = (NOW - day * DAY) * 1000000000ull;
		event.reason = 1 + day % 9;
		event.mode = day % 2 ? EXECGATE_MODE_AUDIT :
				       EXECGATE_MODE_ENFORCE;
		execgate_report_take(report, &event, day == 3 ? 1000 : day + 1);
	}
	event.time_nsec = (NOW + DAY) * 1000000000ull;
	execgate_report_take(report, &event, 1);
}

static int print_report(const struct execgate_facts *facts)
{
	static struct execgate_report report;
	char *page;

	fill_report(&report);
	page = execgate_report_html(facts, &report);
	fputs(page, stdout);
	free(page);
	return 0;
}

static int print_report_json(const struct execgate_facts *facts)
{
	static struct execgate_report report;
	json_t *json;

	fill_report(&report);
	report.host = "gate7";
	json = execgate_report_json(facts, &report);
	json_dumpf(json, stdout, 0);
	json_decref(json);
	return 0;
}

static int print_waits(void)
{
	for (unsigned int i = 1; i < EXECGATE_SYNC_ATTEMPTS; i++)
		printf("%s%u", i > 1 ? " " : "",
		       execgate_sync_wait(EXECGATE_SYNC_WAIT, i));
	return 0;
}

int main(int argc, char **argv)
{
	static struct execgate_facts facts;

	fill_facts(&facts);
	if (argc == 2 && !strcmp(argv[1], "metrics"))
		return print_metrics(&facts);
	if (argc == 2 && !strcmp(argv[1], "journal"))
		return print_journal();
	if (argc == 2 && !strcmp(argv[1], "report"))
		return print_report(&facts);
	if (argc == 2 && !strcmp(argv[1], "report-json"))
		return print_report_json(&facts);
	if (argc == 2 && !strcmp(argv[1], "waits"))
		return print_waits();
	fprintf(stderr,
		"usage: made metrics|journal|report|report-json|waits\n");
	return 2;
}
