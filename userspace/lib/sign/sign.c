// SPDX-License-Identifier: GPL-2.0
#include "lib/sign/sign.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/io.h"
#include "lib/base/replace.h"
#include "lib/crypto/signature.h"
#include "lib/sign/ending.h"

/* No script is longer; what is, is looked at up to here. */
#define SCRIPT_MAX (16u << 20)

/**
 * struct job - one file on its way
 * @r: the replacement
 * @payload: size of what is there without the old signature
 */
struct job {
	struct execgate_replace r;
	uint64_t payload;
	const struct execgate_sign_options *options;
	struct execgate_sign_result *result;
};

static int damaged(const char *path, struct execgate_error *err)
{
	return execgate_error_set(
		err, -EBADMSG, EXECGATE_EXIT_BAD_SIGNATURE,
		"%s ends with a damaged execgate signature, so where its "
		"content ends is not certain; restore the original file",
		path);
}

/*
 * Where the content ends. Only a whole signature is taken off: cutting a file
 * at a length that a damaged one claims would destroy it.
 */
static int find_payload(struct job *job, struct execgate_error *err)
{
	struct execgate_signature signature;
	struct eg_manifest manifest;
	struct eg_cms cms;
	int ret;

	ret = execgate_signature_find(job->r.source, job->r.path,
				      (uint64_t)job->r.st.st_size, &signature,
				      err);
	if (ret)
		return ret;
	job->payload = signature.payload_size;
	job->result->carrier = signature.carrier;
	job->result->replaced = signature.format == EG_FORMAT_OK;
	if (signature.format != EG_FORMAT_ABSENT &&
	    (signature.format != EG_FORMAT_OK ||
	     execgate_signature_parse((struct eg_bytes){ signature.cms,
							 signature.cms_size },
				      &cms, &manifest)))
		ret = damaged(job->r.path, err);
	else if (!job->payload)
		ret = execgate_error_set(err, -ENODATA, EXECGATE_EXIT_ERROR,
					 "%s is empty but for its signature: "
					 "there is nothing to sign",
					 job->r.path);
	execgate_signature_free(&signature);
	return ret;
}

static int start(struct job *job, const char *name,
		 const struct execgate_sign_options *options,
		 struct execgate_sign_result *result,
		 struct execgate_error *err)
{
	int ret;

	memset(result, 0, sizeof(*result));
	if (options->identity &&
	    strlen(options->identity) > EG_MANIFEST_NAME_MAX)
		return execgate_error_set(
			err, -EINVAL, EXECGATE_EXIT_USAGE,
			"the identity \"%.300s\" is longer than %u bytes; give "
			"a shorter one with --identity",
			options->identity, EG_MANIFEST_NAME_MAX);
	job->options = options;
	job->result = result;
	ret = execgate_replace_begin(&job->r, name, !options->no_follow,
				     options->cancel, err);
	if (ret)
		return ret;
	snprintf(result->path, sizeof(result->path), "%s", job->r.path);
	result->is_symlink = job->r.is_symlink;
	result->links = (unsigned long)job->r.st.st_nlink - 1;
	snprintf(result->identity, sizeof(result->identity), "%s",
		 options->identity ? options->identity : job->r.base);
	ret = find_payload(job, err);
	if (ret)
		execgate_replace_end(&job->r);
	return ret;
}

static int refuse_ending(const struct job *job, const char *why,
			 struct execgate_error *err)
{
	return execgate_error_set(
		err, -EINVAL, EXECGATE_EXIT_ERROR,
		"%s %s, so it would not take a signature in comment lines for "
		"a comment; list it in a catalog (execgate catalog build), or "
		"choose --armor and test the result",
		job->r.path, why);
}

static int look_at_text(struct job *job, struct execgate_error *err)
{
	size_t size = job->payload < SCRIPT_MAX ? job->payload : SCRIPT_MAX;
	char last, *text = malloc(size);
	const char *why = NULL;
	int ret = -ENOMEM;

	if (!text)
		goto unread;
	ret = execgate_io_pread(job->r.source, &last, 1, job->payload - 1) ?:
		      execgate_io_pread(job->r.source, text, size, 0);
	if (ret)
		goto unread;
	job->result->newline_added = last != '\n';
	job->result->ends_data = execgate_ending_is_data(text, size);
	if (!job->options->carrier)
		why = execgate_ending_swallows(text, size,
					       job->result->found.interpreter);
	free(text);
	return why ? refuse_ending(job, why, err) : 0;

unread:
	free(text);
	return execgate_error_errno(err, ret, "cannot read %s", job->r.path);
}

/* Class, carrier and comment: from the options, else from the content. */
static int choose(struct job *job, struct execgate_error *err)
{
	const struct execgate_sign_options *options = job->options;
	struct execgate_sign_result *result = job->result;
	int ret;

	ret = execgate_classify(job->r.source, job->r.path, job->payload,
				&result->found, err);
	if (ret == -ENOEXEC && (options->classes & EXECGATE_CLASS_SCRIPT))
		ret = execgate_classify_as_script(job->r.source, job->r.path,
						  job->payload, &result->found,
						  err);
	/* The operator's request counts: the operator knows better than the content
	 * says. */
	if (ret == -ENOEXEC && options->classes)
		ret = 0;
	if (ret == -EINVAL && options->carrier)
		ret = 0;
	if (ret)
		return ret;
	result->file.classes = options->classes ? options->classes :
						  result->found.classes;
	result->carrier = options->carrier ? options->carrier :
					     result->found.carrier;
	if (options->comment[0])
		strcpy(result->found.comment, options->comment);
	if (result->carrier == EXECGATE_CARRIER_ARMOR)
		return look_at_text(job, err);
	return 0;
}

/* The copy without its signature, ready to be hashed and added to. */
static int copy_payload(struct job *job, struct execgate_error *err)
{
	int ret = execgate_replace_copy(&job->r, job->payload, err);

	if (!ret && job->result->newline_added)
		ret = execgate_replace_append(&job->r, "\n", 1, err);
	return ret;
}

static int describe(struct job *job, struct execgate_error *err)
{
	struct execgate_manifest_file *file = &job->result->file;
	bool newline = job->result->newline_added;
	int ret;

	file->size = job->payload + (newline ? 1 : 0);
	file->identity = job->result->identity;
	file->version = job->options->version;
	job->result->rules = job->options->rules;
	file->rules = execgate_rules_bytes(&job->result->rules);
	file->created_at = job->options->created_at;
	/* The bytes of the copy, if there is one: nobody else can change it. */
	if (job->r.temp >= 0)
		ret = execgate_signature_digest(job->r.temp, file->size, false,
						file->digest);
	else
		ret = execgate_signature_digest(job->r.source, job->payload,
						newline, file->digest);
	return ret ? execgate_error_errno(err, ret, "cannot read %s",
					  job->r.path) :
		     0;
}

static int prepare(struct job *job, struct execgate_error *err)
{
	return choose(job, err) ?: copy_payload(job, err) ?: describe(job, err);
}

static int finish(struct job *job, struct eg_bytes message,
		  struct execgate_error *err)
{
	uint8_t *block;
	size_t size;
	int ret;

	ret = execgate_signature_encode(job->result->carrier,
					job->result->found.comment, message,
					&block, &size, err);
	if (ret)
		return ret;
	ret = execgate_replace_append(&job->r, block, size, err);
	free(block);
	return ret   ?:
		       execgate_replace_commit(&job->r,
					       job->options->replace_flags,
					       err);
}

static int sign_prepared(struct job *job, const struct execgate_signer *signer,
			 struct execgate_error *err)
{
	uint8_t manifest[EXECGATE_MANIFEST_FILE_MAX], *message;
	size_t manifest_size, size;
	int ret;

	ret = execgate_manifest_write_file(&job->result->file, manifest,
					   &manifest_size, err);
	if (ret)
		return ret;
	ret = execgate_signer_sign(signer,
				   (struct eg_bytes){ manifest, manifest_size },
				   &message, &size, err);
	if (ret)
		return ret;
	ret = finish(job, (struct eg_bytes){ message, size }, err);
	free(message);
	return ret;
}

int execgate_sign_file(const struct execgate_signer *signer, const char *name,
		       const struct execgate_sign_options *options,
		       struct execgate_sign_result *out,
		       struct execgate_error *err)
{
	struct job job;
	int ret = start(&job, name, options, out, err);

	if (ret)
		return ret;
	ret = prepare(&job, err) ?: sign_prepared(&job, signer, err);
	execgate_replace_end(&job.r);
	return ret;
}

int execgate_sign_manifest(const char *name,
			   const struct execgate_sign_options *options,
			   uint8_t *manifest, size_t *size,
			   struct execgate_sign_result *out,
			   struct execgate_error *err)
{
	struct job job;
	int ret = start(&job, name, options, out, err);

	if (ret)
		return ret;
	ret = choose(&job, err)		  ?:
		      describe(&job, err) ?:
		      execgate_manifest_write_file(&out->file, manifest, size,
						   err);
	execgate_replace_end(&job.r);
	return ret;
}

/* The message must be about this file, or it would never be accepted. */
static int check_message(struct job *job, struct eg_bytes message,
			 struct execgate_error *err)
{
	struct eg_manifest_identity identity;
	struct eg_manifest_entry entry;
	struct eg_manifest manifest;
	struct eg_cms cms;

	if (execgate_signature_parse(message, &cms, &manifest))
		return execgate_error_set(
			err, -EBADMSG, EXECGATE_EXIT_BAD_SIGNATURE,
			"the message for %s does not hold the strict profile; "
			"make it with \"openssl cms -sign -binary -nodetach "
			"-noattr -nocerts -md sha256 -outform DER\" from what "
			"\"execgate manifest\" wrote",
			job->r.path);
	if (!eg_manifest_find(&manifest, EG_DIGEST_CONTENT,
			      job->result->file.digest, &entry) ||
	    entry.size != job->result->file.size)
		return execgate_error_set(
			err, -EBADMSG, EXECGATE_EXIT_BAD_SIGNATURE,
			"the message is not about the content of %s; make the "
			"manifest again with \"execgate manifest\" and the same "
			"options",
			job->r.path);
	eg_manifest_identity_at(&manifest, entry.identity, &identity);
	job->result->file.classes = entry.classes;
	job->result->file.version = identity.version;
	memcpy(job->result->rules.bytes, identity.rules.data,
	       identity.rules.size);
	job->result->rules.size = identity.rules.size;
	job->result->file.created_at = manifest.created_at;
	snprintf(job->result->identity, sizeof(job->result->identity), "%.*s",
		 (int)identity.name.size, (const char *)identity.name.data);
	return 0;
}

int execgate_sign_attach(const char *name, struct eg_bytes message,
			 const struct execgate_sign_options *options,
			 struct execgate_sign_result *out,
			 struct execgate_error *err)
{
	struct job job;
	int ret = start(&job, name, options, out, err);

	if (ret)
		return ret;
	ret = prepare(&job, err)			?:
		      check_message(&job, message, err) ?:
		      finish(&job, message, err);
	execgate_replace_end(&job.r);
	return ret;
}

int execgate_sign_remove(const char *name,
			 const struct execgate_sign_options *options,
			 struct execgate_sign_result *out,
			 struct execgate_error *err)
{
	struct job job;
	int ret = start(&job, name, options, out, err);

	if (ret)
		return ret;
	if (out->replaced)
		ret = copy_payload(&job, err)	  ?:
			      describe(&job, err) ?:
			      execgate_replace_commit(&job.r,
						      options->replace_flags,
						      err);
	else
		ret = execgate_error_set(
			err, -ENODATA, EXECGATE_EXIT_UNSIGNED,
			"%s carries no execgate signature: nothing to remove",
			job.r.path);
	execgate_replace_end(&job.r);
	return ret;
}
