// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "cli/common/passphrase.h"
#include "cli/common/signing_key.h"
#include "cli/key/key.h"
#include "lib/crypto/generate.h"

/* Past its end a key stops every program it signed: long by default. */
#define DAYS_DEFAULT 3650
#define DAYS_MAX 36500

const char cmd_key_generate_options[] =
	"  --out DIR              where key.pem and cert.pem go (root:\n"
	"                         " EXECGATE_SIGNING_DIR ", others:\n"
	"                         ~/.config/execgate)\n"
	"  --name NAME            name in the certificate (default: \"execgate\n"
	"                         signing key of HOST\")\n"
	"  --days N               how long the certificate is valid (3650)\n"
	"  --type TYPE            rsa3072 (default), rsa4096, p256, p384\n"
	"  --passphrase-file FILE its first line encrypts the key; without it\n"
	"                         the passphrase is asked on the terminal\n"
	"  --no-passphrase        keep the key unencrypted, mode 0600\n";

struct arguments {
	const char *out;
	const char *name;
	const char *passphrase_file;
	bool no_passphrase;
	unsigned int days;
	enum execgate_key_type type;
};

enum { OPT_OUT = 256, OPT_NAME, OPT_DAYS, OPT_TYPE, OPT_FILE, OPT_NONE };

static const struct option options[] = {
	{ "out", required_argument, NULL, OPT_OUT },
	{ "name", required_argument, NULL, OPT_NAME },
	{ "days", required_argument, NULL, OPT_DAYS },
	{ "type", required_argument, NULL, OPT_TYPE },
	{ "passphrase-file", required_argument, NULL, OPT_FILE },
	{ "no-passphrase", no_argument, NULL, OPT_NONE },
	{ 0 },
};

static bool parse_days(const char *text, unsigned int *days)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*end || text[0] < '0' || text[0] > '9' || !value ||
	    value > DAYS_MAX)
		return false;
	*days = (unsigned int)value;
	return true;
}

/* Zero, or the exit code of what was wrong and has been said. */
static int parse_options(const struct command *self, int argc, char **argv,
			 struct arguments *args)
{
	struct execgate_error err;
	int answer;

	while ((answer = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		switch (answer) {
		case OPT_OUT:
			args->out = optarg;
			break;
		case OPT_NAME:
			args->name = optarg;
			break;
		case OPT_DAYS:
			if (!parse_days(optarg, &args->days))
				return cmd_usage_error(
					self,
					"--days takes a number from 1 to %d, "
					"not \"%s\"",
					DAYS_MAX, optarg);
			break;
		case OPT_TYPE:
			if (execgate_generate_type(optarg, &args->type, &err))
				return output_error(&err);
			break;
		case OPT_FILE:
			args->passphrase_file = optarg;
			break;
		case OPT_NONE:
			args->no_passphrase = true;
			break;
		default:
			return cmd_option_error(self, answer, argv);
		}
	}
	if (optind < argc)
		return cmd_usage_error(self, "%s is one word too many",
				       argv[optind]);
	if (args->no_passphrase && args->passphrase_file)
		return cmd_usage_error(self, "--no-passphrase contradicts "
					     "--passphrase-file");
	return 0;
}

/* The folder with its parents; a new one is for its owner only. */
static int make_folder(const char *folder, struct execgate_error *err)
{
	char path[PATH_MAX];
	char *slash;

	snprintf(path, sizeof(path), "%s", folder);
	for (slash = strchr(path + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(path, 0755);
		*slash = '/';
	}
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return execgate_error_errno(err, -errno,
					    "cannot make the folder %s", path);
	return 0;
}

static int get_passphrase(const struct arguments *args, char *passphrase,
			  struct execgate_error *err)
{
	int ret;

	if (args->passphrase_file)
		return passphrase_read(args->passphrase_file, passphrase, err);
	ret = passphrase_ask("Passphrase for the new key: ", true, passphrase,
			     err);
	if (ret == -ENOTTY)
		return execgate_error_set(
			err, ret, EXECGATE_EXIT_USAGE,
			"there is no terminal to ask for a passphrase on; give "
			"--passphrase-file or --no-passphrase");
	return ret;
}

static int generate_key(const struct arguments *args, const char *folder,
			char key_path[PATH_MAX],
			char certificate_path[PATH_MAX],
			struct execgate_certificate *out,
			struct execgate_error *err)
{
	char passphrase[PASSPHRASE_SIZE], host[65] = "", name[96];
	struct execgate_generate what = {
		.type = args->type,
		.name = args->name,
		.days = args->days,
		.key_path = key_path,
		.certificate_path = certificate_path,
	};
	int ret = 0;

	if (snprintf(key_path, PATH_MAX, "%s/key.pem", folder) >= PATH_MAX ||
	    snprintf(certificate_path, PATH_MAX, "%s/cert.pem", folder) >=
		    PATH_MAX)
		return execgate_error_errno(err, -ENAMETOOLONG,
					    "cannot write to %.200s", folder);
	if (!what.name) {
		gethostname(host, sizeof(host) - 1);
		snprintf(name, sizeof(name), "execgate signing key of %.40s",
			 host);
		what.name = name;
	}
	if (!args->no_passphrase) {
		ret = get_passphrase(args, passphrase, err);
		what.passphrase = passphrase;
	}
	if (!ret)
		ret = make_folder(folder, err);
	if (!ret)
		ret = execgate_generate_key(&what, out, err);
	OPENSSL_cleanse(passphrase, sizeof(passphrase));
	return ret;
}

static void report_key(const struct execgate_certificate *cert,
		       const char *key_path, const char *certificate_path)
{
	json_t *object;

	if (output_is_json()) {
		object = cmd_key_json(&cert->key);
		output_json_set_bytes(object, "key_file", key_path,
				      strlen(key_path));
		output_json_set_bytes(object, "certificate_file",
				      certificate_path,
				      strlen(certificate_path));
		output_json(object);
		return;
	}
	printf("A new signing key:\n");
	output_field("Private key", "%s", key_path);
	output_field("Certificate", "%s", certificate_path);
	cmd_key_print(&cert->key);
	printf("Next: \"execgate key enroll %s\" on every machine that shall "
	       "run what it signs.\n",
	       certificate_path);
}

int cmd_key_generate_run(const struct command *self, int argc, char **argv)
{
	char folder[PATH_MAX], key_path[PATH_MAX], certificate_path[PATH_MAX];
	struct arguments args = { .days = DAYS_DEFAULT };
	struct execgate_certificate cert;
	struct execgate_error err;
	int code = parse_options(self, argc, argv, &args);

	if (code)
		return code;
	if (!args.out && signing_key_folder(folder, &err))
		return output_error(&err);
	if (!args.out)
		args.out = folder;
	if (generate_key(&args, args.out, key_path, certificate_path, &cert,
			 &err))
		return output_error(&err);
	report_key(&cert, key_path, certificate_path);
	execgate_certificate_free(&cert);
	return EXECGATE_EXIT_OK;
}
