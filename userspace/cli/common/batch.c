// SPDX-License-Identifier: GPL-2.0
#include "cli/common/batch.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/common/output.h"
#include "lib/base/array.h"

#define JOBS_MAX 256
#define LIST_MAX (256u << 20)

volatile sig_atomic_t batch_cancelled;

static void on_signal(int number)
{
	batch_cancelled = number;
}

void batch_catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	/* A second signal ends the program the usual way. */
	action.sa_flags = (int)SA_RESETHAND;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	/* Over the file size limit: an error to report, not a death. */
	signal(SIGXFSZ, SIG_IGN);
}

int batch_add(struct batch *batch, const char *name, struct execgate_error *err)
{
	char **place = execgate_array_add(batch->names, batch->count);

	if (place)
		*place = strdup(name);
	if (place && *place) {
		batch->count++;
		return 0;
	}
	return execgate_error_errno(err, -ENOMEM, "cannot take %s", name);
}

static int read_all(FILE *file, char **out, size_t *size)
{
	size_t room = 64 * 1024, n;
	char *text = malloc(room), *more;

	*size = 0;
	while (text && (n = fread(text + *size, 1, room - *size, file))) {
		*size += n;
		if (*size < room)
			continue;
		room *= 2;
		more = room > LIST_MAX ? NULL : realloc(text, room);
		if (!more)
			free(text);
		text = more;
	}
	*out = text;
	if (!text)
		return -ENOMEM;
	return ferror(file) ? -EIO : 0;
}

static int add_names(struct batch *batch, char *text, size_t size,
		     struct execgate_error *err)
{
	char separator = memchr(text, '\0', size) ? '\0' : '\n';
	char *name = text, *end = text + size, *stop;
	int ret = 0;

	while (!ret && name < end) {
		stop = memchr(name, separator, end - name);
		if (!stop)
			stop = end;
		/* read_all() leaves room behind the last name. */
		*stop = '\0';
		if (*name)
			ret = batch_add(batch, name, err);
		name = stop + 1;
	}
	return ret;
}

int batch_add_list(struct batch *batch, const char *list,
		   struct execgate_error *err)
{
	bool standard = strcmp(list, "-") == 0;
	FILE *file = standard ? stdin : fopen(list, "re");
	char *text = NULL;
	size_t size;
	int ret;

	if (!file)
		return execgate_error_errno(err, -errno,
					    "cannot open the list %s", list);
	ret = read_all(file, &text, &size);
	if (!standard)
		fclose(file);
	if (ret)
		ret = execgate_error_errno(err, ret, "cannot read the list %s",
					   list);
	else
		ret = add_names(batch, text, size, err);
	free(text);
	return ret;
}

/* A name with the path it leads to; NULL when it leads nowhere. */
struct place {
	char *path;
	size_t index;
	bool is_symlink;
};

static int compare_places(const void *left, const void *right)
{
	const struct place *a = left, *b = right;
	int order = strcmp(a->path ? a->path : "", b->path ? b->path : "");

	if (order)
		return order;
	if (a->is_symlink != b->is_symlink)
		return a->is_symlink ? 1 : -1;
	return (a->index > b->index) - (a->index < b->index);
}

int batch_unique(struct batch *batch, struct execgate_error *err)
{
	struct place *places = calloc(batch->count + 1, sizeof(*places));
	struct stat st;
	size_t i, to = 0;

	if (!places)
		return execgate_error_errno(err, -ENOMEM,
					    "cannot take %zu files",
					    batch->count);
	for (i = 0; i < batch->count; i++) {
		places[i].path = realpath(batch->names[i], NULL);
		places[i].index = i;
		places[i].is_symlink = lstat(batch->names[i], &st) == 0 &&
				       S_ISLNK(st.st_mode);
	}
	qsort(places, batch->count, sizeof(*places), compare_places);
	/* A name that leads nowhere stays, to be complained about. */
	for (i = 1; i < batch->count; i++)
		if (places[i].path && places[i - 1].path &&
		    strcmp(places[i].path, places[i - 1].path) == 0) {
			free(batch->names[places[i].index]);
			batch->names[places[i].index] = NULL;
		}
	for (i = 0; i < batch->count; i++) {
		free(places[i].path);
		if (batch->names[i])
			batch->names[to++] = batch->names[i];
	}
	batch->count = to;
	free(places);
	return 0;
}

void batch_free(struct batch *batch)
{
	size_t i;

	for (i = 0; i < batch->count; i++)
		free(batch->names[i]);
	free(batch->names);
	memset(batch, 0, sizeof(*batch));
}

int batch_parse_jobs(const char *text, unsigned int *jobs,
		     struct execgate_error *err)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || *end || text[0] < '0' || text[0] > '9' || value > JOBS_MAX)
		return execgate_error_set(err, -EINVAL, EXECGATE_EXIT_USAGE,
					  "--jobs takes a number from 0 to %d, "
					  "not \"%s\"",
					  JOBS_MAX, text);
	*jobs = (unsigned int)value;
	return 0;
}

/**
 * struct run - what the threads share
 * @next: index to hand out next
 * @done: calls that have returned
 * @shown: when the progress line was written last; under @lock
 */
struct run {
	size_t count;
	const char *verb;
	void (*work)(size_t index, void *arg);
	void *arg;
	atomic_size_t next;
	atomic_size_t done;
	bool progress;
	pthread_mutex_t lock;
	struct timespec shown;
};

static void show_progress(struct run *run)
{
	struct timespec now;
	long elapsed;

	if (!run->progress || pthread_mutex_trylock(&run->lock))
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	elapsed = (now.tv_sec - run->shown.tv_sec) * 10 +
		  (now.tv_nsec - run->shown.tv_nsec) / 100000000;
	if (elapsed > 0) {
		run->shown = now;
		fprintf(stderr, "\r%s: %zu of %zu", run->verb,
			atomic_load(&run->done), run->count);
	}
	pthread_mutex_unlock(&run->lock);
}

static void *run_thread(void *arg)
{
	struct run *run = arg;
	size_t index;

	while (!batch_cancelled) {
		index = atomic_fetch_add(&run->next, 1);
		if (index >= run->count)
			break;
		run->work(index, run->arg);
		atomic_fetch_add(&run->done, 1);
		show_progress(run);
	}
	return NULL;
}

static unsigned int count_processors(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		return (unsigned int)CPU_COUNT(&set);
	return 1;
}

size_t batch_run(size_t count, unsigned int jobs, const char *verb,
		 void (*work)(size_t index, void *arg), void *arg)
{
	struct run run = {
		.count = count,
		.verb = verb,
		.work = work,
		.arg = arg,
		.progress = count > 1 && isatty(STDERR_FILENO),
		.lock = PTHREAD_MUTEX_INITIALIZER,
	};
	pthread_t threads[JOBS_MAX];
	unsigned int started = 0;

	jobs = jobs ? jobs : count_processors();
	if (jobs > JOBS_MAX)
		jobs = JOBS_MAX;
	if (jobs > count)
		jobs = (unsigned int)count;
	/* This thread works too, so that one job needs no other. */
	while (started + 1 < jobs &&
	       pthread_create(&threads[started], NULL, run_thread, &run) == 0)
		started++;
	run_thread(&run);
	while (started)
		pthread_join(threads[--started], NULL);
	if (run.progress)
		output_end_progress();
	return atomic_load(&run.done);
}
