// SPDX-License-Identifier: GPL-2.0
#include "cli/sign/follow.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/sign/confirm.h"
#include "cli/common/output.h"
#include "cli/sign/vouching.h"
#include "lib/base/array.h"
#include "lib/crypto/keystore.h"
#include "lib/crypto/verify.h"
#include "lib/debian/packages.h"

void follow_init(struct follow *follow)
{
	memset(follow, 0, sizeof(*follow));
	follow->keys_dir = EXECGATE_KEYSTORE_DIR;
	follow->catalogs_dir = EXECGATE_CATALOG_DIR;
}

void follow_free(struct follow *follow)
{
	execgate_imports_free(&follow->found);
	for (size_t i = 0; i < follow->packaged_count; i++) {
		free(follow->packaged[i].path);
		free(follow->packaged[i].package);
	}
	free(follow->packaged);
}

/* A class that was asked for is that of what is imported, too. */
void follow_options(struct execgate_sign_options *options)
{
	if (!options->classes)
		options->classes = EXECGATE_CLASS_SCRIPT;
}

/* To list what perl loads, perl has to load it, and that runs code. */
static int may_run_perl(const struct follow *follow, const char *script,
			struct execgate_error *err)
{
	char *safe, *question;
	int ret;

	if (follow->yes)
		return 0;
	safe = output_escape(script, strlen(script));
	if (asprintf(&question,
		     "Perl has to run the BEGIN blocks of %s and of the modules "
		     "that it uses, to tell which these are. Run them?",
		     safe) < 0)
		abort();
	ret = confirm_ask(question, err);
	free(question);
	free(safe);
	return ret;
}

static int find_all(struct follow *follow, const struct batch *files,
		    struct execgate_error *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < files->count; i++) {
		const char *script = files->names[i];
		enum execgate_language language =
			execgate_imports_language(script);

		if (language == EXECGATE_LANGUAGE_NONE)
			output_message("%s: neither Python nor Perl nor a "
				       "shell; nothing to follow",
				       script);
		if (language == EXECGATE_LANGUAGE_PERL)
			ret = may_run_perl(follow, script, err);
		if (!ret)
			ret = execgate_imports_find(script, language,
						    &follow->found, err);
	}
	return ret;
}

/* It counts as code already: by its own signature, or a catalog. */
static bool is_vouched(struct vouching *vouching, const char *path)
{
	const uint16_t code = EXECGATE_CLASS_SCRIPT | EXECGATE_CLASS_LIBRARY;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct execgate_verdict verdict;
	bool is;

	if (fd < 0 ||
	    execgate_verify_fd(fd, path, vouching->trust, &verdict, NULL)) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	if (verdict.reason != EXECGATE_REASON_ALLOWED)
		vouching_ask(vouching, fd, &verdict);
	is = verdict.reason == EXECGATE_REASON_ALLOWED &&
	     (verdict.entry.classes & code);
	execgate_verdict_free(&verdict);
	close(fd);
	return is;
}

static bool is_given(const struct batch *files, const char *path)
{
	bool is = false;

	for (size_t i = 0; !is && i < files->count; i++) {
		char *real = realpath(files->names[i], NULL);

		is = real && !strcmp(real, path);
		free(real);
	}
	return is;
}

static bool is_proposed(const struct execgate_imports *found, const char *path)
{
	for (size_t i = 0; i < found->count; i++)
		if (!strcmp(found->files[i].path, path))
			return true;
	return false;
}

static void drop_known(struct follow *follow, struct vouching *vouching,
		       const struct batch *files)
{
	struct execgate_imports *found = &follow->found;
	size_t to = 0;

	for (size_t i = 0; i < found->count; i++) {
		struct execgate_import *item = &found->files[i];
		bool given = is_given(files, item->path);

		if (given || is_vouched(vouching, item->path)) {
			follow->left_out += !given;
			free(item->path);
			free(item->from);
		} else {
			found->files[to++] = *item;
		}
	}
	found->count = to;
}

/* Libraries of the distribution try much that is on no machine. */
static void drop_missing(struct follow *follow, const struct batch *files)
{
	struct execgate_imports *found = &follow->found;
	size_t to = 0;

	for (size_t i = 0; i < found->missing_count; i++) {
		struct execgate_import_missing *item = &found->missing[i];

		if (is_proposed(found, item->from) ||
		    is_given(files, item->from)) {
			found->missing[to++] = *item;
		} else {
			free(item->what);
			free(item->from);
		}
	}
	found->missing_count = to;
}

static int take_packaged(struct follow *follow, struct execgate_import *item,
			 const char *package)
{
	struct follow_packaged *to =
		execgate_array_add(follow->packaged, follow->packaged_count);

	if (!to)
		return -ENOMEM;
	to->path = item->path;
	to->package = strdup(package);
	follow->packaged_count++;
	free(item->from);
	return to->package ? 0 : -ENOMEM;
}

/* Root may write to them, but a package's file that is changed is one to wonder about. */
static int drop_packaged(struct follow *follow, struct execgate_error *err)
{
	struct execgate_imports *found = &follow->found;
	struct execgate_package_query *queries =
		calloc(found->count + 1, sizeof(*queries));
	size_t i, to = 0;
	int ret = queries ? 0 : -ENOMEM;

	for (i = 0; !ret && i < found->count; i++)
		queries[i].path = found->files[i].path;
	if (!ret)
		ret = execgate_packages_find(EXECGATE_DPKG_ADMINDIR, queries,
					     found->count);
	/* After a failure the rest stays, to be freed. */
	for (i = 0; queries && i < found->count; i++)
		if (!ret && queries[i].package[0])
			ret = take_packaged(follow, &found->files[i],
					    queries[i].package);
		else
			found->files[to++] = found->files[i];
	if (queries)
		found->count = to;
	free(queries);
	return ret ? execgate_error_errno(
			     err, ret, "cannot ask for the files' packages") :
		     0;
}

static int drop_vouched(struct follow *follow, const struct batch *files,
			struct execgate_error *err)
{
	struct execgate_trust trust = { 0 };
	struct vouching vouching = { .dir = follow->catalogs_dir,
				     .trust = &trust };
	int ret = execgate_trust_add_dir(&trust, follow->keys_dir, err);

	if (!ret) {
		drop_known(follow, &vouching, files);
		ret = drop_packaged(follow, err);
	}
	if (!ret)
		drop_missing(follow, files);
	vouching_free(&vouching);
	execgate_trust_free(&trust);
	return ret;
}

static void print_escaped(const char *before, const char *text,
			  const char *behind)
{
	char *safe = output_escape(text, strlen(text));

	printf("%s%s%s", before, safe, behind);
	free(safe);
}

static void print_found(const struct follow *follow)
{
	const struct execgate_imports *found = &follow->found;

	if (found->count)
		printf("Imported, and vouched for by nothing yet:\n");
	for (size_t i = 0; i < found->count; i++)
		print_escaped("  ", found->files[i].path, "\n");
	if (found->missing_count)
		printf("Not followed:\n");
	for (size_t i = 0; i < found->missing_count; i++) {
		print_escaped("  ", found->missing[i].what, " in ");
		print_escaped("", found->missing[i].from, ": ");
		printf("%s\n", found->missing[i].why);
	}
	if (follow->left_out)
		printf("Left out, as a signature or a catalog vouches for "
		       "them: %zu\n",
		       follow->left_out);
	if (follow->packaged_count)
		printf("Left out, as they are of packages, and not listed in "
		       "any catalog: %zu\n"
		       "  \"execgate setup\" or \"execgate catalog build\" "
		       "lists them\n",
		       follow->packaged_count);
}

json_t *follow_json(const struct follow *follow)
{
	const struct execgate_imports *found = &follow->found;
	json_t *proposed = json_array(), *missing = json_array(), *row;
	json_t *packaged = json_array();

	for (size_t i = 0; i < found->count; i++) {
		row = json_object();
		output_json_set_bytes(row, "file", found->files[i].path,
				      strlen(found->files[i].path));
		output_json_set_bytes(row, "from", found->files[i].from,
				      strlen(found->files[i].from));
		json_array_append_new(proposed, row);
	}
	for (size_t i = 0; i < found->missing_count; i++) {
		row = json_pack("{s:s}", "why", found->missing[i].why);
		output_json_set_bytes(row, "name", found->missing[i].what,
				      strlen(found->missing[i].what));
		output_json_set_bytes(row, "from", found->missing[i].from,
				      strlen(found->missing[i].from));
		json_array_append_new(missing, row);
	}
	for (size_t i = 0; i < follow->packaged_count; i++) {
		row = json_pack("{s:s}", "package",
				follow->packaged[i].package);
		output_json_set_bytes(row, "file", follow->packaged[i].path,
				      strlen(follow->packaged[i].path));
		json_array_append_new(packaged, row);
	}
	return json_pack("{s:o, s:o, s:I, s:o}", "proposed", proposed,
			 "not_followed", missing, "left_out",
			 (json_int_t)follow->left_out, "packaged", packaged);
}

/* The list is of use without a yes, too: with JSON it is all that is printed. */
static int refuse(const struct follow *follow, const struct execgate_error *err)
{
	if (!output_is_json())
		return output_error(err);
	output_message("%s", err->message);
	output_json(json_pack("{s:[], s:i, s:i, s:i, s:b, s:o}", "files",
			      "signed", 0, "skipped", 0, "failed", 0,
			      "interrupted", 0, "follow", follow_json(follow)));
	return err->code;
}

static int ask(const struct follow *follow, struct execgate_error *err)
{
	char question[80];

	if (follow->yes || !follow->found.count)
		return 0;
	snprintf(question, sizeof(question), "Sign %zu imported file%s, too?",
		 follow->found.count, follow->found.count == 1 ? "" : "s");
	return confirm_ask(question, err);
}

int follow_imports(struct follow *follow, struct batch *files)
{
	struct execgate_error err;
	int ret = find_all(follow, files, &err) ?:
			  drop_vouched(follow, files, &err);

	if (ret)
		return output_error(&err);
	if (!output_is_json())
		print_found(follow);
	if (ask(follow, &err))
		return refuse(follow, &err);
	for (size_t i = 0; !ret && i < follow->found.count; i++)
		ret = batch_add(files, follow->found.files[i].path, &err);
	return ret ? output_error(&err) : EXECGATE_EXIT_OK;
}
