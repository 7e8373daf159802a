// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/common/command.h"
#include "cli/common/event_print.h"
#include "cli/denials/list.h"
#include "cli/denials/local.h"
#include "cli/denials/why.h"
#include "lib/base/names.h"
#include "lib/config/ignored.h"

enum state {
	OPEN, /* nobody has decided */
	SIGNED,
	LISTED, /* in the catalog, once all have been asked about */
	IGNORED,
	MENDED, /* allowed by now, whoever saw to it */
	FAILED, /* what was chosen did not work */
};

/**
 * struct review - one sitting
 * @nl: NULL without the module: then nothing is known of the present
 * @state: one for each item of @list
 */
struct review {
	struct denial_list list;
	struct execgate_ignored ignored;
	struct execgate_netlink *nl;
	struct review_key key;
	enum state *state;
	bool kernel;
	bool ended;
};

static bool is_file(const struct execgate_event *event)
{
	struct stat st;

	return event->path[0] == '/' && !event->path_cut &&
	       !stat(event->path, &st) && S_ISREG(st.st_mode);
}

static bool is_allowed(struct review *review, const struct denial *denial)
{
	struct execgate_event event;

	return review->nl && is_file(&denial->event) &&
	       !why_ask(review->nl, denial->event.path, &event, NULL) &&
	       event.reason == EXECGATE_REASON_ALLOWED;
}

static void look_up(struct review *review)
{
	for (size_t i = 0; i < review->list.count; i++) {
		const struct denial *denial = &review->list.items[i];

		if (execgate_ignored_has(&review->ignored, denial->event.reason,
					 denial->event.path))
			review->state[i] = IGNORED;
		else if (is_allowed(review, denial))
			review->state[i] = MENDED;
	}
}

static const char *state_name(enum state state)
{
	switch (state) {
	case OPEN:
		return "open";
	case SIGNED:
		return "signed";
	case LISTED:
		return "listed";
	case IGNORED:
		return "ignored";
	case MENDED:
		return "allowed-now";
	case FAILED:
		return "failed";
	}
	return "open";
}

static int print_json(const struct review *review)
{
	json_t *list = json_array();

	for (size_t i = 0; i < review->list.count; i++) {
		const struct denial *denial = &review->list.items[i];
		json_t *object = event_to_json(&denial->event);

		json_object_set_new(object, "count",
				    json_integer((json_int_t)denial->count));
		json_object_set_new(object, "state",
				    json_string(state_name(review->state[i])));
		json_array_append_new(list, object);
	}
	output_json(json_pack("{s:o}", "denials", list));
	return EXECGATE_EXIT_OK;
}

static void show_denial(const struct review *review, size_t index,
			size_t number, size_t of)
{
	const struct denial *denial = &review->list.items[index];
	struct execgate_package_query package;
	struct execgate_advice advice;

	printf("\n[%zu of %zu] %" PRIu64 " %s\n", number, of, denial->count,
	       denial->count == 1 ? "time" : "times");
	event_print(&denial->event, 0);
	why_package(denial->event.path, &package);
	execgate_advice_get(denial->event.reason, denial->event.path,
			    package.package, &advice);
	printf("%s\n", advice.cause);
	if (package.package[0])
		printf("It belongs to package %s: a catalog of what is "
		       "installed is better than signing it.\n",
		       package.package);
}

static bool sign_one(struct review *review, const struct denial *denial)
{
	const char *words[] = { "sign", "--", denial->event.path, NULL };

	return review_run(&review->key, words) == EXECGATE_EXIT_OK;
}

static bool ignore_one(struct review *review, const struct denial *denial)
{
	struct execgate_error err;

	mkdir(EXECGATE_STATE_DIR, 0755);
	if (!execgate_ignored_add(&review->ignored, EXECGATE_IGNORED_FILE,
				  denial->event.reason, denial->event.path,
				  &err))
		return true;
	output_error(&err);
	return false;
}

/* False: not an answer, ask again. */
static bool act_on(struct review *review, size_t index, char answer)
{
	const struct denial *denial = &review->list.items[index];
	enum state *state = &review->state[index];

	if (strchr("sc", answer) && !is_file(&denial->event)) {
		printf("There is no such file that could be signed or "
		       "listed.\n");
		return false;
	}
	switch (answer) {
	case 's':
		*state = sign_one(review, denial) ? SIGNED : FAILED;
		return true;
	case 'c':
		*state = LISTED;
		return true;
	case 'i':
		*state = ignore_one(review, denial) ? IGNORED : FAILED;
		return true;
	case 'n':
		return true;
	case 'q':
		review->ended = true;
		return true;
	}
	printf("s: sign the file; c: trust it by a catalog, the file "
	       "stays as it is;\ni: leave it denied and do not ask again; n: "
	       "decide later; q: no more\n");
	return false;
}

static void ask_user(struct review *review, size_t index)
{
	char line[64];

	for (;;) {
		printf("[s]ign, add to [c]atalog, [i]gnore, [n]ext, "
		       "[q]uit? ");
		fflush(stdout);
		if (!fgets(line, sizeof(line), stdin)) {
			printf("\n");
			review->ended = true;
			return;
		}
		if (!isatty(STDIN_FILENO))
			printf("%s", line);
		if (line[0] && line[1] == '\n' &&
		    act_on(review, index, line[0]))
			return;
		if (line[0] && line[1] != '\n')
			act_on(review, index, '?');
	}
}

static void ask_all(struct review *review)
{
	size_t number = 0, of = 0;

	for (size_t i = 0; i < review->list.count; i++)
		of += review->state[i] == OPEN;
	for (size_t i = 0; i < review->list.count && !review->ended; i++) {
		if (review->state[i] != OPEN)
			continue;
		show_denial(review, i, ++number, of);
		ask_user(review, i);
	}
}

/* All at once: a catalog is built, signed and loaded once. */
static void list_chosen(struct review *review)
{
	const char **files;
	size_t count = 0;
	int ret;

	files = calloc(review->list.count + 1, sizeof(*files));
	for (size_t i = 0; files && i < review->list.count; i++)
		if (review->state[i] == LISTED)
			files[count++] = review->list.items[i].event.path;
	if (files && !count) {
		free(files);
		return;
	}
	ret = files && review->nl ?
		      review_local_add(review->nl, &review->key, files, count) :
		      EXECGATE_EXIT_NOT_LOADED;
	free(files);
	for (size_t i = 0; ret && i < review->list.count; i++)
		if (review->state[i] == LISTED)
			review->state[i] = FAILED;
}

/* Signing may not be enough: a key that is not enrolled, another reason. */
static size_t judge_again(struct review *review)
{
	size_t denied = 0;
	char *path;

	for (size_t i = 0; i < review->list.count; i++) {
		const struct denial *denial = &review->list.items[i];

		if (review->state[i] == IGNORED || review->state[i] == MENDED ||
		    review->state[i] == OPEN || is_allowed(review, denial))
			continue;
		if (!denied++)
			printf("\nStill denied, although it was wanted:\n");
		path = output_escape(denial->event.path,
				     strlen(denial->event.path));
		printf("  %s (see \"execgate why\")\n", path ? path : "?");
		free(path);
		review->state[i] = FAILED;
	}
	return denied;
}

static int summarize_review(struct review *review)
{
	size_t count[FAILED + 1] = { 0 };
	size_t denied = judge_again(review);

	for (size_t i = 0; i < review->list.count; i++)
		count[review->state[i]]++;
	printf("\n%zu signed, %zu in the catalog, %zu ignored, %zu "
	       "allowed by now, %zu not decided, %zu failed.\n",
	       count[SIGNED], count[LISTED], count[IGNORED], count[MENDED],
	       count[OPEN], count[FAILED]);
	if (!denied && !count[OPEN])
		printf("%sNothing that is wanted is denied.%s\n",
		       output_style(OUTPUT_GOOD), output_style(OUTPUT_PLAIN));
	return denied ? EXECGATE_EXIT_ERROR : EXECGATE_EXIT_OK;
}

static int read_options(const struct command *self, int argc, char **argv,
			struct review *review)
{
	static const struct option options[] = {
		{ "kernel", no_argument, NULL, 'k' },
		{ "key", required_argument, NULL, 'K' },
		{ "cert", required_argument, NULL, 'C' },
		{ "passphrase-file", required_argument, NULL, 'P' },
		{ 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (option == 'k')
			review->kernel = true;
		else if (option == 'K')
			review->key.key = optarg;
		else if (option == 'C')
			review->key.certificate = optarg;
		else if (option == 'P')
			review->key.passphrase_file = optarg;
		else
			return cmd_option_error(self, option, argv);
	}
	if (optind < argc)
		return cmd_usage_error(self, "\"%s\" is one argument too many",
				       argv[optind]);
	return EXECGATE_EXIT_OK;
}

static int run_denials(struct review *review)
{
	struct execgate_error err;

	/* Without the module the list is still worth showing. */
	if (execgate_netlink_open(&review->nl, NULL))
		review->nl = NULL;
	if (denial_list_read(&review->list, review->kernel, &err) ||
	    execgate_ignored_load(EXECGATE_IGNORED_FILE, &review->ignored,
				  &err))
		return output_error(&err);
	review->state = calloc(review->list.count + 1, sizeof(*review->state));
	if (!review->state) {
		execgate_error_errno(&err, -ENOMEM, "review");
		return output_error(&err);
	}
	look_up(review);
	if (output_is_json())
		return print_json(review);
	if (!review->list.count) {
		output_message("nothing was denied");
		return EXECGATE_EXIT_NOT_FOUND;
	}
	ask_all(review);
	list_chosen(review);
	return summarize_review(review);
}

static int run_review(const struct command *self, int argc, char **argv)
{
	struct review review = { 0 };
	int ret = read_options(self, argc, argv, &review);

	if (ret)
		return ret;
	ret = run_denials(&review);
	denial_list_free(&review.list);
	execgate_ignored_free(&review.ignored);
	execgate_netlink_close(review.nl);
	free(review.state);
	return ret;
}

const struct command cmd_review = {
	.name = "review",
	.arguments = "[--kernel] [OPTION...]",
	.summary = "go through what was denied and decide about each",
	.options =
		"  --kernel                what the kernel holds, not the journal\n"
		"  --key KEY               to sign with, as \"execgate sign\"\n"
		"  --cert CERT             its certificate\n"
		"  --passphrase-file FILE  of an encrypted key\n\n"
		"Newest first, each file and reason once, with a count. Answers\n"
		"are read from standard input, one letter a line: s sign the\n"
		"file, c add it to the catalog \"reviewed\", i ignore it from now\n"
		"on, n decide later, q quit. With --json it only lists.\n"
		"Exit code: 0, 1 something wanted is still denied, 7 nothing was\n"
		"denied.\n",
	.run = run_review,
};
