// SPDX-License-Identifier: GPL-2.0
/* Images of containers: texts, names and bounds. Whole images are in tests/cli. */
#include <fcntl.h>

#include <openssl/sha.h>

#include "lib/oci/image.h"
#include "lib_support.h"

static void test_time(void **state)
{
	static const struct {
		const char *text;
		uint64_t seconds;
		bool good;
	} rows[] = {
		{ "1970-01-01T00:00:01Z", 1, true },
		{ "2024-05-14T01:02:03.123456789Z", 1715648523, true },
		{ "2024-05-14t03:02:03+02:00", 1715648523, true },
		{ "2024-05-13T20:02:03.5-05:00", 1715648523, true },
		/* How builders write that they do not know. */
		{ "0001-01-01T00:00:00Z", 0, true },
		{ "2024-05-14", 0, false },
		{ "2024-05-14T01:02:03", 0, false },
		{ "2024-05-14T01:02:03Zx", 0, false },
		{ "2024-05-14T01:02:03+2:00", 0, false },
		{ "2024-05-14T01:02:03+02:00Z", 0, false },
		{ "2024-05-14T01:02:03+99:00", 0, false },
		{ "", 0, false },
	};
	uint64_t seconds;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (execgate_oci_parse_time(rows[i].text, &seconds) !=
		    rows[i].good)
			fail_msg("%s", rows[i].text);
		if (rows[i].good)
			assert_int_equal(seconds, rows[i].seconds);
	}
}

static void test_platform(void **state)
{
	static const struct {
		const char *text, *os, *architecture, *variant;
	} rows[] = {
		{ "amd64", "linux", "amd64", "" },
		{ "linux/arm64", "linux", "arm64", "" },
		{ "linux/arm/v7", "linux", "arm", "v7" },
		{ "", NULL, NULL, NULL },
		{ "linux/", NULL, NULL, NULL },
		{ "/amd64", NULL, NULL, NULL },
		{ "linux//v7", NULL, NULL, NULL },
		{ "linux/arm/v7/x", NULL, NULL, NULL },
		{ "a-machine-whose-name-has-32-bytes", NULL, NULL, NULL },
	};
	struct execgate_oci_platform platform;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		bool good =
			execgate_oci_parse_platform(rows[i].text, &platform);

		if (good != !!rows[i].os)
			fail_msg("%s", rows[i].text);
		if (!good)
			continue;
		assert_string_equal(platform.os, rows[i].os);
		assert_string_equal(platform.architecture,
				    rows[i].architecture);
		assert_string_equal(platform.variant, rows[i].variant);
	}
}

static void test_name(void **state)
{
	static const struct {
		const char *reference, *name;
	} rows[] = {
		{ "docker.io/library/nginx:1.27", "docker.io+library+nginx" },
		{ "nginx:1.27", "nginx" },
		{ "localhost:5000/a/b:1", "localhost_5000+a+b" },
		{ "localhost:5000/a/b", "localhost_5000+a+b" },
		{ "example.org/a@sha256:00", "example.org+a" },
		{ "example.org/a:1@sha256:00", "example.org+a" },
		{ "latest", NULL },
		{ "", NULL },
		{ ":1", NULL },
	};
	char name[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int ret = execgate_oci_image_name(rows[i].reference, name,
						  sizeof(name), NULL);

		if (!ret != !!rows[i].name)
			fail_msg("%s", rows[i].reference);
		if (!ret)
			assert_string_equal(name, rows[i].name);
	}
	assert_int_equal(execgate_oci_image_name("a/b:1", name, 3, NULL),
			 -EINVAL);
}

static void test_plain_path(void **state)
{
	static const struct {
		const char *path, *plain;
	} rows[] = {
		{ "./usr//bin/./x", "usr/bin/x" },
		{ "/x/", "x" },
		{ "", "" },
		{ "./", "" },
		{ "...", "..." },
		{ "a/..", NULL },
		{ "../a", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *plain = execgate_oci_plain_path(rows[i].path);

		if (rows[i].plain)
			assert_string_equal(plain, rows[i].plain);
		else
			assert_null(plain);
		free(plain);
	}
}

/* One file of @size zeros, and the end of the archive. */
static size_t write_tar(const char *path, const char *name, size_t size)
{
	char header[512] = { 0 }, zeros[512] = { 0 };
	unsigned int sum = 0;
	size_t i, written = sizeof(header);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	snprintf(header, 100, "%s", name);
	snprintf(header + 100, 8, "0000644");
	snprintf(header + 124, 12, "%011zo", size);
	snprintf(header + 136, 12, "%011o", 1);
	memcpy(header + 257, "ustar\00000", 8);
	header[156] = '0';
	memset(header + 148, ' ', 8);
	for (i = 0; i < sizeof(header); i++)
		sum += (uint8_t)header[i];
	snprintf(header + 148, 8, "%06o", sum);
	fwrite(header, 1, sizeof(header), file);
	for (i = 0; i < (size + 511) / 512 + 2; i++)
		written += fwrite(zeros, 1, sizeof(zeros), file);
	assert_int_equal(fclose(file), 0);
	return written;
}

/* Read a layer with bounds of @entries and @bytes: 0 or -errno. */
static int read_bounded(uint64_t entries, uint64_t bytes, uint64_t memory)
{
	struct execgate_oci_layer layer = { .name = strdup("layer") };
	struct execgate_oci_limits limits = { .entries = entries,
					      .bytes = bytes,
					      .memory = memory };
	const struct execgate_identities none = {};
	struct execgate_oci_store *store;
	struct execgate_error err;
	char path[96];
	uint8_t *data;
	size_t size;
	int ret;

	/* Not in /var/tmp, which a builder need not be able to write to. */
	assert_int_equal(setenv("TMPDIR", dir, 1), 0);
	snprintf(path, sizeof(path), "%s/layer", dir);
	write_tar(path, "usr/bin/x", 2048);
	assert_int_equal(execgate_oci_store_folder(dir, &store, &err), 0);
	assert_int_equal(execgate_oci_store_read(store, "layer", 1 << 20, &data,
						 &size, &err),
			 0);
	SHA256(data, size, layer.diff_id);
	free(data);
	ret = execgate_oci_layer_read(store, &layer, &none, &limits, &err);
	execgate_oci_layer_free(&layer);
	execgate_oci_store_close(store);
	return ret;
}

/* The archive has 3,584 bytes, and 2,048 of them are a file's. */
static void test_bounds(void **state)
{
	(void)state;
	assert_int_equal(read_bounded(1, 3584 + 2048, 9), 0);
	assert_int_equal(read_bounded(0, 1 << 20, 9), -EFBIG);
	assert_int_equal(read_bounded(1, 3584 + 2047, 9), -EFBIG);
	assert_int_equal(read_bounded(1, 3583, 9), -EFBIG);
	assert_int_equal(read_bounded(1, 1 << 20, 8), -EFBIG);
}

static void test_documents(void **state)
{
#define DIGEST \
	"sha256:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	static const struct {
		const char *text;
		int ret;
	} rows[] = {
		{ "{\"schemaVersion\":2,\"manifests\":[]}", 0 },
		{ "{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"" DIGEST
		  "\"}]}",
		  0 },
		{ "{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"" DIGEST
		  "0\"}]}",
		  -EBADMSG },
		{ "{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"" DIGEST
		  "\",\"size\":-1}]}",
		  -EBADMSG },
		{ "{\"schemaVersion\":1,\"manifests\":[]}", -EBADMSG },
		{ "{\"schemaVersion\":2}", -EBADMSG },
		{ "{\"schemaVersion\":2,\"manifests\":[],\"layers\":[]}",
		  -EBADMSG },
		{ "{\"schemaVersion\":2,\"manifests\":[],\"manifests\":[]}",
		  -EBADMSG },
		{ "[]", -EBADMSG },
		{ "", -EBADMSG },
	};
	struct execgate_oci_descriptors list;
	struct execgate_error err;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct eg_bytes text = { (const uint8_t *)rows[i].text,
					 strlen(rows[i].text) };
		int ret = execgate_oci_parse_index(text, &list, &err);

		if (ret != rows[i].ret)
			fail_msg("%s: %d", rows[i].text, ret);
		if (!ret)
			execgate_oci_descriptors_free(&list);
	}
}

/* What is beside an image: one file of one type, about one image. */
static void test_artifacts(void **state)
{
#define ARTIFACT(layers, more)                                              \
	"{\"schemaVersion\":2,\"artifactType\":\"a/b\",\"layers\":[" layers \
	"]" more "}"
#define CONTENT "{\"mediaType\":\"a/b\",\"size\":7,\"digest\":\"" DIGEST "\"}"
#define SUBJECT ",\"subject\":{\"digest\":\"" DIGEST "\"}"
	static const struct {
		const char *text;
		int ret;
	} rows[] = {
		{ ARTIFACT(CONTENT, SUBJECT), 0 },
		{ ARTIFACT(CONTENT, SUBJECT ",\"config\":{}"), 0 },
		{ ARTIFACT(CONTENT, ""), -EBADMSG },
		{ ARTIFACT("", SUBJECT), -EBADMSG },
		{ ARTIFACT(CONTENT "," CONTENT, SUBJECT), -EBADMSG },
		{ ARTIFACT("{\"mediaType\":\"a/c\",\"digest\":\"" DIGEST "\"}",
			   SUBJECT),
		  -EBADMSG },
		{ ARTIFACT("7", SUBJECT), -EBADMSG },
		{ ARTIFACT(CONTENT, SUBJECT SUBJECT), -EBADMSG },
		{ ARTIFACT(CONTENT, SUBJECT ",\"manifests\":[]"), -EBADMSG },
		{ ARTIFACT(CONTENT,
			   ",\"subject\":{\"digest\":\"sha256:../x\"}"),
		  -EBADMSG },
		{ "{\"schemaVersion\":2,\"artifactType\":7,\"layers\":[" CONTENT
		  "]" SUBJECT "}",
		  -EBADMSG },
		{ "[]", -EBADMSG },
	};
	struct execgate_oci_artifact found;
	struct execgate_error err;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct eg_bytes text = { (const uint8_t *)rows[i].text,
					 strlen(rows[i].text) };
		int ret = execgate_oci_parse_artifact(text, &found, &err);

		if (ret != rows[i].ret)
			fail_msg("%s: %d", rows[i].text, ret);
		if (ret)
			continue;
		assert_string_equal(found.type, "a/b");
		assert_int_equal(found.content.size, 7);
		assert_int_equal(found.subject.digest[31], 0x1f);
	}
}

static void test_repository(void **state)
{
	static const struct {
		const char *reference;
		size_t length;
	} rows[] = {
		{ "a/b:1", 3 },
		{ "a/b@sha256:00", 3 },
		{ "a/b:1@sha256:00", 3 },
		{ "h:5000/a", 8 },
		{ "h:5000/a:1", 8 },
		{ "a", 1 },
		{ "a:1", 1 },
		{ "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(execgate_oci_image_repository(
					 rows[i].reference),
				 rows[i].length);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_platform),
		cmocka_unit_test(test_name),
		cmocka_unit_test(test_plain_path),
		cmocka_unit_test(test_documents),
		cmocka_unit_test(test_artifacts),
		cmocka_unit_test(test_repository),
		cmocka_unit_test_setup_teardown(test_bounds, make_dir,
						remove_dir),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
