// SPDX-License-Identifier: GPL-2.0
/* Who signed a kernel module, also a compressed one; and where modules are found. */
#include <errno.h>
#include <fcntl.h>
#include <keyutils.h>
#include <limits.h>
#include <mntent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/x509.h>

#include "lib_support.h"
#include "lib/preflight/modsig.h"
#include "lib/preflight/mount_modules.h"
#include "lib/preflight/preflight.h"
#include "lib/preflight/programs.h"

#define VECTORS "build/vectors/"

struct found {
	uint8_t id[1024];
	size_t size;
	int count;
};

static int take_id(const uint8_t *id, size_t size, void *arg)
{
	struct found *found = arg;

	assert_true(size && size <= sizeof(found->id));
	memcpy(found->id, id, size);
	found->size = size;
	found->count++;
	return 0;
}

static int signers(const char *path, struct found *found)
{
	int fd = open(path, O_RDONLY), ret;

	memset(found, 0, sizeof(*found));
	assert_true(fd >= 0);
	ret = execgate_modsig_signers(fd, path, take_id, found);
	close(fd);
	return ret;
}

/* As the kernel names a key by its certificate: serial, then issuer. */
static size_t id_of(const char *path, uint8_t *id)
{
	FILE *file = fopen(path, "r");
	X509 *cert;
	uint8_t *der = NULL;
	const uint8_t *at;
	size_t size;
	long length;
	int tag, class, total;

	assert_non_null(file);
	cert = PEM_read_X509(file, NULL, NULL, NULL);
	fclose(file);
	assert_non_null(cert);
	size = (size_t)ASN1_STRING_length(X509_get0_serialNumber(cert));
	memcpy(id, ASN1_STRING_get0_data(X509_get0_serialNumber(cert)), size);
	/* A number whose first bit is set has a zero before it. */
	if (id[0] & 0x80) {
		memmove(id + 1, id, size++);
		id[0] = 0;
	}
	total = i2d_X509_NAME(X509_get_issuer_name(cert), &der);
	at = der;
	assert_false(ASN1_get_object(&at, &length, &tag, &class, total) & 0x80);
	memcpy(id + size, at, (size_t)length);
	OPENSSL_free(der);
	X509_free(cert);
	return size + (size_t)length;
}

static void copy(const char *command, const char *from, const char *to)
{
	char line[3 * PATH_MAX];

	snprintf(line, sizeof(line), "%s %s > %s/%s", command, from, dir, to);
	assert_int_equal(system(line), 0);
}

static const char *at(const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void test_signer(void **state)
{
	uint8_t id[1024];
	size_t size = id_of(VECTORS "rsa2048.cert.pem", id);
	static const struct {
		const char *command;
		const char *name;
	} rows[] = {
		{ "cat", "a.ko" },
		{ "gzip -c", "a.ko.gz" },
		{ "xz -c --check=crc32", "a.ko.xz" },
	};
	struct found found;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		copy(rows[i].command, VECTORS "sign-file-rsa2048.file",
		     rows[i].name);
		assert_int_equal(signers(at(rows[i].name), &found), 0);
		assert_int_equal(found.count, 1);
		assert_int_equal(found.size, size);
		assert_memory_equal(found.id, id, size);
	}
}

/* Larger than what is kept of its end. */
static void test_large(void **state)
{
	struct found found;
	char line[4 * PATH_MAX];

	(void)state;
	snprintf(line, sizeof(line),
		 "(head -c 3000001 /dev/zero; cat %s) > %s/large.ko && "
		 "gzip -c %s/large.ko > %s/large.ko.gz",
		 VECTORS "sign-file-rsa2048.file", dir, dir, dir);
	assert_int_equal(system(line), 0);
	assert_int_equal(signers(at("large.ko"), &found), 0);
	assert_int_equal(found.count, 1);
	assert_int_equal(signers(at("large.ko.gz"), &found), 0);
	assert_int_equal(found.count, 1);
}

static void test_unsigned(void **state)
{
	struct found found;

	(void)state;
	/* Ours is none to the kernel, and what stands behind one hides it. */
	copy("cat", VECTORS "trailer-good.file", "b.ko");
	assert_int_equal(signers(at("b.ko"), &found), 0);
	assert_int_equal(found.count, 0);
	copy("cat", VECTORS "sign-file-rsa2048.file /etc/hostname", "b.ko");
	assert_int_equal(signers(at("b.ko"), &found), 0);
	assert_int_equal(found.count, 0);
	copy("cat", "/dev/null", "b.ko");
	assert_int_equal(signers(at("b.ko"), &found), 0);
	assert_int_equal(found.count, 0);
	/* Its ending and its start say that it is compressed; it is not. */
	copy("printf '\\375"
	     "7zXZ\\000rest and rest'",
	     "", "b.ko.xz");
	assert_int_equal(signers(at("b.ko.xz"), &found), -EBADMSG);
}

static void test_unknown_key(void **state)
{
	uint8_t id[2048] = { 1, 2, 3 };

	(void)state;
	assert_false(execgate_modsig_kernel_trusts(id, 20));
	assert_false(execgate_modsig_kernel_trusts(id, 0));
	assert_false(execgate_modsig_kernel_trusts(id, sizeof(id)));
}

/*
 * A user's keys that read like the ring in /proc/keys, of which some come before it: in a
 * line of their own, of which the key does not exist or is another, and within one.
 */
static void test_keyring_among_forged(void **state)
{
	static const char name[] = "execgate-test-ring";
	char text[256];
	key_serial_t ring, forged[32];

	(void)state;
	assert_int_equal(execgate_modsig_find_keyring(name), 0);
	for (int i = 0; i < (int)ARRAY_SIZE(forged); i++) {
		if (i % 2)
			snprintf(text, sizeof(text), "%d keyring %s: 1", i,
				 name);
		else
			snprintf(
				text, sizeof(text),
				"%d\n%08x I------ 1 perm 1f0f0000 0 0 keyring %s",
				i, i ? (unsigned int)forged[i - 1] : 1u, name);
		forged[i] =
			add_key("user", text, "x", 1, KEY_SPEC_PROCESS_KEYRING);
		assert_true(forged[i] > 0);
	}
	assert_int_equal(execgate_modsig_find_keyring(name), 0);
	ring = add_key("keyring", name, NULL, 0, KEY_SPEC_PROCESS_KEYRING);
	assert_true(ring > 0);
	assert_int_equal(execgate_modsig_find_keyring(name), ring);
	assert_int_equal(execgate_modsig_find_keyring("execgate-test"), 0);
	assert_int_equal(keyctl_clear(KEY_SPEC_PROCESS_KEYRING), 0);
}

static void test_tree(void **state)
{
	struct execgate_preflight set = { 0 };
	char folder[PATH_MAX];

	(void)state;
	snprintf(folder, sizeof(folder), "%s/updates", dir);
	assert_int_equal(mkdir(folder, 0755), 0);
	assert_int_equal(mkdir(at("updates/dkms"), 0755), 0);
	copy("echo", "no module", "updates/notes.txt");
	copy("echo", "ours", "updates/dkms/execgate.ko.xz");
	copy("echo", "theirs", "updates/dkms/execgatelike.ko");
	copy("gzip -c", VECTORS "sign-file-rsa2048.file", "updates/a.ko.gz");
	execgate_preflight_module_tree(&set, folder);
	assert_int_equal(set.count, 2);
	for (size_t i = 0; i < set.count; i++) {
		assert_true(set.items[i].use[EXECGATE_PREFLIGHT_MODULE]);
		assert_false(set.items[i].use[EXECGATE_PREFLIGHT_EXEC]);
		assert_int_equal(set.items[i].sources,
				 EXECGATE_PREFLIGHT_UPDATES);
		assert_int_equal(set.items[i].error, 0);
		assert_null(set.items[i].role);
	}
	execgate_preflight_free(&set);
}

static int append(const char *name, void *arg)
{
	strcat(strcat(arg, name), ",");
	return 0;
}

static void test_modules_load(void **state)
{
	char names[128] = "";

	(void)state;
	assert_int_equal(execgate_programs_of_modules_load(
				 "# one\n;two\n\n  three\nfour a=1\n five\t\n",
				 append, names),
			 0);
	assert_string_equal(names, "three,four,five,");
}

static void test_mounts(void **state)
{
	struct execgate_mount_modules mounts;
	FILE *table = setmntent("/proc/self/mounts", "re");
	const struct mntent *entry;

	(void)state;
	execgate_mount_modules_find(&mounts, NULL, "/etc/fstab",
				    "/proc/self/mountinfo");
	/* In a chroot, where packages are built, "/" is no mount. */
	while (table && (entry = getmntent(table)))
		if (!strcmp(entry->mnt_dir, "/"))
			assert_true(
				execgate_mount_modules_has(&mounts,
							   entry->mnt_type));
	if (table)
		endmntent(table);
	assert_false(execgate_mount_modules_has(&mounts, "no such module"));
}

/* Of the fstab by the folder that is meant, whatever it is called there. */
static void test_needed_mounts(void **state)
{
	static const struct {
		const char *type;
		bool expected;
	} rows[] = {
		{ "plain", true },  { "behind_link", true },
		{ "spaced", true }, { "fuse", true },
		{ "lazy", false },  { "optional", false },
		{ "other", false }, { "fuse.sshfs", false },
	};
	struct execgate_mount_modules mounts;
	char table[PATH_MAX];
	FILE *file;

	(void)state;
	strcpy(table, at("fstab"));
	assert_int_equal(mkdir(at("real"), 0755), 0);
	assert_int_equal(symlink("real", at("link")), 0);
	file = fopen(table, "w");
	assert_non_null(file);
	fprintf(file, "x %s/plain/ auto defaults 0 0\nx %s auto ro 0 0\n", dir,
		at("link"));
	fprintf(file,
		"x %s/a\\040b auto defaults\nx %s/fuse fuse.sshfs _netdev\n",
		dir, dir);
	fprintf(file,
		"x %s/lazy auto ro,noauto\nx %s/optional auto nofail,ro\n", dir,
		dir);
	assert_int_equal(fclose(file), 0);
	file = fopen(at("mountinfo"), "w");
	assert_non_null(file);
	fprintf(file, "1 0 0:1 / %s/plain rw - plain x rw\n", dir);
	fprintf(file, "2 0 0:2 / %s rw - behind_link x rw\n", at("real"));
	fprintf(file, "3 0 0:3 / %s/a\\040b rw - spaced x rw\n", dir);
	fprintf(file, "4 0 0:4 / %s/fuse rw - fuse.sshfs x rw\n", dir);
	fprintf(file, "5 0 0:5 / %s/lazy rw - lazy x rw\n", dir);
	fprintf(file, "6 0 0:6 / %s/optional rw - optional x rw\n", dir);
	fprintf(file, "7 0 0:7 / %s/other rw - other x rw\n", dir);
	assert_int_equal(fclose(file), 0);
	execgate_mount_modules_find(&mounts, NULL, table, at("mountinfo"));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (execgate_mount_modules_has(&mounts, rows[i].type) !=
		    rows[i].expected)
			fail_msg("%s", rows[i].type);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signer),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_unsigned),
		cmocka_unit_test(test_unknown_key),
		cmocka_unit_test(test_keyring_among_forged),
		cmocka_unit_test(test_tree),
		cmocka_unit_test(test_modules_load),
		cmocka_unit_test(test_mounts),
		cmocka_unit_test(test_needed_mounts),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
