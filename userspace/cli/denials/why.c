// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/common/command.h"
#include "cli/common/event_print.h"
#include "cli/denials/list.h"
#include "cli/denials/why.h"
#include "cli/rules/explain.h"
#include "lib/base/image.h"
#include "lib/base/names.h"
#include "lib/config/config.h"
#include "lib/debian/dpkg.h"
#include "lib/events/changed.h"
#include "lib/netlink/netlink.h"

void why_package(const char *path, struct execgate_package_query *out)
{
	char real[PATH_MAX];

	out->package[0] = '\0';
	out->path = path;
	if (!*path)
		return;
	if (realpath(path, real))
		out->path = real;
	execgate_packages_find(EXECGATE_DPKG_ADMINDIR, out, 1);
	out->path = path;
}

/* False also when the kernel does not say, as to a user. */
static bool gate_is_locked(void)
{
	struct execgate_netlink *nl;
	struct execgate_status status = {};
	bool locked;

	if (execgate_netlink_open(&nl, NULL))
		return false;
	locked = !execgate_netlink_status(nl, &status, NULL) && status.locked;
	execgate_netlink_close(nl);
	return locked;
}

/* "  1. do this\n       command\n" */
static void print_ways(const struct execgate_advice *advice)
{
	bool locked = gate_is_locked();

	for (size_t i = 0; i < advice->count; i++) {
		const struct execgate_way *way = &advice->ways[i];

		printf("  %zu. %s\n", i + 1, way->text);
		if (!*way->command)
			continue;
		printf("       %s%s%s\n", output_style(OUTPUT_GOOD),
		       way->command, output_style(OUTPUT_PLAIN));
		if (locked && way->loosens)
			printf("       The gate is locked: that works after "
			       "the next boot.\n");
	}
}

static int note_version(const struct execgate_revocation *item, void *arg)
{
	struct execgate_revocation *wanted = arg;

	if (item->kind == wanted->kind && !strcmp(item->name, wanted->name))
		wanted->below = item->below > item->reported ? item->below :
							       item->reported;
	return 0;
}

/*
 * The first version that still counts of what an event with reason rollback names.
 * 0: it has no name, or the kernel does not say.
 */
static uint64_t first_version(const struct execgate_event *event)
{
	struct execgate_revocation wanted = {
		.kind = EXECGATE_REVOCATION_VERSION,
	};
	struct execgate_netlink *nl;

	if (event->reason != EXECGATE_REASON_ROLLBACK || !event->identity[0] ||
	    execgate_netlink_open(&nl, NULL))
		return 0;
	snprintf(wanted.name, sizeof(wanted.name), "%s", event->identity);
	execgate_netlink_revoke_list(nl, note_version, &wanted, NULL);
	execgate_netlink_close(nl);
	return wanted.below;
}

static void print_version(const struct execgate_event *event)
{
	uint64_t first = first_version(event);
	char *name = output_escape(event->identity, strlen(event->identity));

	if (first)
		printf("It is %s in version %" PRIu64 "; the first that still "
		       "counts is %" PRIu64 ".\n",
		       name, event->identity_version, first);
	free(name);
}

/*
 * The rules of the file speak of it, or those of the program that used it. Another
 * file may lie there now than the one of an old event.
 */
static int open_ruled(const struct execgate_event *event, const char *path,
		      const char **name)
{
	bool of_process = event->reason == EXECGATE_REASON_FOREIGN_LIBRARY ||
			  event->reason == EXECGATE_REASON_FOREIGN_PROGRAM;
	struct stat st;
	int fd;

	if (event->sequence && !of_process &&
	    event->reason != EXECGATE_REASON_WRONG_PATH &&
	    event->reason != EXECGATE_REASON_ROLLBACK)
		return -ENODATA;
	*name = of_process ? event->exe : path;
	fd = open(*name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd >= 0 && event->sequence && !of_process &&
	    (fstat(fd, &st) || st.st_ino != event->ino)) {
		close(fd);
		return -ESTALE;
	}
	return fd < 0 ? -errno : fd;
}

/* Return: as rules_explain(). */
static json_t *rules_of(const struct execgate_event *event, const char *path)
{
	struct execgate_netlink *nl;
	const char *name;
	int fd = open_ruled(event, path, &name);
	json_t *rules;

	if (fd < 0)
		return json_array();
	if (execgate_netlink_open(&nl, NULL))
		nl = NULL;
	rules = event->sequence ? rules_explain_unasked(nl, fd, name) :
				  rules_explain(nl, fd, name, event);
	execgate_netlink_close(nl);
	close(fd);
	return rules;
}

static void print_json(const struct execgate_event *event, const char *path,
		       const char *package, bool changed,
		       const struct execgate_advice *advice, json_t *rules)
{
	json_t *object, *ways = json_array(), *way;
	bool locked = gate_is_locked();
	uint64_t first;

	if (event->sequence)
		object = event_to_json(event);
	else
		object = json_pack("{s:s, s:s}", "reason",
				   execgate_reason_name(event->reason),
				   "reason_text",
				   execgate_reason_text(event->reason));
	/* An event has its own, and host_path. */
	if (!event->host_path[0])
		output_json_set_bytes(object, "path", path, strlen(path));
	json_object_set_new(object, "allowed",
			    json_boolean(event->reason ==
					 EXECGATE_REASON_ALLOWED));
	json_object_set_new(object, "cause", json_string(advice->cause));
	first = first_version(event);
	if (first)
		json_object_set_new(object, "first_version",
				    json_integer((json_int_t)first));
	if (event->constrained)
		json_object_set_new(object, "constrained_text",
				    json_string(execgate_advice_constrained));
	if (*package)
		json_object_set_new(object, "package", json_string(package));
	json_object_set_new(object, "changed", json_boolean(changed));
	for (size_t i = 0; i < advice->count; i++) {
		way = json_pack("{s:s}", "text", advice->ways[i].text);
		if (*advice->ways[i].command)
			json_object_set_new(way, "command",
					    json_string(
						    advice->ways[i].command));
		if (locked && advice->ways[i].loosens)
			json_object_set_new(way, "after_boot", json_true());
		json_array_append_new(ways, way);
	}
	json_object_set_new(object, "ways", ways);
	json_object_set(object, "statements", rules);
	output_json(object);
}

/* By its bytes: a file that may not be somewhere is another matter. */
static bool is_about(const struct execgate_event *event, const char *path)
{
	return *path && execgate_changed_reason(event->reason);
}

/* The ways out are for the administrator. */
static void print_contact(void)
{
	static struct execgate_config config;
	bool known = !execgate_config_load(EXECGATE_CONFIG_DIR, &config, NULL);

	printf("\nThis takes root. Ask: %s%s%s\n",
	       known && *config.contact ? config.contact :
	       known && *config.url	? "" :
					  "your administrator",
	       known && *config.contact && *config.url ? ", " : "",
	       known ? config.url : "");
}

static void print_subject(const struct execgate_event *event, const char *path,
			  bool changed)
{
	bool allowed = event->reason == EXECGATE_REASON_ALLOWED;
	char *text = output_escape(path, strlen(path));

	printf("%s: %s%s%s\n",
	       text && *text			   ? text :
	       event->hook == EXECGATE_HOOK_POLICY ? "mode and gates" :
						     "memory",
	       output_style(allowed ? OUTPUT_GOOD : OUTPUT_BAD),
	       changed ? "changed" : execgate_reason_name(event->reason),
	       output_style(OUTPUT_PLAIN));
	free(text);
}

/* In a container the process knew the file by another name. */
static void print_place(const struct execgate_event *event, const char *path)
{
	char words[EVENT_PLACE_WORDS_SIZE];
	char *seen;

	if (event_place_words(event, words))
		printf("It was used %s.\n", words);
	if (!strcmp(path, event->path) || !event->host_path[0])
		return;
	seen = output_escape(event->path, strlen(event->path));
	printf("The process knew it as %s.\n", seen);
	free(seen);
}

static void print_text(const struct execgate_event *event, const char *path,
		       const char *package, bool changed,
		       const struct execgate_advice *advice,
		       const json_t *rules)
{
	bool allowed = event->reason == EXECGATE_REASON_ALLOWED;

	print_subject(event, path, changed);
	printf("%s\n", advice->cause);
	print_version(event);
	if (event->constrained)
		printf("%s\n", execgate_advice_constrained);
	if (*package)
		printf("It belongs to package %s.\n", package);
	print_place(event, path);
	rules_explain_print(rules);
	if (!allowed && advice->count)
		printf("\nWhat you can do:\n");
	if (!allowed)
		print_ways(advice);
	if (!allowed && geteuid())
		print_contact();
}

static void explain(const struct execgate_event *event, const char *path)
{
	bool allowed = event->reason == EXECGATE_REASON_ALLOWED;
	struct execgate_package_query package;
	struct execgate_advice advice;
	json_t *rules;
	bool changed;

	why_package(path, &package);
	changed = !allowed && is_about(event, path) &&
		  execgate_changed_file(&package);
	if (changed)
		execgate_advice_changed(path, package.package, &advice);
	else
		execgate_advice_get(event->reason, path, package.package,
				    &advice);
	rules = rules_of(event, path);
	if (output_is_json())
		print_json(event, path, package.package, changed, &advice,
			   rules);
	else
		print_text(event, path, package.package, changed, &advice,
			   rules);
	json_decref(rules);
}

/* By the name under which the administrator finds the file. */
static void explain_event(const struct execgate_event *event)
{
	explain(event, event->host_path[0] ? event->host_path : event->path);
}

static int of_event(const char *text)
{
	struct execgate_event event;
	struct execgate_error err;

	if (denial_list_find(strtoull(text, NULL, 10), &event, &err))
		return output_error(&err);
	explain_event(&event);
	return EXECGATE_EXIT_OK;
}

int why_ask(struct execgate_netlink *nl, const char *path,
	    struct execgate_event *event, struct execgate_error *err)
{
	struct execgate_image image;
	int fd, ret;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return execgate_error_errno(err, -errno, "cannot open %s",
					    path);
	execgate_image_read(fd, &image);
	ret = execgate_netlink_check(nl, fd, execgate_image_hook(&image, path),
				     event, err);
	close(fd);
	return ret;
}

static bool err_is_privilege(int ret, const struct execgate_error *err)
{
	return ret && err->code == EXECGATE_EXIT_NO_PRIVILEGE;
}

static int of_newest(void)
{
	struct execgate_event event;
	struct execgate_error err;

	if (denial_list_newest(NULL, &event, &err))
		return output_error(&err);
	explain_event(&event);
	return EXECGATE_EXIT_OK;
}

static int of_path(const char *path)
{
	struct execgate_netlink *nl;
	struct execgate_event event;
	struct execgate_error err;
	char real[PATH_MAX];
	int ret;

	ret = execgate_netlink_open(&nl, &err);
	if (!ret)
		ret = why_ask(nl, path, &event, &err);
	execgate_netlink_close(nl);
	if (err_is_privilege(ret, &err)) {
		if (denial_list_newest(realpath(path, real) ? real : path,
				       &event, &err))
			return output_error(&err);
		explain_event(&event);
		return EXECGATE_EXIT_OK;
	}
	if (ret)
		return output_error(&err);
	/* Commands work from any folder. */
	event.sequence = 0;
	explain(&event, realpath(path, real) ? real : path);
	return EXECGATE_EXIT_OK;
}

/* Without an event: what a reason means for a file, whatever the kernel thinks of it. */
static int of_reason(const struct command *self, const char *reason,
		     const char *path)
{
	struct execgate_event event = { .hook = EXECGATE_HOOK_BPRM_CHECK };
	struct execgate_package_query package;
	struct execgate_advice advice;
	int number = execgate_reason_find(reason);
	char real[PATH_MAX];
	json_t *rules;

	if (number < 0)
		return cmd_usage_error(self, "unknown reason \"%s\"", reason);
	if (realpath(path, real))
		path = real;
	event.reason = (uint32_t)number;
	package.package[0] = '\0';
	if (path == real)
		why_package(path, &package);
	execgate_advice_get(event.reason, path, package.package, &advice);
	rules = json_array();
	if (output_is_json())
		print_json(&event, path, package.package, false, &advice,
			   rules);
	else
		print_text(&event, path, package.package, false, &advice,
			   rules);
	json_decref(rules);
	return EXECGATE_EXIT_OK;
}

static int run_why(const struct command *self, int argc, char **argv)
{
	static const struct option options[] = {
		{ "reason", required_argument, NULL, 'r' },
		{ 0 },
	};
	const char *what, *reason = NULL;
	int option;

	while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (option != 'r')
			return cmd_option_error(self, option, argv);
		reason = optarg;
	}
	if (reason && argc - optind <= 1)
		return of_reason(self, reason,
				 argc > optind ? argv[optind] : "FILE");
	if (argc == optind)
		return of_newest();
	if (argc - optind != 1)
		return cmd_usage_error(self, "say one file, or the number of "
					     "one denial");
	what = argv[optind];
	if (*what && !what[strspn(what, "0123456789")] && strlen(what) < 20)
		return of_event(what);
	return of_path(what);
}

const struct command cmd_why = {
	.name = "why",
	.arguments = "[--reason REASON] [FILE|NUMBER]",
	.summary = "explain a denial and tell the ways out as commands",
	.options =
		"  --reason REASON  what REASON means for FILE, which need not have\n"
		"                   been denied: neither module nor root is needed\n\n"
		"FILE    the kernel is asked what it would decide now\n"
		"NUMBER  of a denial, as \"execgate denials --json\" shows\n"
		"        it (\"sequence\")\n\n"
		"Without either, your own newest denial. Without root, FILE and\n"
		"NUMBER are looked for among your own denials.\n\n"
		"Exit code: 0 it was explained, 7 there is no such denial or\n"
		"file, 6 the module is not there.\n\n"
		"Reasons:\n"
#define X(id, name, text) "    " name ": " text "\n"
	EXECGATE_REASONS(X),
#undef X
	.run = run_why,
};
