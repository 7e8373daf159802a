// SPDX-License-Identifier: GPL-2.0
#include "cli/key/key.h"
#include "cli/revoke/revoke.h"
#include "lib/base/digits.h"
#include "lib/base/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *purposes_json(uint32_t purposes)
{
	const struct execgate_purpose_name *row;
	json_t *list = json_array();

	for (row = execgate_purpose_names; row->purpose; row++)
		if (purposes & row->purpose)
			json_array_append_new(list, json_string(row->name));
	return list;
}

json_t *cmd_key_json(const struct execgate_key *key)
{
	json_t *object = json_object();

	output_json_set_hex(object, "fingerprint", key->fingerprint,
			    sizeof(key->fingerprint));
	output_json_set_bytes(object, "description", key->description,
			      strlen(key->description));
	json_object_set_new(object, "algorithm", json_string(key->algorithm));
	json_object_set_new(object, "bits", json_integer(key->bits));
	json_object_set_new(object, "not_after",
			    json_integer((json_int_t)key->not_after));
	json_object_set_new(object, "revoked", json_boolean(key->revoked));
	json_object_set_new(object, "purposes", purposes_json(key->purposes));
	json_object_set_new(object, "ca", json_boolean(key->is_ca));
	json_object_set_new(object, "leaf", json_boolean(key->is_leaf));
	return object;
}

void cmd_key_print(const struct execgate_key *key)
{
	char hex[2 * EXECGATE_FINGERPRINT_SIZE + 1], when[OUTPUT_TIME_SIZE];
	char signs[EXECGATE_PURPOSES_TEXT];
	char *name = output_escape(key->description, strlen(key->description));

	output_field("Name", "%s", name);
	output_field("Fingerprint", "%s",
		     execgate_hex_write(hex, key->fingerprint,
					sizeof(key->fingerprint)));
	output_field("Type", "%s, %u bits", key->algorithm, key->bits);
	/* One that was only made is for nothing yet. */
	if (key->is_leaf)
		output_field("Trusted", "as its CA says");
	if (key->purposes)
		output_field(key->is_ca ? "CA for" : "Signs", "%s",
			     execgate_purposes_text(key->purposes, ", ",
						    signs));
	output_field("Expires", "%s", output_time(when, key->not_after));
	if (key->revoked)
		output_field("Revoked", "what it signed is denied");
	free(name);
}

static const struct command children[] = {
	{
		.name = "key generate",
		.arguments = "[--out DIR] [--name NAME] [--days N] "
			     "[--type TYPE] [--passphrase-file FILE | "
			     "--no-passphrase]",
		.summary = "make a signing key and its certificate",
		.options = cmd_key_generate_options,
		.run = cmd_key_generate_run,
	},
	{
		.name = "key enroll",
		.arguments =
			"[--ca | --leaf] [--for LIST | --modules | --code] "
			"[--allow-expired] [--no-persist | --no-load] "
			"[--keys-dir DIR] CERT...",
		.summary = "trust the key of a certificate on this machine",
		.options = cmd_key_enroll_options,
		.run = cmd_key_enroll_run,
	},
	{
		.name = "key list",
		.arguments = "[--keys-dir DIR]",
		.summary = "show the trusted keys, loaded and kept",
		.options = cmd_key_list_options,
		.run = cmd_key_list_run,
	},
	{
		.name = "key revoke",
		.arguments = "[OPTION...] FINGERPRINT | CERT",
		.summary = "deny what a key signed; as \"revoke key\"",
		.options = cmd_revoke_key_options,
		.run = cmd_revoke_key_run,
	},
	{
		.name = "key remove",
		.arguments = "[--keys-dir DIR] FINGERPRINT | CERT",
		.summary = "trust a key no longer",
		.options = cmd_key_remove_options,
		.run = cmd_key_remove_run,
	},
	{ 0 },
};

const struct command cmd_key = {
	.name = "key",
	.summary = "make, enroll, list and remove keys",
	.children = children,
};
