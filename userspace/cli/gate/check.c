// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/common/command.h"
#include "cli/common/event_print.h"
#include "cli/rules/explain.h"
#include "lib/base/digits.h"
#include "lib/base/image.h"
#include "lib/base/names.h"
#include "lib/netlink/netlink.h"

#define AS_IT_LOOKS (-1)

/* @hook: of the option, or AS_IT_LOOKS */
static int read_options(const struct command *self, int argc, char **argv,
			int *hook)
{
	static const struct option options[] = {
		{ "hook", required_argument, NULL, 'k' },
		{ 0 },
	};
	int option, found;

	while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (option != 'k')
			return cmd_option_error(self, option, argv);
		found = execgate_hook_find(optarg);
		if (found != EXECGATE_HOOK_BPRM_CHECK &&
		    found != EXECGATE_HOOK_MMAP_FILE &&
		    found != EXECGATE_HOOK_KERNEL_READ_FILE &&
		    found != EXECGATE_HOOK_READ_OPEN)
			return cmd_usage_error(self,
					       "--hook is exec, mmap, "
					       "kernel-read or read, not \"%s\"",
					       optarg);
		*hook = found;
	}
	if (optind == argc)
		return cmd_usage_error(self, "say which file to check");
	return EXECGATE_EXIT_OK;
}

static void print_verdict(const char *file, const struct execgate_event *event,
			  const json_t *rules)
{
	bool allowed = event->reason == EXECGATE_REASON_ALLOWED;
	char *path = output_escape(file, strlen(file));
	char hex[2 * EXECGATE_FINGERPRINT_SIZE + 1];
	char *identity;

	printf("%s: %s%s%s: %s\n", path,
	       output_style(allowed ? OUTPUT_GOOD : OUTPUT_BAD),
	       execgate_reason_name(event->reason), output_style(OUTPUT_PLAIN),
	       execgate_reason_text(event->reason));
	free(path);
	if (event->identity[0]) {
		identity =
			output_escape(event->identity, strlen(event->identity));
		output_field("Identity", "%s, version %" PRIu64, identity,
			     event->identity_version);
		free(identity);
	}
	if (event->carrier != EXECGATE_CARRIER_NONE)
		output_field("Signature", "%s",
			     execgate_carrier_name(event->carrier));
	if (event->has_signer)
		output_field("Signer", "%s",
			     execgate_hex_write(hex, event->signer,
						sizeof(event->signer)));
	if (event->has_digest)
		output_field("SHA-256", "%s",
			     execgate_hex_write(hex, event->digest,
						sizeof(event->digest)));
	rules_explain_print(rules);
	if (event->reported)
		output_field("Reported", "%s at each use: %s",
			     execgate_reason_name(event->reported),
			     execgate_reason_text(event->reported));
	if (event->cached)
		output_field("Cached", "%s",
			     "judged before and not changed since");
}

static void print_json(const char *file, const struct execgate_event *event,
		       json_t *rules)
{
	json_t *object = json_object();

	output_json_set_bytes(object, "file", file, strlen(file));
	json_object_set_new(object, "allowed",
			    json_boolean(event->reason ==
					 EXECGATE_REASON_ALLOWED));
	event_check_to_json(object, event);
	json_object_set(object, "statements", rules);
	output_json_line(object);
}

static int check_file(struct execgate_netlink *nl, const char *file, int hook)
{
	struct execgate_image image;
	struct execgate_event event;
	struct execgate_error err;
	json_t *rules;
	int fd, ret;

	/* A FIFO must not hang us; the kernel says that it is not a file. */
	fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0) {
		execgate_error_errno(&err, -errno, "cannot open %s", file);
		return output_error(&err);
	}
	execgate_image_read(fd, &image);
	if (hook == AS_IT_LOOKS)
		hook = (int)execgate_image_hook(&image, file);
	ret = execgate_netlink_check(nl, fd, (enum execgate_hook)hook, &event,
				     &err);
	rules = ret ? NULL : rules_explain(nl, fd, file, &event);
	close(fd);
	if (ret)
		return output_error(&err);
	if (output_is_json())
		print_json(file, &event, rules);
	else
		print_verdict(file, &event, rules);
	json_decref(rules);
	return execgate_reason_exit(event.reason);
}

static int run_check(const struct command *self, int argc, char **argv)
{
	struct execgate_netlink *nl;
	struct execgate_error err;
	int hook = AS_IT_LOOKS, ret, code;

	ret = read_options(self, argc, argv, &hook);
	if (ret)
		return ret;
	if (execgate_netlink_open(&nl, &err))
		return output_error(&err);
	for (int i = optind; i < argc; i++) {
		code = check_file(nl, argv[i], hook);
		ret = cmd_worse(ret, code);
	}
	execgate_netlink_close(nl);
	return ret;
}

const struct command cmd_check = {
	.name = "check",
	.arguments = "[--hook exec|mmap|kernel-read|read] FILE...",
	.summary = "ask the kernel what it would decide about a file, and why",
	.options =
		"  --hook exec         as a program\n"
		"  --hook mmap         as a library\n"
		"  --hook kernel-read  as a module that the kernel's own keys do not\n"
		"                      vouch for\n"
		"  --hook read         as what an interpreter reads as code\n"
		"Without it a file is asked about as what it looks like.\n\n"
		"Nothing is run. With --json there is one line for each file.\n"
		"Exit code: 0 allowed, 3 unsigned, 4 malformed or altered, 5 key\n"
		"not trusted, 1 denied for another reason; with several files\n"
		"the first that is not 0.\n",
	.run = run_check,
};
