// SPDX-License-Identifier: GPL-2.0
/* The loop of somebody who writes a script: change it, run it, and sign it in between. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/common/command.h"
#include "cli/common/passphrase.h"
#include "cli/common/sign_options.h"
#include "cli/common/signing_key.h"
#include "cli/sign/sign.h"
#include "lib/catalog/identities.h"
#include "lib/crypto/verify.h"

static const char help[] = SIGNING_KEY_OPTIONS_HELP
	"  --forget               forget passphrases that are remembered\n"
	"\n"
	"FILE is signed as \"execgate sign\" does it, unless it is already by that\n"
	"key, and takes the place of execgate. A passphrase that is typed is\n"
	"remembered by the kernel for 15 minutes, for this session. Arguments\n"
	"--json and --help are FILE's own only behind --.\n";

enum { OPT_FORGET = 256 };

static const struct option long_options[] = {
	SIGNING_KEY_OPTIONS,
	{ "forget", no_argument, NULL, OPT_FORGET },
	{ 0 },
};

/* A file that did not change since is not replaced, and no passphrase is needed. */
static int is_signed(const struct signing_key_choice *key, const char *name,
		     struct execgate_error *err)
{
	struct execgate_verdict verdict;
	struct execgate_trust trust = { 0 };
	char certificate[PATH_MAX];
	int fd, ret;

	ret = signing_key_certificate(key, certificate, err) ?:
		      execgate_trust_add_file(&trust, certificate, err);
	if (ret)
		return ret;
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		ret = execgate_error_errno(err, -errno, "cannot open %s", name);
	} else {
		ret = execgate_verify_fd(fd, name, &trust, &verdict, err);
		if (!ret) {
			ret = verdict.reason == EXECGATE_REASON_ALLOWED;
			execgate_verdict_free(&verdict);
		}
		close(fd);
	}
	execgate_trust_free(&trust);
	return ret;
}

static int sign_with(const struct signing_key_choice *key, const char *name,
		     const struct execgate_rules *rules,
		     struct execgate_error *err)
{
	struct execgate_sign_options options;
	struct execgate_sign_result result;
	struct execgate_signer signer;
	int ret;

	sign_options_init(&options);
	if (rules)
		options.rules = *rules;
	ret = signing_key_open(key, &signer, err);
	if (ret)
		return ret;
	ret = execgate_sign_file(&signer, name, &options, &result, err);
	if (!ret)
		sign_options_warn(&result);
	execgate_signer_close(&signer);
	return ret;
}

static int sign_now(const struct signing_key_choice *key, char *name)
{
	const struct batch one = { .names = &name, .count = 1 };
	struct execgate_rules *rules = NULL;
	struct execgate_error err;
	int code = sign_lists_rules(EXECGATE_IDENTITIES_SHIPPED, &one, &rules);

	if (!code && sign_with(key, name, rules, &err))
		code = output_error(&err);
	free(rules);
	return code;
}

static int start(char **argv)
{
	struct execgate_error err;

	fflush(NULL);
	/* The name as it is: PATH is not searched. */
	execv(argv[0], argv);
	if (errno == ENOEXEC)
		execgate_error_set(&err, -ENOEXEC, EXECGATE_EXIT_ERROR,
				   "%s has no #! line to say what runs it",
				   argv[0]);
	else
		execgate_error_errno(&err, -errno,
				     "%s is signed, and does not start; see "
				     "its mode, and \"execgate why\"",
				     argv[0]);
	return output_error(&err);
}

static int forget(const struct command *self, int left)
{
	if (left)
		return cmd_usage_error(self, "--forget takes no FILE");
	return passphrase_forget() ? EXECGATE_EXIT_OK : EXECGATE_EXIT_NOT_FOUND;
}

static int run_run(const struct command *self, int argc, char **argv)
{
	struct signing_key_choice key = { .remember = true };
	struct execgate_error err;
	int answer, ret;

	while ((answer = getopt_long(argc, argv, "+:", long_options, NULL)) !=
	       -1) {
		if (answer == OPT_FORGET)
			return forget(self, argc - optind);
		if (!signing_key_take(answer, &key))
			return cmd_option_error(self, answer, argv);
	}
	if (optind == argc)
		return cmd_usage_error(self, "which file?");
	ret = is_signed(&key, argv[optind], &err);
	if (ret < 0)
		return output_error(&err);
	ret = ret ? EXECGATE_EXIT_OK : sign_now(&key, argv[optind]);
	return ret ? ret : start(argv + optind);
}

const struct command cmd_run = {
	.name = "run",
	.arguments = "[OPTION...] [--] FILE [ARGUMENT...]\n"
		     "       execgate run --forget",
	.summary = "sign a script that was changed, and run it",
	.options = help,
	.run = run_run,
};
