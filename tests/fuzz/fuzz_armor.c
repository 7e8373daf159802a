// SPDX-License-Identifier: GPL-2.0
/*
 * The input as a file: if its block is accepted, writing what it decodes to
 * makes the same block, so no block has two encodings. The input as a message:
 * what is written is read back.
 */
#include "format/armor.h"
#include "fuzz.h"

static const char *const prefixes[] = { "# ", "// ", "-- ", "; ", "% ", "\" " };

#define PREFIXES (sizeof(prefixes) / sizeof(prefixes[0]))

static void check_file(struct eg_bytes file)
{
	u8 decoded[EG_ARMOR_MAX], block[EG_ARMOR_MAX];
	struct eg_armor armor;
	size_t i, written, expected;
	enum eg_format result;

	result = eg_armor_parse(file, file.size, decoded, sizeof(decoded),
				&armor);
	HOLDS(eg_armor_ends(file) == (result != EG_FORMAT_ABSENT));
	if (result != EG_FORMAT_OK)
		return;
	HOLDS(armor.payload_size && armor.payload_size < file.size);
	HOLDS(file.data[armor.payload_size - 1] == '\n');
	HOLDS(armor.cms.data == decoded && armor.cms.size);
	expected = file.size - (size_t)armor.payload_size;
	for (i = 0; i < PREFIXES; i++) {
		written = eg_armor_write(prefixes[i], armor.cms, block,
					 sizeof(block));
		if (written == expected &&
		    !memcmp(block, file.data + armor.payload_size, written))
			return;
	}
	HOLDS(!"the block that was read is the block that is written");
}

static void check_message(struct eg_bytes message, const char *prefix)
{
	u8 decoded[EG_ARMOR_MAX], file[1 + EG_ARMOR_MAX] = "\n";
	struct eg_armor armor;
	struct eg_bytes whole = { file, 0 };
	size_t size = eg_armor_write(prefix, message, file + 1, EG_ARMOR_MAX);

	if (!size) {
		HOLDS(!message.size || message.size > EG_ARMOR_MAX / 2);
		return;
	}
	whole.size = size + 1;
	HOLDS(eg_armor_parse(whole, whole.size, decoded, sizeof(decoded),
			     &armor) == EG_FORMAT_OK);
	HOLDS(armor.payload_size == 1);
	HOLDS(armor.cms.size == message.size);
	HOLDS(!memcmp(decoded, message.data, message.size));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct eg_bytes in = { data, size };

	check_file(in);
	check_message(in, prefixes[size % PREFIXES]);
	return 0;
}
