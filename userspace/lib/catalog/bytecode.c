// SPDX-License-Identifier: GPL-2.0
#include "lib/catalog/bytecode.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "lib/base/digits.h"
#include "lib/base/processes.h"
#include "lib/catalog/rows.h"

/* Changes with the layout of struct row, and with what the program below makes. */
#define MAGIC "EGPYC\0\0\1"
#define ROWS_MAX (1u << 19)

/*
 * A line of input is the time and the path of a source; one of output the digest of
 * what was read, and digest and size of the byte code, or a dash. It is what
 * py_compile does, which does not say what it read.
 */
static const char program[] =
	"import hashlib, importlib.util, marshal, sys\n"
	"for line in sys.stdin.buffer:\n"
	"    try:\n"
	"        time, path = line[:-1].decode().split(' ', 1)\n"
	"        with open(path, 'rb') as file: data = file.read()\n"
	"        code = compile(data, path, 'exec', dont_inherit=True)\n"
	"        made = importlib.util.MAGIC_NUMBER + bytes(4)\n"
	"        for number in int(time), len(data):\n"
	"            made += (number & 0xffffffff).to_bytes(4, 'little')\n"
	"        made += marshal.dumps(code)\n"
	"        print(hashlib.sha256(data).hexdigest(),\n"
	"              hashlib.sha256(made).hexdigest(), len(made))\n"
	"    except Exception:\n"
	"        print('-')\n";

/* As on disk, for this machine only. @size 0: it cannot be made. */
struct row {
	uint8_t key[EG_SHA256_SIZE];
	uint8_t digest[EG_SHA256_SIZE];
	uint64_t size;
};

static int compare_rows(const void *left, const void *right)
{
	const struct row *a = left, *b = right;

	return memcmp(a->key, b->key, sizeof(a->key));
}

static const struct execgate_rows_format format = {
	.head = MAGIC,
	.head_size = sizeof(MAGIC) - 1,
	.row_size = sizeof(struct row),
	.rows_max = ROWS_MAX,
	.compare = compare_rows,
};

/* All that the byte code depends on. */
static bool make_key(const uint8_t *version,
		     const struct execgate_bytecode *item, uint8_t *key)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good =
		context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) &&
		EVP_DigestUpdate(context, version, EG_SHA256_SIZE) &&
		EVP_DigestUpdate(context, item->source, EG_SHA256_SIZE) &&
		EVP_DigestUpdate(context, &item->mtime, sizeof(item->mtime)) &&
		EVP_DigestUpdate(context, item->path, strlen(item->path)) &&
		EVP_DigestFinal_ex(context, key, NULL);

	EVP_MD_CTX_free(context);
	return good;
}

/* A line cannot have such a path in it; without byte code its source is read. */
static bool is_line(const char *path)
{
	return !strchr(path, '\n');
}

static int start_python(const char *python, int input, int output, pid_t *child)
{
	char *const arguments[] = {
		(char *)python,	 "-I", "-S", "-B", "-W", "ignore", "-c",
		(char *)program, NULL
	};
	/* Nothing of the caller's environment and folders counts. */
	char *const environment[] = { "LC_ALL=C.UTF-8", NULL };
	posix_spawn_file_actions_t files;
	int ret = posix_spawn_file_actions_init(&files);

	if (ret)
		return -ret;
	ret = posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO) ?:
		      posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO) ?:
		      posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0) ?:
		      posix_spawn(child, python, &files, NULL, arguments,
				  environment);
	posix_spawn_file_actions_destroy(&files);
	return -ret;
}

/* Both are files in memory, of which neither side waits for the other. */
static int run_python(const char *python, int input, int output)
{
	pid_t child;
	int ret = start_python(python, input, output, &child) ?:
			  execgate_process_wait(child);

	return ret > 0 ? -ENOEXEC : ret;
}

/* A source that changed since it was hashed is another one. */
static void take_line(const char *line, struct execgate_bytecode *item)
{
	uint8_t source[EG_SHA256_SIZE];
	const char *rest = line + 2 * EG_SHA256_SIZE;

	if (!execgate_hex_read(line, source, sizeof(source)) ||
	    memcmp(source, item->source, sizeof(source)) != 0 || *rest != ' ' ||
	    !execgate_hex_read(rest + 1, item->digest, sizeof(item->digest)))
		return;
	item->size = strtoull(rest + 1 + 2 * EG_SHA256_SIZE, NULL, 10);
}

static int take_output(int output, struct execgate_bytecode *const *missing,
		       size_t count)
{
	FILE *file = fdopen(output, "r");
	char line[256];
	size_t i;

	if (!file) {
		close(output);
		return -errno;
	}
	rewind(file);
	for (i = 0; i < count && fgets(line, sizeof(line), file); i++)
		take_line(line, missing[i]);
	fclose(file);
	return i == count ? 0 : -ENOEXEC;
}

static int write_input(int input, struct execgate_bytecode *const *missing,
		       size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (dprintf(input, "%" PRIu64 " %s\n", missing[i]->mtime,
			    missing[i]->path) < 0)
			return -EIO;
	return lseek(input, 0, SEEK_SET) ? -errno : 0;
}

static int make_missing(const char *python,
			struct execgate_bytecode *const *missing, size_t count)
{
	int input = memfd_create("execgate-sources", MFD_CLOEXEC);
	int output = memfd_create("execgate-byte-code", MFD_CLOEXEC);
	int ret = input < 0 || output < 0 ? -ENOMEM : 0;

	if (!ret)
		ret = write_input(input, missing, count);
	if (!ret)
		ret = run_python(python, input, output);
	if (input >= 0)
		close(input);
	if (!ret)
		return take_output(output, missing, count);
	if (output >= 0)
		close(output);
	return ret;
}

/* Those that were made before; pointers to the others into @missing. */
static size_t look_up(const struct execgate_rows *known, const struct row *rows,
		      struct execgate_bytecode *list, size_t count,
		      struct execgate_bytecode **missing)
{
	const struct row *found;
	size_t left = 0;

	for (size_t i = 0; i < count; i++) {
		list[i].size = 0;
		found = execgate_rows_find(known, &format, &rows[i]);
		if (found) {
			memcpy(list[i].digest, found->digest,
			       sizeof(found->digest));
			list[i].size = found->size;
		} else if (is_line(list[i].path)) {
			missing[left++] = &list[i];
		}
	}
	return left;
}

/* Sources that are no longer asked for are forgotten. */
static int store(const char *cache, struct row *rows,
		 const struct execgate_bytecode *list, size_t count,
		 struct execgate_error *err)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		memcpy(rows[i].digest, list[i].digest, sizeof(rows[i].digest));
		rows[i].size = list[i].size;
		if (!rows[i].size)
			memset(rows[i].digest, 0, sizeof(rows[i].digest));
	}
	qsort(rows, count, sizeof(*rows), compare_rows);
	for (size_t i = 0; i < count; i++)
		if (!kept || compare_rows(&rows[kept - 1], &rows[i]) != 0)
			rows[kept++] = rows[i];
	return kept > ROWS_MAX ?
		       0 :
		       execgate_rows_store(cache, &format, rows, kept, err);
}

static int make_all(const char *python, const char *cache, struct row *rows,
		    struct execgate_bytecode **missing,
		    struct execgate_bytecode *list, size_t count,
		    struct execgate_error *err)
{
	struct execgate_rows known = { 0 };
	size_t left;
	int ret = 0;

	if (cache)
		execgate_rows_load(&known, cache, &format);
	left = look_up(&known, rows, list, count, missing);
	execgate_rows_free(&known);
	if (left)
		ret = make_missing(python, missing, left);
	if (ret)
		return execgate_error_errno(err, ret,
					    "%s does not make byte code of %zu "
					    "sources",
					    python, left);
	return left && cache ? store(cache, rows, list, count, err) : 0;
}

int execgate_bytecode_make(const char *python,
			   const uint8_t version[EG_SHA256_SIZE],
			   const char *cache, struct execgate_bytecode *list,
			   size_t count, struct execgate_error *err)
{
	struct execgate_bytecode **missing =
		calloc(count + 1, sizeof(*missing));
	struct row *rows = calloc(count + 1, sizeof(*rows));
	bool good = missing && rows;
	int ret;

	for (size_t i = 0; good && i < count; i++)
		good = make_key(version, &list[i], rows[i].key);
	ret = good ? make_all(python, cache, rows, missing, list, count, err) :
		     execgate_error_errno(err, -ENOMEM,
					  "cannot make byte code");
	free(missing);
	free(rows);
	return ret;
}
