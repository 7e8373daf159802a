// SPDX-License-Identifier: GPL-2.0
#include "cli/rules/statements.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "cli/common/output.h"
#include "cli/common/command.h"
#include "lib/catalog/file.h"

/**
 * struct lookup - one file that is looked for in catalogs
 * @digest: of all of the file
 */
struct lookup {
	const struct statement_search *search;
	uint8_t digest[EG_SHA256_SIZE];
	statement_fn fn;
	void *arg;
};

static void tell_listed(const struct lookup *lookup,
			const struct execgate_catalog_file *file)
{
	struct statement statement = { .kind = "Catalog",
				       .catalog = file->name };
	struct eg_manifest_entry entry;

	if (!eg_manifest_find(&file->manifest, EG_DIGEST_CONTENT,
			      lookup->digest, &entry))
		return;
	eg_manifest_identity_at(&file->manifest, entry.identity,
				&statement.identity);
	lookup->fn(&statement, lookup->arg);
}

static int look_at_catalog(const char *path, void *arg)
{
	const struct execgate_certificate *signer;
	struct execgate_catalog_file file;
	struct lookup *lookup = arg;
	struct execgate_error err;

	if (execgate_catalog_file_load(path, &file, &err)) {
		output_warning("%s", err.message);
		return 0;
	}
	/* An untrusted signer says nothing. */
	if (!execgate_catalog_file_verify(path, &file, lookup->search->trust,
					  &signer, &err))
		tell_listed(lookup, &file);
	execgate_catalog_file_free(&file);
	return 0;
}

static int look_at_catalogs(struct lookup *lookup, int fd, const char *name,
			    struct execgate_error *err)
{
	struct stat st;
	int ret = fstat(fd, &st) ?
			  -errno :
			  execgate_signature_digest(fd, (uint64_t)st.st_size,
						    false, lookup->digest);

	if (ret)
		return execgate_error_errno(err, ret, "cannot read %s", name);
	ret = execgate_catalog_file_list(EXECGATE_CATALOG_SHIPPED_DIR,
					 look_at_catalog, lookup, err);
	return ret ? ret :
		     execgate_catalog_file_list(lookup->search->catalogs_dir,
						look_at_catalog, lookup, err);
}

/* The kernel has verified the file's own signature, but did not tell its rules. */
static bool take_own(const struct execgate_verdict *verdict, bool kernel_knows,
		     struct eg_manifest_identity *out)
{
	struct eg_manifest_entry entry;

	if (verdict->reason == EXECGATE_REASON_ALLOWED) {
		*out = verdict->identity;
		return true;
	}
	if (!kernel_knows ||
	    verdict->reason != EXECGATE_REASON_UNKNOWN_SIGNER ||
	    !verdict->manifest_valid || !verdict->digested ||
	    !eg_manifest_find(&verdict->manifest, EG_DIGEST_CONTENT,
			      verdict->digest, &entry))
		return false;
	eg_manifest_identity_at(&verdict->manifest, entry.identity, out);
	return true;
}

int statements_each(const struct statement_search *search, int fd,
		    const char *name, statement_fn fn, void *arg,
		    struct execgate_error *err)
{
	struct lookup lookup = { .search = search, .fn = fn, .arg = arg };
	struct statement own = { .kind = "Signature", .catalog = "" };
	struct execgate_verdict verdict;
	bool is_good;
	int ret = execgate_verify_fd(fd, name, search->trust, &verdict, err);

	if (ret)
		return ret;
	is_good =
		take_own(&verdict, search->kernel_knows_signer, &own.identity);
	if (is_good)
		fn(&own, arg);
	execgate_verdict_free(&verdict);
	/* Its own signature is what counts if it is good; else catalogs are asked. */
	return is_good ? 0 : look_at_catalogs(&lookup, fd, name, err);
}

char *statement_title(const struct statement *statement)
{
	const struct eg_manifest_identity *identity = &statement->identity;
	char *text;

	if (asprintf(&text, "%s%s%.*s, version %" PRIu64, statement->catalog,
		     *statement->catalog ? ": " : "", (int)identity->name.size,
		     (const char *)identity->name.data, identity->version) < 0)
		abort();
	return text;
}
