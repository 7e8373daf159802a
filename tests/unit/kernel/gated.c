// SPDX-License-Identifier: GPL-2.0
#include "gated.h"

#include <linux/kernel.h>

#include "core/cache.h"
#include "cases.h"
#include "trust/catalog.h"
#include "core/counter.h"
#include "core/event.h"
#include "core/filesystem.h"
#include "gate.h"
#include "support.h"
#include "core/writers.h"

struct inode inode;
int bridge_result;
unsigned int bridges;
bool bridge_excludes;
gfp_t bridge_gfp;
void (*before_bridge)(void);

/* Weak: the test of the real ones has those instead. */
__attribute__((weak)) int eg_writers_bridge(struct file *file,
					    struct inode *inode, bool exclude,
					    gfp_t gfp)
{
	bridges++;
	bridge_excludes = exclude;
	bridge_gfp = gfp;
	if (gfp & GFP_KERNEL)
		shim_may_sleep();
	if (before_bridge)
		before_bridge();
	return bridge_result;
}

bool announce_works;
unsigned int announcements;

__attribute__((weak)) bool eg_writers_announce(const struct inode *what)
{
	assert_ptr_equal(what, &inode);
	announcements++;
	if (before_bridge)
		before_bridge();
	return announce_works;
}

__attribute__((weak)) bool eg_writers_present(const struct inode *inode)
{
	return inode->i_writecount.counter > 0;
}

struct file file;
struct eg_bytes bytes;
struct eg_request req;
static u64 reported, denied;

void set_policy(enum execgate_mode mode, u32 without, u32 with)
{
	struct eg_policy policy = eg_policy_get();

	policy.mode = mode;
	policy.gates = (policy.gates & ~without) | with;
	eg_policy_set(policy);
}

static void sink(void)
{
}

void gate_begin(char signer, u16 classes)
{
	bytes = signer ? forge_program(signer, classes) :
			 bytes_copy(FAKE_TEXT, sizeof(FAKE_TEXT) - 1);
	fake_file(&file, &inode, bytes);
	req = (struct eg_request){
		.hook = EXECGATE_HOOK_BPRM_CHECK,
		.gate = EXECGATE_GATE_EXEC,
		.classes = PROGRAM,
		.file = &file,
		.inode = &inode,
	};
	eg_event_init(sink);
	assert_int_equal(eg_catalog_init(), 0);
	assert_int_equal(eg_cache_init(), 0);
	eg_cache_enable(true);
	eg_filesystem_judge_overlays(true);
	set_policy(ENFORCE, 0, 0);
}

void gate_end(void)
{
	eg_event_stop();
	eg_event_exit();
	eg_catalog_exit();
	eg_cache_enable(false);
	eg_cache_exit();
	bytes_free(bytes);
	assert_int_equal(file.references, 0);
	assert_int_equal(shim_allocated(), 0);
}

void expect_told(enum execgate_reason reason, enum execgate_mode mode,
		 const char *why)
{
	struct eg_event_counts counts;
	struct eg_counters counters;
	struct eg_event *event;

	/* Of who is killed the counter tells, and nothing else. */
	bool told = reason != R(ALLOWED) && reason != R(INTERRUPTED);

	eg_event_counts(&counts);
	expect_equal(counts.next - 1 - reported, told, why);
	reported = counts.next - 1;
	eg_counter_sum(&counters);
	expect_equal(counters.denies[reason] > 0, reason != R(ALLOWED), why);
	expect_equal(counters.denied - denied,
		     reason != R(ALLOWED) && mode == EXECGATE_MODE_ENFORCE,
		     why);
	denied = counters.denied;
	if (!told)
		return;
	event = eg_event_get(reported);
	expect_equal(event->verdict.reason, reason, why);
	expect_equal(event->mode, mode, why);
	eg_event_put(event);
}

u64 hits(void)
{
	struct eg_counters counters;

	eg_counter_sum(&counters);
	return counters.cache_hits;
}

u64 misses(void)
{
	struct eg_counters counters;

	eg_counter_sum(&counters);
	return counters.cache_misses;
}

unsigned int writers_left;

void a_writer_comes(void)
{
	if (!writers_left)
		return;
	writers_left--;
	eg_cache_writer(&inode, true);
}
