// SPDX-License-Identifier: GPL-2.0
/* What judging a file costs, how large it may be, and what fails on the way. */
#include "carriers/carrier.h"
#include "trust/verify.h"

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#include "cases.h"
#include "evidence.h"
#include "fake.h"
#include "format/trailer.h"
#include "support.h"

/* How much is hashed, and verified, to come to the verdict. */
static void test_costs(void **state)
{
	static const struct {
		struct evidence_row row;
		unsigned int verified;
		enum which hashed;
	} costs[] = {
		{ { "unsigned, nothing listed" }, 0, NO },
		{ { "verity", .catalog = { VERITY, 'a', LIBRARY },
		    .verity = 1 },
		  0,
		  NO },
		{ { "a stranger", TRAILER, 'u', .classes = PROGRAM }, 1, NO },
		{ { "a stranger of the kernel's", MODSIG, 'u' }, 1, NO },
		{ { "forged", TRAILER, 'a', FORGED, PROGRAM }, 1, NO },
		{ { "signed", TRAILER, 'a', .classes = PROGRAM,
		    .catalog = { WHOLE, 'a', LIBRARY } },
		  1,
		  PAYLOAD },
	};
	struct eg_verdict verdict;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(costs); i++) {
		evidence_set_up(&costs[i].row);
		fake_verified = 0;
		fake_hashed = 0;
		evidence_judge(&costs[i].row, &verdict);
		expect_equal(fake_verified, costs[i].verified,
			     costs[i].row.why);
		expect_equal(fake_hashed,
			     costs[i].hashed == PAYLOAD ?
				     evidence.payload.size :
				     0,
			     costs[i].row.why);
		evidence_tear_down();
	}
}

/* A file of any size down to none; its end is what is looked at. */
static void test_small_files(void **state)
{
	static const struct evidence_row row = { "small" };
	struct eg_verdict verdict;
	size_t size;

	for (size = 0; size <= 2 * EG_TRAILER_SIZE; size++) {
		evidence_set_up(&row);
		bytes_free(evidence.whole);
		evidence.whole =
			bytes_copy("0123456789012345678901234567890123456"
				   "789~execgate signature v1 end~\n"
				   "~execgate signature v1 end~\n",
				   size);
		fake_file(&evidence.file, &evidence.inode, evidence.whole);
		evidence_judge(&row, &verdict);
		/* Where the magic ends exactly, with fields that are none. */
		assert_int_equal(verdict.reason,
				 size == 68 ? R(MALFORMED) : R(UNSIGNED));
		evidence_tear_down();
	}
}

/* The bound on what the kernel verifies in memory: not a byte is asked for. */
static void test_modsig_bound(void **state)
{
	static const struct {
		u64 payload;
		enum execgate_reason reason;
	} bounds[] = {
		{ 32 << 20, R(ALLOWED) },
		{ (32 << 20) + 1, R(TOO_LARGE) },
	};
	struct eg_verdict verdict;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bounds); i++) {
		struct eg_bytes message;
		static const struct evidence_row row = { "large", MODSIG, 'k' };

		evidence_set_up(&row);
		bytes_free(evidence.payload);
		bytes_free(evidence.whole);
		evidence.payload =
			(struct eg_bytes){ calloc(1, bounds[i].payload),
					   bounds[i].payload };
		memcpy((u8 *)evidence.payload.data, "\177ELF", 4);
		/* Over nothing: the fake signature is made of small ones. */
		message = forge_detached('k', (struct eg_bytes){ NULL, 0 });
		sha256_of(evidence.payload.data, evidence.payload.size,
			  (u8 *)message.data + message.size - EG_SHA256_SIZE);
		evidence.whole = forge_trailer(evidence.payload, message,
					       EG_TRAILER_MODSIG_MAGIC);
		bytes_free(message);
		fake_file(&evidence.file, &evidence.inode, evidence.whole);
		evidence_judge(&row, &verdict);
		assert_int_equal(verdict.reason, bounds[i].reason);
		assert_int_equal(verdict.carrier, C(MODSIG));
		evidence_tear_down();
	}
}

/* Nobody who has files without anything in them judged takes memory by it. */
static void test_memory_taken(void **state)
{
	static const struct {
		struct evidence_row row;
		enum execgate_reason reason;
	} rows[] = {
		{ { "unsigned, nothing listed" }, R(UNSIGNED) },
		{ { "unsigned, listed is fs-verity's digest",
		    .catalog = { VERITY, 'a', PROGRAM } },
		  R(UNSIGNED) },
		{ { "a trailer", TRAILER, 'a', .classes = PROGRAM },
		  R(NO_MEMORY) },
		{ { "comments", ARMOR, 'a', .classes = PROGRAM },
		  R(NO_MEMORY) },
		{ { "a module's signature", MODSIG, 'a' }, R(NO_MEMORY) },
		{ { "listed", .catalog = { WHOLE, 'a', PROGRAM } },
		  R(NO_MEMORY) },
		{ { "verity", .catalog = { VERITY, 'a', PROGRAM },
		    .verity = 1 },
		  R(NO_MEMORY) },
	};
	struct eg_verdict verdict;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		evidence_set_up(&rows[i].row);
		shim_fail_allocation(1);
		evidence_judge(&rows[i].row, &verdict);
		shim_fail_allocation(0);
		expect_equal(verdict.reason, rows[i].reason, rows[i].row.why);
		evidence_tear_down();
	}
}

/* What the kernel is about to use is in memory, and no file at all. */
static void test_memory(void **state)
{
	static const struct evidence_row row = { "memory", TRAILER, 'a',
						 .classes = PROGRAM };
	struct eg_evidence ev = { .classes = PROGRAM };
	struct eg_verdict verdict = {};

	evidence_set_up(&row);
	eg_reader_of_memory(&ev.reader, evidence.whole.data,
			    evidence.whole.size);
	eg_carrier_judge(&ev, &verdict);
	assert_int_equal(verdict.reason, R(ALLOWED));
	assert_int_equal(verdict.carrier, C(TRAILER));
	eg_carrier_forget(&ev, &verdict);
	evidence_tear_down();
}

static unsigned int changes_at, seen;

/* The file's last byte, when it is read for the so many'th time. */
static void last_byte_changes(void)
{
	if (++seen == changes_at)
		((u8 *)evidence.whole.data)[evidence.whole.size - 1]++;
}

/*
 * Pages are settled before anything in them counts: what was found in those
 * before must still be there.
 */
static void test_settled(void **state)
{
	static const struct evidence_row all[] = {
		{ "a trailer", TRAILER, 'a', .classes = PROGRAM },
		{ "comments", ARMOR, 'a', .classes = PROGRAM },
		{ "listed", .catalog = { WHOLE, 'a', PROGRAM } },
		{ "verity", .catalog = { VERITY, 'a', PROGRAM }, .verity = 1 },
		{ "listed, and forged", TRAILER, 'a', FORGED, PROGRAM,
		  .catalog = { WHOLE, 'a', PROGRAM } },
	};
	static const struct {
		int renewing;
		enum execgate_reason reason;
	} results[] = {
		{ 0, R(ALLOWED) },
		{ -EBUSY, R(WRITER_OPEN) },
		{ -EINTR, R(INTERRUPTED) },
	};
	struct eg_verdict verdict;
	size_t i, r;

	for (i = 0; i < ARRAY_SIZE(all); i++) {
		evidence_set_up(&all[i]);
		for (r = 0; r < ARRAY_SIZE(results); r++) {
			fake_renewing = results[r].renewing;
			fake_renewals = 0;
			evidence_judge(&all[i], &verdict);
			expect_equal(verdict.reason, results[r].reason,
				     all[i].why);
			/* Once for all that is found in it. */
			expect_equal(fake_renewals, 1, all[i].why);
		}
		fake_renewing = 0;
		/* The first read has the end of the file, the next compares. */
		seen = 0;
		changes_at = 2;
		fake_while_reading = last_byte_changes;
		evidence_judge(&all[i], &verdict);
		fake_while_reading = NULL;
		expect_equal(verdict.reason, R(WRITER_OPEN), all[i].why);
		evidence_tear_down();
	}
}

/* The last bytes, as many as a trailer has, or all there are. */
static void test_end(void **state)
{
	struct eg_evidence ev = {};
	size_t size;

	for (size = 0; size <= sizeof(ev.end); size++) {
		struct eg_bytes end;

		ev.tail = (struct eg_bytes){ ev.end, size };
		end = eg_carrier_end(&ev);
		assert_int_equal(end.size, min(size, EG_TRAILER_SIZE));
		assert_ptr_equal(end.data + end.size, ev.end + size);
	}
}

/* What is listed for another use only is hashed up to a size, to say so. */
static void test_other_use(void **state)
{
	static const struct {
		u64 size;
		u16 listed;
		u64 hashed;
	} files[] = {
		{ 16 << 20, PROGRAM, 16 << 20 },
		{ (16 << 20) + 1, PROGRAM, 0 },
		{ (16 << 20) + 1, LIBRARY, (16 << 20) + 1 },
	};
	static const struct evidence_row nothing = { "large" };
	struct eg_verdict verdict;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		struct evidence_row row = {
			"large",
			.catalog = { WHOLE, 'a', files[i].listed },
			.wanted = LIBRARY,
		};

		evidence_set_up(&nothing);
		bytes_free(evidence.whole);
		evidence.whole = (struct eg_bytes){ calloc(1, files[i].size),
						    files[i].size };
		sha256_of(evidence.whole.data, evidence.whole.size,
			  evidence.digest[WHOLE]);
		fake_file(&evidence.file, &evidence.inode, evidence.whole);
		evidence_load_catalog(&row);
		fake_hashed = 0;
		evidence_judge(&row, &verdict);
		assert_int_equal(fake_hashed, files[i].hashed);
		assert_int_equal(verdict.reason,
				 files[i].hashed ? R(ALLOWED) : R(UNSIGNED));
		assert_int_equal(verdict.classes,
				 files[i].hashed ? files[i].listed : 0);
		evidence_tear_down();
	}
}

static void test_reasons(void **state)
{
	static const struct {
		enum eg_format format;
		enum execgate_reason reason;
	} formats[] = {
		{ EG_FORMAT_OK, R(ALLOWED) },
		{ EG_FORMAT_ABSENT, R(UNSIGNED) },
		{ EG_FORMAT_MALFORMED, R(MALFORMED) },
		{ EG_FORMAT_WEAK_ALGORITHM, R(WEAK_ALGORITHM) },
		{ EG_FORMAT_TOO_LARGE, R(TOO_LARGE) },
		{ EG_FORMAT_TOO_LARGE + 1, R(MALFORMED) },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(formats); i++)
		assert_int_equal(eg_verify_reason(formats[i].format),
				 formats[i].reason);
	assert_int_equal(eg_verify_reason_of_errno(0), R(ALLOWED));
	assert_int_equal(eg_verify_reason_of_errno(-ENOMEM), R(NO_MEMORY));
	assert_int_equal(eg_verify_reason_of_errno(-EINTR), R(INTERRUPTED));
	assert_int_equal(eg_verify_reason_of_errno(-EIO), R(IO_ERROR));
	assert_int_equal(eg_verify_reason_of_errno(1), R(IO_ERROR));
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_costs),	KERNEL_CASE(test_small_files),
		KERNEL_CASE(test_modsig_bound), KERNEL_CASE(test_memory_taken),
		KERNEL_CASE(test_memory),	KERNEL_CASE(test_settled),
		KERNEL_CASE(test_end),		KERNEL_CASE(test_other_use),
		KERNEL_CASE(test_reasons),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
