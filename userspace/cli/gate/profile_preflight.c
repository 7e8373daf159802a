// SPDX-License-Identifier: GPL-2.0
#include "cli/gate/profile_preflight.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/common/output.h"
#include "lib/base/array.h"
#include "lib/base/process_memory.h"
#include "lib/base/processes.h"
#include "lib/catalog/identities.h"
#include "lib/debian/dpkg.h"
#include "lib/debian/packages.h"
#include "lib/events/advice.h"
#include "lib/netlink/netlink.h"
#include "lib/sign/classify.h"

/**
 * struct finding - one program
 * @path: owned
 * @mend: how it gets what it lacks; owned
 * @lacks: classes
 * @pid: of a process that runs it and has such memory, or 0
 * @identity: that says it needs them, or NULL
 */
struct finding {
	char *path;
	char *mend;
	dev_t dev;
	ino_t ino;
	uint16_t lacks;
	pid_t pid;
	const struct execgate_identity *identity;
};

struct search {
	struct execgate_netlink *nl;
	struct execgate_identities identities;
	struct finding *list;
	size_t count;
	bool no_memory;
};

static struct finding *find_program(struct search *search,
				    const struct stat *st)
{
	size_t i;

	for (i = 0; i < search->count; i++)
		if (search->list[i].dev == st->st_dev &&
		    search->list[i].ino == st->st_ino)
			return &search->list[i];
	return NULL;
}

/* The kernel is asked as at the hook where the program would be. */
static bool lacks_class(struct search *search, int fd, enum execgate_hook hook)
{
	struct execgate_event event;
	struct execgate_error err;

	return !execgate_netlink_check(search->nl, fd, hook, &event, &err) &&
	       event.reason != EXECGATE_REASON_ALLOWED;
}

static uint16_t lacking(struct search *search, const char *open_path,
			uint16_t wanted)
{
	int fd = open(open_path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	uint16_t lacks = 0;

	if (fd < 0)
		return 0;
	if (wanted & EXECGATE_CLASS_MAY_JIT &&
	    lacks_class(search, fd, EXECGATE_HOOK_MMAP_ADDR))
		lacks |= EXECGATE_CLASS_MAY_JIT;
	if (wanted & EXECGATE_CLASS_DEBUGGER &&
	    lacks_class(search, fd, EXECGATE_HOOK_PTRACE_ACCESS))
		lacks |= EXECGATE_CLASS_DEBUGGER;
	close(fd);
	return lacks;
}

static struct finding *add_program(struct search *search, const char *path,
				   const struct stat *st, uint16_t lacks)
{
	struct finding *finding =
		execgate_array_add(search->list, search->count);
	char *copy = strdup(path);

	if (!finding || !copy) {
		free(copy);
		search->no_memory = true;
		return NULL;
	}
	*finding = (struct finding){
		.path = copy,
		.dev = st->st_dev,
		.ino = st->st_ino,
		.lacks = lacks,
	};
	search->count++;
	return finding;
}

static int look_at_installed(const struct execgate_dpkg_file *file, void *arg,
			     struct execgate_error *err)
{
	struct search *search = arg;
	const struct execgate_identity *identity =
		execgate_identities_find(&search->identities, file->package,
					 file->path);
	struct finding *finding;
	uint16_t lacks;
	struct stat st;

	(void)err;
	if (!identity || lstat(file->path, &st) || !S_ISREG(st.st_mode) ||
	    !(st.st_mode & 0111) || find_program(search, &st))
		return 0;
	lacks = lacking(search, file->path, identity->classes);
	finding = lacks ? add_program(search, file->path, &st, lacks) : NULL;
	if (finding)
		finding->identity = identity;
	return 0;
}

static void look_at_running(const struct execgate_running *running, void *arg)
{
	struct search *search = arg;
	struct finding *finding;

	if (!running->is_program ||
	    !execgate_process_has_free_code(running->pid))
		return;
	finding = find_program(search, &running->st);
	if (!finding && lacking(search, running->open, EXECGATE_CLASS_MAY_JIT))
		finding = add_program(search, running->path, &running->st,
				      EXECGATE_CLASS_MAY_JIT);
	if (finding && !finding->pid)
		finding->pid = running->pid;
}

static int search_all(struct search *search, struct execgate_error *err)
{
	int ret = execgate_identities_load(EXECGATE_IDENTITIES_SHIPPED,
					   EXECGATE_IDENTITIES_OWN,
					   &search->identities, err);

	/* Without a database nothing is installed by packages. */
	if (!ret && !access(EXECGATE_DPKG_ADMINDIR "/status", F_OK))
		ret = execgate_dpkg_list(EXECGATE_DPKG_ADMINDIR, NULL,
					 look_at_installed, search, err);
	if (!ret)
		execgate_processes_walk(look_at_running, search);
	return ret;
}

static void free_search(struct search *search)
{
	size_t i;

	for (i = 0; i < search->count; i++) {
		free(search->list[i].path);
		free(search->list[i].mend);
	}
	free(search->list);
	execgate_identities_free(&search->identities);
}

/* The command, or the steps, that give it what it lacks; allocated. */
static char *find_remedy(const struct finding *finding)
{
	struct execgate_package_query query = { .path = finding->path };
	char quoted[EXECGATE_ADVICE_COMMAND], *text = NULL;
	char classes[EXECGATE_CLASSES_TEXT];

	execgate_classify_text(finding->lacks, classes);
	execgate_packages_find(EXECGATE_DPKG_ADMINDIR, &query, 1);
	execgate_advice_quote(finding->path, quoted, sizeof(quoted));
	if (finding->identity) {
		text = strdup(execgate_advice_packages());
	} else if (query.package[0]) {
		if (asprintf(&text,
			     "a section for %s in " EXECGATE_IDENTITIES_OWN
			     " (execgate-identities(5)), then %s",
			     quoted, execgate_advice_packages()) < 0)
			text = NULL;
	} else if (asprintf(&text, "%s --class program,%s %s",
			    execgate_advice_sign(), classes, quoted) < 0) {
		text = NULL;
	}
	if (!text)
		abort();
	return text;
}

/* In the words of somebody who asks what will break. */
static const char *loss_text(uint16_t lacks)
{
	if (lacks == EXECGATE_CLASS_MAY_JIT)
		return "executable memory without a file";
	if (lacks == EXECGATE_CLASS_DEBUGGER)
		return "access to other processes";
	return "executable memory without a file, and access to other "
	       "processes";
}

/* The same is told once, behind the last of those that it mends. */
static bool is_told(const struct search *search, size_t index)
{
	size_t i;

	for (i = index + 1; i < search->count; i++)
		if (!strcmp(search->list[i].mend, search->list[index].mend))
			return false;
	return true;
}

static void warn_of_program(const struct finding *finding, const char *path,
			    const char *classes, const char *mend)
{
	char pid[48] = "";

	if (finding->pid)
		snprintf(pid, sizeof(pid), " (it runs as process %d)",
			 (int)finding->pid);
	output_warning("%s is refused %s%s, as it is not signed as %s%s%s",
		       path, loss_text(finding->lacks), pid, classes,
		       mend ? ": " : "", mend ? mend : "");
}

static void print_program(const struct finding *finding, const char *path,
			  const char *classes, const char *mend)
{
	printf("%s: %s (class %s)\n", path, loss_text(finding->lacks), classes);
	if (finding->identity && finding->identity->why)
		printf("  because:    %s\n", finding->identity->why);
	if (finding->pid)
		printf("  in use by:  process %d, to be started again "
		       "afterwards\n",
		       (int)finding->pid);
	if (mend)
		printf("  mended by:  %s\n", mend);
}

static void tell_program(const struct search *search, size_t index, bool warn)
{
	const struct finding *finding = &search->list[index];
	char classes[EXECGATE_CLASSES_TEXT];
	char *path = output_escape(finding->path, strlen(finding->path));

	execgate_classify_text(finding->lacks, classes);
	(warn ? warn_of_program :
		print_program)(finding, path, classes,
			       is_told(search, index) ? finding->mend : NULL);
	free(path);
}

static void tell_json(const struct search *search)
{
	char classes[EXECGATE_CLASSES_TEXT];
	json_t *array = json_array(), *object;
	size_t i;

	for (i = 0; i < search->count; i++) {
		const struct finding *finding = &search->list[i];
		const struct execgate_identity *identity = finding->identity;

		execgate_classify_text(finding->lacks, classes);
		object = json_pack("{s:s, s:s?, s:I, s:s}", "lacks", classes,
				   "identity", identity ? identity->name : NULL,
				   "pid", (json_int_t)finding->pid, "remedy",
				   finding->mend);
		output_json_set_bytes(object, "path", finding->path,
				      strlen(finding->path));
		json_array_append_new(array, object);
	}
	output_json(json_pack("{s:o}", "programs", array));
}

static int run_preflight(struct search *search, struct execgate_error *err)
{
	int ret = execgate_netlink_open(&search->nl, err);

	if (ret)
		return ret;
	ret = search_all(search, err);
	execgate_netlink_close(search->nl);
	if (!ret && search->no_memory)
		ret = execgate_error_errno(err, -ENOMEM,
					   "cannot look at all programs");
	for (size_t i = 0; i < search->count; i++)
		search->list[i].mend = find_remedy(&search->list[i]);
	return ret;
}

int profile_preflight(enum execgate_profile profile)
{
	struct search search = { 0 };
	struct execgate_error err;
	size_t i;
	int code = EXECGATE_EXIT_OK;

	if (profile == EXECGATE_PROFILE_STRICT) {
		if (run_preflight(&search, &err)) {
			free_search(&search);
			return output_error(&err);
		}
		if (search.count)
			code = EXECGATE_EXIT_WOULD_BREAK;
	}
	if (output_is_json())
		tell_json(&search);
	else if (!search.count)
		printf("no program is known to lose what it needs\n");
	else
		printf("profile strict refuses %zu program%s what %s:\n",
		       search.count, search.count == 1 ? "" : "s",
		       search.count == 1 ? "it needs" : "they need");
	for (i = 0; i < search.count && !output_is_json(); i++)
		tell_program(&search, i, false);
	free_search(&search);
	return code;
}

void profile_preflight_warn(enum execgate_profile profile)
{
	struct search search = { 0 };
	struct execgate_error err;
	size_t i;

	if (profile != EXECGATE_PROFILE_STRICT)
		return;
	/* Without the module the change itself says so. */
	if (!run_preflight(&search, &err))
		for (i = 0; i < search.count; i++)
			tell_program(&search, i, true);
	free_search(&search);
}
