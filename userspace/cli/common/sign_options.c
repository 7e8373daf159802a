// SPDX-License-Identifier: GPL-2.0
#include "cli/common/sign_options.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/digits.h"
#include "lib/base/names.h"
#include "lib/base/replace.h"

void sign_options_init(struct execgate_sign_options *options)
{
	memset(options, 0, sizeof(*options));
	options->created_at = output_date();
}

int sign_options_take(const struct command *self, int answer, char **argv,
		      struct execgate_sign_options *options)
{
	struct execgate_error err;

	switch (answer) {
	case SIGN_OPT_IDENTITY:
		options->identity = optarg;
		return 0;
	case SIGN_OPT_VERSION:
		if (execgate_number_read(optarg, &options->version))
			return 0;
		return cmd_usage_error(self,
				       "--version takes a number, not \"%s\"",
				       optarg);
	case SIGN_OPT_RULE:
		if (!execgate_rules_add(&options->rules, optarg, &err))
			return 0;
		return output_error(&err);
	case SIGN_OPT_CLASS:
		if (!execgate_classify_parse(optarg, &options->classes, &err))
			return 0;
		return output_error(&err);
	case SIGN_OPT_ARMOR:
		options->carrier = EXECGATE_CARRIER_ARMOR;
		return 0;
	case SIGN_OPT_TRAILER:
		options->carrier = EXECGATE_CARRIER_TRAILER;
		return 0;
	case SIGN_OPT_COMMENT:
		if (execgate_classify_comment(optarg, options->comment))
			return 0;
		return cmd_usage_error(self,
				       "--comment takes # // -- ; %% or \", not "
				       "\"%s\"",
				       optarg);
	case SIGN_OPT_KEEP_TIMES:
		options->replace_flags |= EXECGATE_REPLACE_KEEP_TIMES;
		return 0;
	case SIGN_OPT_NO_SYNC:
		options->replace_flags |= EXECGATE_REPLACE_NO_SYNC;
		return 0;
	case SIGN_OPT_NO_FOLLOW:
		options->no_follow = true;
		return 0;
	}
	return cmd_option_error(self, answer, argv);
}

void sign_options_warn(const struct execgate_sign_result *result)
{
	const struct execgate_classification *found = &result->found;

	if (result->links)
		output_warning("%s has %lu other name%s (hard links), which "
			       "keep the old bytes",
			       result->path, result->links,
			       result->links > 1 ? "s" : "");
	if (result->newline_added)
		output_warning("%s did not end with a newline; one was added "
			       "and is part of what is signed",
			       result->path);
	if (result->ends_data)
		output_warning("%s has a data section (__END__ or __DATA__): "
			       "if it reads it, it will read the signature too",
			       result->path);
	if (result->carrier == EXECGATE_CARRIER_ARMOR &&
	    found->interpreter[0] && !found->interpreter_known)
		output_warning("the interpreter \"%s\" of %s is not known; "
			       "comments are taken to start with \"%s\" "
			       "(--comment chooses)",
			       found->interpreter, result->path,
			       found->comment);
	if (found->kernel_signed)
		output_warning("%s has a kernel module signature, which the "
			       "kernel no longer finds behind this one",
			       result->path);
}

json_t *sign_options_classes_json(uint16_t classes)
{
	char text[EXECGATE_CLASSES_TEXT], *save, *word;
	json_t *array = json_array();

	execgate_classify_text(classes, text);
	for (word = strtok_r(text, ",", &save); word;
	     word = strtok_r(NULL, ",", &save))
		json_array_append_new(array, json_string(word));
	return array;
}

json_t *sign_options_rules_json(struct eg_bytes rules)
{
	json_t *array = json_array();
	char text[EXECGATE_RULE_TEXT];
	struct eg_rule rule;

	while (eg_rules_next(&rules, &rule)) {
		char *safe;

		execgate_rule_text(&rule, text);
		safe = output_escape(text, strlen(text));
		json_array_append_new(array, json_string(safe));
		free(safe);
	}
	return array;
}

void sign_options_rules_print(struct eg_bytes rules)
{
	char text[EXECGATE_RULE_TEXT], *safe;
	struct eg_rule rule;

	while (eg_rules_next(&rules, &rule)) {
		execgate_rule_text(&rule, text);
		safe = output_escape(text, strlen(text));
		output_field("Rule", "%s", safe);
		free(safe);
	}
}

json_t *sign_options_json(const char *name,
			  const struct execgate_sign_result *result)
{
	const struct execgate_manifest_file *file = &result->file;
	json_t *object = json_object();

	output_json_set_bytes(object, "file", name, strlen(name));
	output_json_set_bytes(object, "path", result->path,
			      strlen(result->path));
	output_json_set_bytes(object, "identity", result->identity,
			      strlen(result->identity));
	json_object_set_new(object, "identity_version",
			    json_integer((json_int_t)file->version));
	json_object_set_new(object, "rules",
			    sign_options_rules_json(
				    execgate_rules_bytes(&result->rules)));
	json_object_set_new(object, "classes",
			    sign_options_classes_json(file->classes));
	json_object_set_new(object, "carrier",
			    json_string(
				    execgate_carrier_name(result->carrier)));
	output_json_set_hex(object, "digest", file->digest,
			    sizeof(file->digest));
	json_object_set_new(object, "payload_size",
			    json_integer((json_int_t)file->size));
	json_object_set_new(object, "created_at",
			    json_integer((json_int_t)file->created_at));
	json_object_set_new(object, "replaced", json_boolean(result->replaced));
	json_object_set_new(object, "newline_added",
			    json_boolean(result->newline_added));
	json_object_set_new(object, "other_links",
			    json_integer((json_int_t)result->links));
	return object;
}
