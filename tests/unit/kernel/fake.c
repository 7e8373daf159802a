// SPDX-License-Identifier: GPL-2.0
#include "fake.h"

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/magic.h>
#include <openssl/sha.h>

#include "core/digest.h"
#include "format/armor.h"
#include "format/trailer.h"
#include "trust/keyring.h"
#include "core/memory.h"
#include "core/policy.h"
#include "core/reader.h"
#include "core/writers.h"
#include "rules/need.h"
#include "rules/origin.h"
#include "trust/revocation.h"
#include "support.h"

bool fake_hardened;
const char *fake_path;
enum eg_rule_strength fake_path_strength;
char fake_removed;
char fake_issuer;
unsigned int fake_verified;
u64 fake_hashed;
void (*fake_while_reading)(void);

static unsigned int fail_at, reads;
static int read_error;

void sha256_of(const void *data, size_t size, u8 digest[EG_SHA256_SIZE])
{
	SHA256(data, size, digest);
}

static const struct {
	char id;
	enum execgate_reason answer;
	time64_t not_after;
} signers[] = {
	{ SIGNER_GOOD, EXECGATE_REASON_ALLOWED, 0 },
	{ SIGNER_OTHER, EXECGATE_REASON_ALLOWED, 0 },
	{ SIGNER_EXPIRES, EXECGATE_REASON_ALLOWED, FAKE_NOT_AFTER },
	{ SIGNER_SOONER, EXECGATE_REASON_ALLOWED, FAKE_SOONER },
	{ SIGNER_EXPIRED, EXECGATE_REASON_ALLOWED, 1 },
	{ SIGNER_NO_MEMORY, EXECGATE_REASON_NO_MEMORY, 0 },
	{ SIGNER_INTERRUPTED, EXECGATE_REASON_INTERRUPTED, 0 },
	{ SIGNER_WEAK, EXECGATE_REASON_WEAK_ALGORITHM, 0 },
	{ SIGNER_MODULES, EXECGATE_REASON_ALLOWED, 0 },
	{ SIGNER_FILES, EXECGATE_REASON_ALLOWED, 0 },
	{ SIGNER_CATALOGS, EXECGATE_REASON_ALLOWED, 0 },
	{ SIGNER_POLICY, EXECGATE_REASON_ALLOWED, 0 },
};

static int signer_of(const u8 *id)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(signers); i++)
		if (signers[i].id == *id && *id != fake_removed)
			return (int)i;
	return -1;
}

static bool is_for(int signer, enum execgate_purpose purpose)
{
	switch (signers[signer].id) {
	case SIGNER_MODULES:
		return purpose == EXECGATE_PURPOSE_MODULES;
	case SIGNER_FILES:
		return purpose == EXECGATE_PURPOSE_FILES;
	case SIGNER_CATALOGS:
		return purpose == EXECGATE_PURPOSE_CATALOGS;
	case SIGNER_POLICY:
		return purpose == EXECGATE_PURPOSE_POLICY;
	}
	return purpose & (EXECGATE_PURPOSES_CODE | EXECGATE_PURPOSE_POLICY);
}

bool eg_keyring_has(const u8 fingerprint[EXECGATE_FINGERPRINT_SIZE],
		    enum execgate_purpose purpose)
{
	int i = signer_of(fingerprint);

	return i >= 0 && is_for(i, purpose);
}

/* The signature is the digest of what it is over. */
enum execgate_reason eg_keyring_verify(struct eg_bytes message,
				       const struct eg_cms *cms,
				       struct eg_bytes detached,
				       enum execgate_purpose purpose,
				       struct eg_signer *signer)
{
	struct eg_bytes over = detached.size ? detached : cms->content;
	int i = signer_of(cms->key_id.data);
	u8 digest[EG_SHA256_SIZE];

	fake_verified++;
	if (i < 0)
		return EXECGATE_REASON_UNKNOWN_SIGNER;
	memset(signer->fingerprint, signers[i].id, sizeof(signer->fingerprint));
	memset(signer->issuer, fake_issuer ?: signers[i].id,
	       sizeof(signer->issuer));
	signer->not_after = signers[i].not_after;
	sha256_of(over.data, over.size, digest);
	if (cms->signature.size != sizeof(digest) ||
	    memcmp(cms->signature.data, digest, sizeof(digest)))
		return EXECGATE_REASON_BAD_SIGNATURE;
	if (signers[i].answer == EXECGATE_REASON_ALLOWED &&
	    eg_revocation_has(EXECGATE_REVOCATION_KEY, signer->fingerprint))
		return EXECGATE_REASON_REVOKED;
	if (signers[i].answer == EXECGATE_REASON_ALLOWED && !is_for(i, purpose))
		return EXECGATE_REASON_WRONG_PURPOSE;
	return signers[i].answer;
}

void fake_fail_read(unsigned int nth, int error)
{
	fail_at = nth;
	read_error = error;
	reads = 0;
}

unsigned int fake_reads(void)
{
	return reads;
}

struct file *eg_digest_open(struct file *file)
{
	shim_may_sleep();
	return file->f_mode & FMODE_READ ? get_file(file) : ERR_PTR(-EBADF);
}

int eg_digest_read(struct file *file, u64 offset, void *buffer, size_t size)
{
	shim_may_sleep();
	BUG_ON(!file->references);
	if (++reads == fail_at)
		return read_error;
	if (size > file->f_inode->i_size ||
	    offset > file->f_inode->i_size - size)
		return -EIO;
	memcpy(buffer, file->f_inode->data + offset, size);
	return 0;
}

int fake_renewing;
unsigned int fake_renewals;
bool fake_on_disk;
bool fake_sealed;

bool eg_memory_sealed(const struct inode *inode)
{
	return fake_sealed;
}

bool fake_announced;

/* Weak, as those of gated.c. */
__attribute__((weak)) bool eg_writers_announced(const struct inode *inode)
{
	return fake_announced;
}

void eg_reader_of_inode(struct eg_reader *reader, struct inode *inode,
			bool on_disk)
{
	*reader = (struct eg_reader){ .inode = inode,
				      .size = i_size_read(inode),
				      .on_disk = on_disk };
	fake_on_disk = on_disk;
}

void eg_reader_of_memory(struct eg_reader *reader, const void *memory, u64 size)
{
	*reader = (struct eg_reader){ .memory = memory, .size = size };
}

/* Others go on meanwhile. */
static int read_bytes(struct eg_reader *reader, u64 end, const u8 **bytes)
{
	shim_may_sleep();
	if (fake_while_reading)
		fake_while_reading();
	if (++reads == fail_at)
		return read_error;
	*bytes = reader->inode ? reader->inode->data : reader->memory;
	return end > reader->size ? -EIO : 0;
}

int eg_reader_copy(struct eg_reader *reader, u64 offset, void *buffer,
		   size_t size)
{
	const u8 *bytes;
	int err = read_bytes(reader, offset + size, &bytes);

	if (!err)
		memcpy(buffer, bytes + offset, size);
	return err;
}

int eg_reader_compare(struct eg_reader *reader, u64 offset, const void *buffer,
		      size_t size)
{
	const u8 *bytes;
	int err = read_bytes(reader, offset + size, &bytes);

	if (err)
		return err;
	return memcmp(bytes + offset, buffer, size) ? -EBUSY : 0;
}

int eg_reader_hash(struct eg_reader *reader, u64 size,
		   u8 digest[EG_SHA256_SIZE])
{
	const u8 *bytes;
	int err = read_bytes(reader, size, &bytes);

	if (err)
		return err;
	fake_hashed += size;
	sha256_of(bytes, size, digest);
	return 0;
}

int eg_reader_renew(struct eg_reader *reader)
{
	shim_may_sleep();
	fake_renewals++;
	return fake_renewing;
}

int eg_digest_bytes(const void *data, size_t size, u8 digest[EG_SHA256_SIZE])
{
	if (++reads == fail_at)
		return read_error;
	sha256_of(data, size, digest);
	return 0;
}

static void put(u8 *at, size_t width, u64 value)
{
	while (width--) {
		*at++ = (u8)value;
		value >>= 8;
	}
}

/* Strings are looked up where they are put, one behind the other. */
static u32 put_string(u8 *strings, size_t *used, const char *string)
{
	u32 at = *used;

	memcpy(strings + at, string, strlen(string));
	*used += strlen(string);
	return at;
}

static int by_kind_and_digest(const void *a, const void *b)
{
	const u8 *x = a, *y = b;

	if (x[46] != y[46])
		return x[46] - y[46];
	return memcmp(x, y, EG_SHA256_SIZE);
}

/* A rule of this kind with a text, if there is one. */
static size_t put_rule(u8 *out, enum eg_rule_kind kind, const char *text)
{
	struct eg_rule rule = { .kind = kind };

	if (!text)
		return 0;
	if (kind == EG_RULE_PATH)
		rule.strength = fake_path_strength;
	rule.text = (struct eg_bytes){ (const u8 *)text, strlen(text) };
	return eg_rule_write(&rule, out, 64);
}

static size_t put_identities(u8 *out, const struct forged_manifest *manifest,
			     u8 *strings, size_t *used)
{
	size_t i;

	for (i = 0; manifest->identities[i].name; i++, out += 32) {
		const char *name = manifest->identities[i].name;
		size_t rules;

		put(out, 4, put_string(strings, used, name));
		put(out + 4, 4, strlen(name));
		rules = put_rule(strings + *used, EG_RULE_VERSION,
				 manifest->identities[i].floor);
		rules += put_rule(strings + *used + rules, EG_RULE_PATH,
				  manifest->identities[i].path);
		rules += put_rule(strings + *used + rules, EG_RULE_HARDENED,
				  manifest->identities[i].hardened ? "" : NULL);
		rules += put_rule(strings + *used + rules, EG_RULE_STARTS,
				  manifest->identities[i].starts);
		put(out + 8, 4, rules ? *used : 0);
		put(out + 12, 4, rules);
		*used += rules;
		put(out + 16, 8, manifest->identities[i].version);
	}
	return i;
}

static size_t put_entries(u8 *out, const struct forged_manifest *manifest)
{
	const struct forged_entry *entry = manifest->entries;
	u8 *at = out;

	for (; entry->digest; entry++, at += EG_MANIFEST_ENTRY_SIZE) {
		memcpy(at, entry->digest, EG_SHA256_SIZE);
		put(at + 32, 8, entry->size);
		put(at + 40, 4, entry->identity);
		put(at + 44, 2, entry->classes);
		at[46] = entry->kind;
	}
	qsort(out, entry - manifest->entries, EG_MANIFEST_ENTRY_SIZE,
	      by_kind_and_digest);
	return entry - manifest->entries;
}

struct eg_bytes forge_manifest(const struct forged_manifest *manifest)
{
	u8 out[4096] = EG_MANIFEST_MAGIC, strings[1024];
	const char *name = manifest->name ?: "";
	size_t used = 0, identities, entries, size;

	put(out + 48, 4, put_string(strings, &used, name));
	put(out + 52, 4, strlen(name));
	identities = put_identities(out + 64, manifest, strings, &used);
	entries = put_entries(out + 64 + 32 * identities, manifest);
	size = 64 + 32 * identities + EG_MANIFEST_ENTRY_SIZE * entries;
	memcpy(out + size, strings, used);
	put(out + 8, 2, EG_MANIFEST_VERSION);
	put(out + 10, 2, EG_MANIFEST_HEADER_SIZE);
	put(out + 12, 4, size + used);
	put(out + 16, 4, identities);
	put(out + 20, 4, entries);
	put(out + 24, 4, used);
	put(out + 28, 4, EG_MANIFEST_DIGEST_SHA256);
	put(out + 32, 8, manifest->created);
	put(out + 40, 8, manifest->sequence);
	return bytes_copy(out, size + used);
}

static char *append_hex(char *at, const u8 *data, size_t size)
{
	for (; size; size--, data++, at += 2)
		sprintf(at, "%02x", *data);
	return at;
}

/* As test_cms.c has it: the signer by a key id, RSA, SHA-256. */
static struct eg_bytes message(char signer, struct eg_bytes content,
			       bool inside)
{
	u8 signature[EG_SHA256_SIZE];
	char notation[16384], *at = notation;
	struct eg_bytes out;

	BUG_ON(content.size > 6000);
	sha256_of(content.data, content.size, signature);
	at = stpcpy(at, "30{06092a864886f70d010702 a0{30{020103"
			"31{30{0609608648016503040201}}"
			"30{06092a864886f70d010701");
	if (inside) {
		at = stpcpy(at, "a0{04{");
		at = append_hex(at, content.data, content.size);
		at = stpcpy(at, "}}");
	}
	at += sprintf(at, "}31{30{020103 80{%02x*20}", signer);
	at = stpcpy(at, "30{0609608648016503040201}"
			"30{06092a864886f70d0101010500} 04{");
	at = append_hex(at, signature, sizeof(signature));
	stpcpy(at, "}}}}}}");
	out = bytes_of(notation);
	return out;
}

struct eg_bytes forge_message(char signer, struct eg_bytes content)
{
	return message(signer, content, true);
}

struct eg_bytes forge_detached(char signer, struct eg_bytes content)
{
	return message(signer, content, false);
}

struct eg_bytes forge_joined(struct eg_bytes a, struct eg_bytes b)
{
	u8 *both = malloc(a.size + b.size);

	BUG_ON(!both);
	memcpy(both, a.data, a.size);
	memcpy(both + a.size, b.data, b.size);
	return (struct eg_bytes){ both, a.size + b.size };
}

struct eg_bytes forge_trailer(struct eg_bytes payload, struct eg_bytes message,
			      const char *magic)
{
	struct eg_bytes signed_part = forge_joined(payload, message), out;
	u8 trailer[EG_TRAILER_SIZE];

	eg_trailer_write(trailer, message.size);
	memcpy(trailer + EG_TRAILER_INFO_SIZE, magic, EG_TRAILER_MAGIC_SIZE);
	out = forge_joined(signed_part,
			   (struct eg_bytes){ trailer, sizeof(trailer) });
	bytes_free(signed_part);
	return out;
}

struct eg_bytes forge_armor(struct eg_bytes payload, struct eg_bytes message)
{
	u8 block[EG_ARMOR_MAX];
	size_t size = eg_armor_write("# ", message, block, sizeof(block));

	BUG_ON(!size);
	return forge_joined(payload, (struct eg_bytes){ block, size });
}

bool fake_hardened;
const char *fake_starts;
int fake_attaching;
unsigned int fake_needed;

int eg_need_rules(bool reads)
{
	shim_may_sleep();
	if (eg_origin_wanted())
		return 0;
	fake_needed++;
	if (fake_attaching)
		return fake_attaching;
	eg_origin_want(true);
	eg_policy_advance_epoch();
	return 0;
}

struct eg_bytes forge_program(char signer, u16 classes)
{
	struct eg_bytes text = { (const u8 *)FAKE_TEXT, sizeof(FAKE_TEXT) - 1 };
	u8 digest[EG_SHA256_SIZE];
	const struct forged_manifest manifest = {
		.identities = { { "org.example/tool", fake_path, 7, NULL,
				  fake_hardened, fake_starts } },
		.entries = { { digest, text.size, classes } },
	};
	struct eg_bytes content, message, out;

	sha256_of(text.data, text.size, digest);
	content = forge_manifest(&manifest);
	message = forge_message(signer, content);
	out = forge_trailer(text, message, EG_TRAILER_MAGIC);
	bytes_free(content);
	bytes_free(message);
	return out;
}

struct super_block fake_disk = {
	.s_magic = EXT4_SUPER_MAGIC,
	.s_user_ns = &init_user_ns,
};
static struct dentry nameless = { .name = "/file", .d_sb = &fake_disk };

void fake_file(struct file *file, struct inode *inode, struct eg_bytes bytes)
{
	*inode = (struct inode){
		.i_mode = S_IFREG | 0755,
		.i_size = bytes.size,
		.i_sb = &fake_disk,
		.i_mapping = &inode->i_data,
		.data = bytes.data,
	};
	*file = (struct file){
		.f_mode = FMODE_READ,
		.f_inode = inode,
		.f_path.dentry = &nameless,
		.user_path.dentry = &nameless,
	};
	nameless.d_inode = inode;
	nameless.d_sb = &fake_disk;
}
