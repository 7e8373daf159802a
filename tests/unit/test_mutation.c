// SPDX-License-Identifier: GPL-2.0
/*
 * A really signed file, its trailer and message changed in every way that comes
 * to a generator of fixed seed: nothing may be accepted that was not signed.
 * Accepted means: our parsers, the digest and openssl's verification all agree.
 */
#include <openssl/evp.h>

#include "judge.h"
#include "support.h"

#define VECTORS "build/vectors/"
#define MUTATIONS 100000
#define LAST_BYTES 700

struct target {
	const char *path;
	struct eg_bytes file;
	struct judged judged;
};

static struct target targets[] = {
	{ .path = VECTORS "trailer-good.file" },
	{ .path = VECTORS "trailer-issuer.file" },
};

static X509 *certificate;

/* xorshift64: the same mutations on every machine. */
static u64 random_state = 0x9e3779b97f4a7c15;

static u64 random_below(u64 bound)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state % bound;
}

static int setup(void **state)
{
	size_t i;

	(void)state;
	certificate = judge_certificate(VECTORS "rsa2048.cert.pem");
	for (i = 0; i < ARRAY_SIZE(targets); i++) {
		targets[i].file = bytes_of_file(targets[i].path);
		assert_string_equal(judge_file(targets[i].file,
					       &targets[i].judged),
				    "ok");
	}
	return 0;
}

static int teardown(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(targets); i++)
		bytes_free(targets[i].file);
	X509_free(certificate);
	return 0;
}

enum outcome { REFUSED_BY_PARSER, REFUSED_BY_SIGNATURE, ACCEPTED, OUTCOMES };

static enum outcome judge(struct eg_bytes file, struct judged *judged)
{
	memset(judged, 0, offsetof(struct judged, decoded));
	if (strcmp(judge_file(file, judged), "ok"))
		return REFUSED_BY_PARSER;
	return judge_openssl(judged->message, certificate, judged->content) ?
		       ACCEPTED :
		       REFUSED_BY_SIGNATURE;
}

static bool same(struct eg_bytes a, struct eg_bytes b)
{
	return a.size == b.size && !memcmp(a.data, b.data, a.size);
}

/* Row 4: each of the last 700 bytes, each of its bits and all of them. */
static void test_last_bytes(void **state)
{
	struct judged judged;
	size_t target, i;
	int bit;

	(void)state;
	for (target = 0; target < ARRAY_SIZE(targets); target++) {
		struct eg_bytes file = targets[target].file;
		u8 *data = (u8 *)file.data + file.size - LAST_BYTES;

		assert_int_equal(judge(file, &judged), ACCEPTED);
		for (i = 0; i < LAST_BYTES; i++)
			for (bit = 0; bit <= 8; bit++) {
				u8 mask = bit < 8 ? (u8)(1 << bit) : 0xff;

				data[i] ^= mask;
				if (judge(file, &judged) == ACCEPTED) {
					/* A name's case is no part of it. */
					assert_int_equal(mask, 0x20);
					assert_true(same(
						judged.content,
						targets[target].judged.content));
				}
				data[i] ^= mask;
			}
	}
}

/* One change to the @size bytes at @data, of which there is room for @room. */
static size_t mutate(u8 *data, size_t size, size_t room)
{
	static const u8 interesting[] = { 0x00, 0x01, 0x02, 0x03, 0x04, 0x05,
					  0x06, 0x30, 0x31, 0x7f, 0x80, 0x81,
					  0x82, 0x84, 0xa0, 0xa1, 0xff };
	size_t at = random_below(size), to = random_below(size), n;

	n = 1 + random_below(random_below(4) ? 4 : size - (at > to ? at : to));
	if (n > size - at)
		n = size - at;
	if (n > size - to)
		n = size - to;
	switch (random_below(7)) {
	case 0:
		data[at] ^= (u8)(1 << random_below(8));
		break;
	case 1:
		data[at] = (u8)random_below(256);
		break;
	case 2:
		data[at] = interesting[random_below(sizeof(interesting))];
		break;
	case 3:
		data[at] = (u8)(data[at] + (random_below(2) ? 1 : -1));
		break;
	case 4: /* copy a run over another */
		memmove(data + to, data + at, n);
		break;
	case 5: /* take a run out */
		memmove(data + at, data + at + n, size - at - n);
		return size - n;
	case 6: /* double a run */
		if (size + n > room)
			break;
		memmove(data + at + n, data + at, size - at);
		return size + n;
	}
	return size;
}

/*
 * Keep the trailer's length true to half of the messages that changed theirs:
 * otherwise hardly any would reach the message's parser.
 */
static void settle(u8 *trailer, size_t message_size)
{
	trailer[8] = (u8)(message_size >> 24);
	trailer[9] = (u8)(message_size >> 16);
	trailer[10] = (u8)(message_size >> 8);
	trailer[11] = (u8)message_size;
}

static size_t mutant(const struct target *target, u8 *out, size_t room)
{
	size_t payload = target->judged.payload.size;
	size_t size = target->file.size - payload, rounds;
	size_t message = target->judged.message.size, changed;

	memcpy(out, target->file.data, target->file.size);
	rounds = 1 + random_below(3);
	if (random_below(2)) {
		/* Only the message, and a trailer that knows. */
		u8 trailer[40];

		memcpy(trailer, out + payload + message, sizeof(trailer));
		for (changed = message; rounds && changed > 1; rounds--)
			changed = mutate(out + payload, changed,
					 room - payload - sizeof(trailer));
		settle(trailer, changed);
		memcpy(out + payload + changed, trailer, sizeof(trailer));
		return payload + changed + sizeof(trailer);
	}
	for (; rounds && size > 1; rounds--)
		size = mutate(out + payload, size, room - payload);
	return payload + size;
}

static void test_mutations(void **state)
{
	size_t room = targets[0].file.size + targets[1].file.size + 4096;
	size_t counts[OUTCOMES] = { 0 }, unchanged = 0, i;
	u8 *buffer = malloc(room);

	(void)state;
	assert_non_null(buffer);
	for (i = 0; i < MUTATIONS; i++) {
		const struct target *target = &targets[i % ARRAY_SIZE(targets)];
		struct judged judged;
		struct eg_bytes file;
		enum outcome outcome;

		file.data = buffer;
		file.size = mutant(target, buffer, room);
		if (same(file, target->file)) {
			unchanged++;
			continue;
		}
		outcome = judge(file, &judged);
		counts[outcome]++;
		if (outcome == ACCEPTED &&
		    (!same(judged.content, target->judged.content) ||
		     !same(judged.payload, target->judged.payload)))
			fail_msg("mutation %zu is accepted with other content",
				 i);
	}
	print_message("%zu unchanged, %zu refused by a parser, %zu by their "
		      "signature, %zu accepted with the same content\n",
		      unchanged, counts[REFUSED_BY_PARSER],
		      counts[REFUSED_BY_SIGNATURE], counts[ACCEPTED]);
	/* Both walls were reached, or the test would say nothing of them. */
	assert_true(counts[REFUSED_BY_PARSER] > MUTATIONS / 10);
	assert_true(counts[REFUSED_BY_SIGNATURE] > MUTATIONS / 10);
	assert_true(unchanged < MUTATIONS / 10);
	free(buffer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_last_bytes),
		cmocka_unit_test(test_mutations),
	};

	return cmocka_run_group_tests_name("mutation", tests, setup, teardown);
}
