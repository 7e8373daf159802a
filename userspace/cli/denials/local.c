// SPDX-License-Identifier: GPL-2.0
#include "cli/denials/local.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/common/output.h"
#include "cli/denials/why.h"
#include "lib/base/io.h"
#include "lib/base/processes.h"
#include "lib/config/boots.h"

#define LIST EXECGATE_STATE_DIR "/reviewed.list"
#define CATALOG EXECGATE_STATE_DIR "/" REVIEW_LOCAL_NAME ".cat"
#define LIST_MAX (16u << 20)
#define WORDS_MAX 24

int review_run(const struct review_key *key, const char *const *words)
{
	const char *argv[WORDS_MAX + 8];
	size_t count = 0;
	int status;
	pid_t child;

	argv[count++] = "execgate";
	for (; *words && count < WORDS_MAX; words++) {
		/* The key belongs before the files, which may look like options. */
		if (!strcmp(*words, "--") && key) {
			if (key->key) {
				argv[count++] = "--key";
				argv[count++] = key->key;
			}
			if (key->certificate) {
				argv[count++] = "--cert";
				argv[count++] = key->certificate;
			}
			if (key->passphrase_file) {
				argv[count++] = "--passphrase-file";
				argv[count++] = key->passphrase_file;
			}
		}
		argv[count++] = *words;
	}
	argv[count] = NULL;
	fflush(NULL);
	child = fork();
	if (child == 0) {
		/* Standard input is the answers: a question goes to the terminal. */
		if (!freopen("/dev/null", "re", stdin))
			_exit(EXECGATE_EXIT_ERROR);
		dup2(fileno(stdin), STDIN_FILENO);
		execv("/proc/self/exe", (char *const *)argv);
		_exit(EXECGATE_EXIT_ERROR);
	}
	status = child < 0 ? -1 : execgate_process_wait(child);
	return status < 0 || status >= 128 ? EXECGATE_EXIT_ERROR : status;
}

/* A growing text of names, each with the zero byte that ends it. */
struct names {
	char *text;
	size_t size;
	bool no_memory;
};

static bool has_name(const struct names *names, const char *name)
{
	for (size_t at = 0; at < names->size;
	     at += strlen(names->text + at) + 1)
		if (!strcmp(names->text + at, name))
			return true;
	return false;
}

static void add_name(struct names *names, const char *name)
{
	size_t size = strlen(name) + 1;
	char *text;

	if (has_name(names, name))
		return;
	text = realloc(names->text, names->size + size);
	if (!text) {
		names->no_memory = true;
		return;
	}
	memcpy(text + names->size, name, size);
	names->text = text;
	names->size += size;
}

static bool still_trusted(struct execgate_netlink *nl, const char *path)
{
	struct execgate_event event;
	struct execgate_error err;
	char *text;

	if (access(path, F_OK))
		return false;
	if (!why_ask(nl, path, &event, &err) &&
	    event.reason == EXECGATE_REASON_ALLOWED)
		return true;
	text = output_escape(path, strlen(path));
	output_warning("%s was trusted as it was and has changed since: it is "
		       "left out of the catalog; add it again if the change "
		       "was yours",
		       text ? text : "?");
	free(text);
	return false;
}

static void read_names(struct execgate_netlink *nl, struct names *names)
{
	uint8_t *data;
	size_t size, at;

	if (access(LIST, F_OK) ||
	    execgate_io_read_file(LIST, LIST_MAX, &data, &size, NULL))
		return;
	for (at = 0; at < size; at += strlen((char *)data + at) + 1)
		if (still_trusted(nl, (char *)data + at))
			add_name(names, (char *)data + at);
	free(data);
}

int review_local_add(struct execgate_netlink *nl, const struct review_key *key,
		     const char *const *files, size_t count)
{
	static const char *const build[] = {
		"catalog", "build",	  "--name", REVIEW_LOCAL_NAME,
		"--sign",  "--from-file", LIST,	    "--accept-changed",
		"-o",	   CATALOG,	  "--",	    NULL
	};
	static const char *const install[] = { "catalog", "install", CATALOG,
					       NULL };
	struct names names = { 0 };
	struct execgate_error err;
	int ret;

	read_names(nl, &names);
	for (size_t i = 0; i < count; i++)
		add_name(&names, files[i]);
	if (names.no_memory)
		ret = execgate_error_errno(&err, -ENOMEM,
					   "the catalog of reviewed files");
	else if (mkdir(EXECGATE_STATE_DIR, 0755) && errno != EEXIST)
		ret = execgate_error_errno(&err, -errno,
					   "cannot make " EXECGATE_STATE_DIR);
	else
		ret = execgate_io_create_file(LIST, 0600, true, names.text,
					      names.size, &err);
	free(names.text);
	if (ret)
		return output_error(&err);
	ret = review_run(key, build);
	return ret ? ret : review_run(NULL, install);
}
