// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/key/key.h"
#include "lib/base/names.h"
#include "lib/crypto/keystore.h"
#include "lib/netlink/netlink.h"

const char cmd_key_enroll_options[] =
	"  --for LIST       what it is trusted to sign, with commas between:\n"
	"                     files     programs, libraries, scripts\n"
	"                     catalogs  catalogs, and the floors in them\n"
	"                     kernel    modules, kernel images and firmware\n"
	"                     modules   modules, as the kernel's sign-file and\n"
	"                               DKMS sign them\n"
	"                     policy    policies of the gate\n"
	"                     platform  its libraries are for every program\n"
	"                     code      files, catalogs and kernel; what a key\n"
	"                               is for if nothing is said\n"
	"                   A key that is trusted already is for these from now on\n"
	"  --ca             trust it to sign certificates, for these purposes at\n"
	"                   most, and nothing else\n"
	"  --leaf           trust it because a CA that is trusted signed its\n"
	"                   certificate; for all that the CA is for, or --for.\n"
	"                   Works while the gate is locked, too\n"
	"  --modules        as --for modules, for a key that is not trusted yet\n"
	"  --code           as --for code; with --modules for both\n"
	"  --allow-expired  trust a certificate although it is past its end; it\n"
	"                   is then trusted for ever, until it is removed\n"
	"  --no-persist     only until the next boot\n"
	"  --no-load        only keep it for the next boot: works without the\n"
	"                   module, for instance when an image is made\n"
	"  --keys-dir DIR   where it is kept (" EXECGATE_KEYSTORE_DIR ")\n";

struct arguments {
	struct execgate_enrolment as;
	bool allow_expired;
	bool no_persist;
	bool no_load;
	bool quiet;
	const char *dir;
};

static const struct option options[] = {
	{ "for", required_argument, NULL, 'f' },
	{ "ca", no_argument, NULL, 'a' },
	{ "leaf", no_argument, NULL, 'e' },
	{ "modules", no_argument, NULL, 'm' },
	{ "code", no_argument, NULL, 'c' },
	{ "allow-expired", no_argument, NULL, 'x' },
	{ "no-persist", no_argument, NULL, 'p' },
	{ "no-load", no_argument, NULL, 'l' },
	{ "keys-dir", required_argument, NULL, 'd' },
	{ 0 },
};

static int refuse_list(const struct command *self, const char *list)
{
	char names[EXECGATE_PURPOSES_TEXT];

	return cmd_usage_error(self,
			       "--for takes a list of code, %s, not \"%s\"",
			       execgate_purposes_text(EXECGATE_PURPOSES_ALL,
						      ", ", names),
			       list);
}

static int parse_options(const struct command *self, int argc, char **argv,
			 struct arguments *args)
{
	unsigned int roles = 0;
	uint32_t old = 0;
	int answer;

	while ((answer = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		switch (answer) {
		case 'f':
			args->as.replace = true;
			args->as.purposes = execgate_purposes_parse(optarg);
			if (!args->as.purposes)
				return refuse_list(self, optarg);
			break;
		case 'a':
			args->as.role = EXECGATE_ROLE_CA;
			roles++;
			break;
		case 'e':
			args->as.role = EXECGATE_ROLE_LEAF;
			roles++;
			break;
		case 'm':
			old |= EXECGATE_PURPOSE_MODULES;
			break;
		case 'c':
			old |= EXECGATE_PURPOSES_CODE;
			break;
		case 'x':
			args->allow_expired = true;
			break;
		case 'p':
			args->no_persist = true;
			break;
		case 'l':
			args->no_load = true;
			break;
		case 'd':
			args->dir = optarg;
			break;
		default:
			return cmd_option_error(self, answer, argv);
		}
	}
	if (old && args->as.replace)
		return cmd_usage_error(self, "--for says all of it: leave "
					     "--modules and --code away");
	if (!args->as.replace)
		args->as.purposes = old;
	if (roles > 1)
		return cmd_usage_error(self, "it is a CA or a leaf, not both");
	if (args->as.role == EXECGATE_ROLE_LEAF && args->allow_expired)
		return cmd_usage_error(self, "a leaf ends with its certificate:"
					     " leave --allow-expired away");
	if (optind == argc)
		return cmd_usage_error(self, "which certificate?");
	if (args->no_persist && args->no_load)
		return cmd_usage_error(self, "--no-persist with --no-load "
					     "would do nothing");
	return 0;
}

/* The kernel would take it, and deny all it signed: nobody means that. */
static int refuse_revoked(const struct execgate_key *key,
			  struct execgate_error *err)
{
	struct execgate_revocation wanted = { .kind = EXECGATE_REVOCATION_KEY };
	struct execgate_revocations kept;
	bool revoked = false;

	memcpy(wanted.value, key->fingerprint, sizeof(wanted.value));
	execgate_revocations_load(EXECGATE_REVOKED_FILE, &kept, NULL);
	for (size_t i = 0; i < kept.count; i++)
		revoked |= execgate_revocation_same(&kept.items[i], &wanted);
	execgate_revocations_free(&kept);
	if (!revoked)
		return 0;
	return execgate_error_set(err, -EKEYREVOKED,
				  EXECGATE_EXIT_KEY_NOT_TRUSTED,
				  "this key was revoked; \"execgate revoke key "
				  "--undo\" takes that back, if you know why it "
				  "was");
}

static int load_key(const struct execgate_certificate *cert, uint64_t not_after,
		    const struct execgate_enrolment *as,
		    struct execgate_key *key, struct execgate_error *err)
{
	struct execgate_netlink *nl;
	int ret = execgate_netlink_open(&nl, err);

	if (ret)
		return ret;
	ret = execgate_netlink_key_add(nl, cert->der, cert->size, not_after, as,
				       key, err);
	execgate_netlink_close(nl);
	/* Enrolling twice is what scripts do; the second may still persist. */
	if (ret == -EEXIST) {
		*key = cert->key;
		key->not_after = not_after;
		key->purposes = as->purposes;
		key->is_ca = as->role == EXECGATE_ROLE_CA;
		key->is_leaf = as->role == EXECGATE_ROLE_LEAF;
		return 0;
	}
	return ret;
}

static int keep_key(const struct arguments *args,
		    const struct execgate_certificate *cert, bool expired,
		    char path[PATH_MAX], struct execgate_error *err)
{
	struct execgate_error cause;
	int ret = execgate_keystore_add(args->dir, cert, &args->as, expired,
					path, PATH_MAX, &cause);

	if (!ret || args->no_load) {
		*err = cause;
		return ret;
	}
	return execgate_error_set(err, ret, cause.code,
				  "the key is trusted until the next boot, but "
				  "not kept: %.900s",
				  cause.message);
}

/* A caller who says nothing takes nothing back: a key for code and more stays so. */
struct kept {
	const uint8_t *fingerprint;
	uint32_t purposes;
};

static int add_kept(const struct execgate_keystore_entry *entry, void *arg)
{
	struct kept *kept = arg;

	if (entry->certificate &&
	    !memcmp(entry->certificate->key.fingerprint, kept->fingerprint,
		    EXECGATE_FINGERPRINT_SIZE))
		kept->purposes |= entry->as.purposes;
	return 0;
}

static uint32_t usual_purposes(const struct arguments *args,
			       const struct execgate_certificate *cert)
{
	struct kept kept = { .fingerprint = cert->key.fingerprint };
	struct execgate_error ignored;

	if (execgate_keystore_list(args->dir, add_kept, &kept, &ignored) ||
	    ~kept.purposes & EXECGATE_PURPOSES_CODE)
		return EXECGATE_PURPOSES_CODE;
	return kept.purposes;
}

static void report_key(const struct execgate_key *key, const char *file,
		       const char *path, const struct arguments *args)
{
	json_t *object;

	if (output_is_json()) {
		object = cmd_key_json(key);
		json_object_set_new(object, "loaded",
				    json_boolean(!args->no_load));
		if (path[0])
			output_json_set_bytes(object, "persisted", path,
					      strlen(path));
		else
			json_object_set_new(object, "persisted", json_null());
		output_json_line(object);
		return;
	}
	printf("%s: %s\n", file,
	       args->no_load ? "kept, and trusted from the next boot on" :
			       "trusted from now on");
	cmd_key_print(key);
	output_field("Kept as", "%s", path[0] ? path : "(until the next boot)");
}

static int failed(const struct arguments *args,
		  const struct execgate_error *err)
{
	if (!args->quiet)
		return output_error(err);
	output_message("%s", err->message);
	return err->code;
}

static int enroll_key(const struct arguments *given, const char *file)
{
	struct arguments said = *given, *args = &said;
	struct execgate_certificate cert;
	struct execgate_error err;
	struct execgate_key key;
	char path[PATH_MAX] = "";
	uint64_t now = (uint64_t)time(NULL);
	bool expired;
	int ret;

	if (execgate_certificate_load(file, &cert, &err))
		return failed(args, &err);
	if (!said.as.purposes && said.as.role != EXECGATE_ROLE_LEAF)
		said.as.purposes = usual_purposes(args, &cert);
	expired = now > cert.key.not_after;
	key = cert.key;
	key.purposes = args->as.purposes;
	key.is_ca = args->as.role == EXECGATE_ROLE_CA;
	key.is_leaf = args->as.role == EXECGATE_ROLE_LEAF;
	key.not_after =
		execgate_certificate_expiry(&cert,
					    expired && args->allow_expired);
	ret = execgate_certificate_check(file, &cert, &args->as, now,
					 args->allow_expired, &err);
	if (!ret)
		ret = refuse_revoked(&cert.key, &err);
	if (!ret && expired)
		output_warning("%s HAS EXPIRED and is trusted all the same, "
			       "for ever: nothing will end that but \"execgate "
			       "key remove\"",
			       file);
	if (!ret && !args->no_load)
		ret = load_key(&cert, key.not_after, &args->as, &key, &err);
	if (!ret && !args->no_persist)
		ret = keep_key(args, &cert, expired, path, &err);
	if (!ret && !args->quiet)
		report_key(&key, file, path, args);
	execgate_certificate_free(&cert);
	return ret ? failed(args, &err) : EXECGATE_EXIT_OK;
}

int key_enroll_leaf(const char *file, const char *dir)
{
	const struct arguments args = {
		.as = { .role = EXECGATE_ROLE_LEAF },
		.quiet = true,
		.dir = dir,
	};

	return enroll_key(&args, file);
}

int cmd_key_enroll_run(const struct command *self, int argc, char **argv)
{
	struct arguments args = { .dir = EXECGATE_KEYSTORE_DIR };
	int code = parse_options(self, argc, argv, &args);

	while (!code && optind < argc)
		code = enroll_key(&args, argv[optind++]);
	return code;
}
