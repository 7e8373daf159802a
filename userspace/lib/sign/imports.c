// SPDX-License-Identifier: GPL-2.0
#include "lib/sign/imports.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/array.h"
#include "lib/base/processes.h"
#include "lib/sign/classify.h"

#define PYTHON "/usr/bin/python3"
#define PERL "/usr/bin/perl"
#define ANSWER_MAX (16u << 20)
/* The descriptor that the programs below answer on: the script may print. */
#define ANSWER_FD 3

/*
 * An answer is a row of records that end with a zero byte, as a path may have any other:
 * "fPATH", "mNAME" and "iPATH" of the file that names it, and "e" behind the last.
 */

/*
 * Modulefinder compiles and runs nothing. Its folders are those that the script would have:
 * its own, those of its virtual environment, and python's. Its find_module() stumbles over
 * packages without a file and files that may not be read; both are missing, then.
 */
static const char python_program[] =
	"import glob, modulefinder, os, site, sys\n"
	"sys.setrecursionlimit(10000)\n"
	"script = sys.argv[1]\n"
	"class Finder(modulefinder.ModuleFinder):\n"
	"    def find_module(self, *arguments):\n"
	"        try:\n"
	"            return super().find_module(*arguments)\n"
	"        except Exception:\n"
	"            raise ImportError(arguments[0])\n"
	"def environment():\n"
	"    with open(script, 'rb') as file: line = file.readline(4096)\n"
	"    if not line.startswith(b'#!/'): return []\n"
	"    home = os.path.dirname(os.path.dirname(os.fsdecode(line[2:].split()[0])))\n"
	"    if not os.path.exists(os.path.join(home, 'pyvenv.cfg')): return []\n"
	"    return glob.glob(glob.escape(home) + '/lib/python3*/site-packages')\n"
	"path = [os.path.dirname(script)] + sys.path + environment()\n"
	"if os.getuid(): path.append(site.getusersitepackages())\n"
	"finder = Finder(path)\n"
	"finder.run_script(script)\n"
	"def say(kind, text):\n"
	"    os.write(3, kind + os.fsencode(text) + b'\\0')\n"
	"for name, module in sorted(finder.modules.items()):\n"
	"    file = module.__file__\n"
	"    if not file: continue\n"
	"    say(b'f', file)\n"
	"for name in sorted(finder.any_missing()):\n"
	"    for user in sorted(finder.badmodules.get(name, {})):\n"
	"        file = finder.modules[user].__file__ if user in finder.modules else None\n"
	"        if not file: continue\n"
	"        say(b'm', name)\n"
	"        say(b'i', file)\n"
	"say(b'e', '')\n";

/*
 * CHECK blocks run last to first, so this one, the first, sees all that was loaded. "use 5"
 * loads nothing and changes nothing of the script's.
 */
static const char perl_program[] =
	"-M5;CHECK{open(my $f,q(>&=),3) or die;"
	"print $f map {qq(f$_\\0)} grep {defined && !ref} values %INC, "
	"@DynaLoader::dl_shared_objects;"
	"print $f qq(e\\0)}";

int execgate_imports_add(struct execgate_imports *out, const char *path,
			 const char *from)
{
	struct execgate_import *item;

	for (size_t i = 0; i < out->count; i++)
		if (strcmp(out->files[i].path, path) == 0)
			return 0;
	if (out->count == EXECGATE_IMPORTS_MAX)
		return -E2BIG;
	item = execgate_array_add(out->files, out->count);
	if (!item)
		return -ENOMEM;
	item->path = strdup(path);
	item->from = strdup(from);
	out->count++;
	return item->path && item->from ? 0 : -ENOMEM;
}

int execgate_imports_miss(struct execgate_imports *out, const char *what,
			  size_t size, const char *from, const char *why)
{
	struct execgate_import_missing *item;

	if (out->missing_count == EXECGATE_IMPORTS_MAX)
		return -E2BIG;
	item = execgate_array_add(out->missing, out->missing_count);
	if (!item)
		return -ENOMEM;
	item->what = strndup(what, size);
	item->from = strdup(from);
	item->why = why;
	out->missing_count++;
	return item->what && item->from ? 0 : -ENOMEM;
}

void execgate_imports_free(struct execgate_imports *imports)
{
	for (size_t i = 0; i < imports->count; i++) {
		free(imports->files[i].path);
		free(imports->files[i].from);
	}
	for (size_t i = 0; i < imports->missing_count; i++) {
		free(imports->missing[i].what);
		free(imports->missing[i].from);
	}
	free(imports->files);
	free(imports->missing);
	memset(imports, 0, sizeof(*imports));
}

enum execgate_language execgate_imports_language_of(const char *interpreter)
{
	static const char shells[] = " sh ash bash dash zsh ksh mksh lksh posh "
				     "yash busybox ";
	char padded[80];

	if (!strcmp(interpreter, "python"))
		return EXECGATE_LANGUAGE_PYTHON;
	if (!strcmp(interpreter, "perl"))
		return EXECGATE_LANGUAGE_PERL;
	snprintf(padded, sizeof(padded), " %s ", interpreter);
	return strstr(shells, padded) ? EXECGATE_LANGUAGE_SHELL :
					EXECGATE_LANGUAGE_NONE;
}

enum execgate_language execgate_imports_language(const char *script)
{
	struct execgate_classification found = { .interpreter = "" };
	int fd = open(script, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	/* The signer tells what is wrong with it. */
	if (fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode))
		execgate_classify(fd, script, (uint64_t)st.st_size, &found,
				  NULL);
	if (fd >= 0)
		close(fd);
	return execgate_imports_language_of(
		found.interpreter[0] ? found.interpreter :
				       execgate_classify_interpreter(script));
}

/* The script's output goes nowhere; its complaints into @complaints. */
static int start_program(char *const *argv, int answer, int complaints,
			 pid_t *child)
{
	posix_spawn_file_actions_t files;
	int ret = posix_spawn_file_actions_init(&files);

	if (ret)
		return -ret;
	ret = posix_spawn_file_actions_adddup2(&files, complaints, STDERR_FILENO) ?:
		      posix_spawn_file_actions_adddup2(&files, answer, ANSWER_FD) ?:
		      posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0) ?:
		      posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) ?:
		      posix_spawn(child, argv[0], &files, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	return -ret;
}

static int run_program(char *const *argv, int answer, int complaints)
{
	pid_t child;
	int ret = start_program(argv, answer, complaints, &child) ?:
			  execgate_process_wait(child);

	return ret > 0 ? -ENOEXEC : ret;
}

/* All that was written, with a zero byte behind it; NULL: too much, or no memory. */
static char *read_back(int fd, size_t *size)
{
	struct stat st;
	char *text;
	ssize_t n;

	if (fstat(fd, &st) || st.st_size > ANSWER_MAX)
		return NULL;
	text = malloc((size_t)st.st_size + 1);
	n = text ? pread(fd, text, (size_t)st.st_size, 0) : -1;
	if (n < 0) {
		free(text);
		return NULL;
	}
	text[n] = '\0';
	*size = (size_t)n;
	return text;
}

static int add_file(struct execgate_imports *out, const char *path,
		    const char *script)
{
	const char *dot = strrchr(path, '.');
	char *real;
	int ret;

	if (dot && !strcmp(dot, ".pyc"))
		return execgate_imports_miss(out, path, strlen(path), script,
					     "byte code without a source");
	real = realpath(path, NULL);
	if (!real)
		return execgate_imports_miss(out, path, strlen(path), script,
					     "not found");
	ret = strcmp(real, script) ? execgate_imports_add(out, real, script) :
				     0;
	free(real);
	return ret;
}

/* -ENODATA: it ends before its end. */
static int take_answer(const char *answer, size_t size, const char *script,
		       struct execgate_imports *out)
{
	const char *end = answer + size, *missing = NULL;
	int ret = 0;

	for (; !ret && answer < end; answer += strlen(answer) + 1) {
		if (*answer == 'e')
			return 0;
		if (*answer == 'f')
			ret = add_file(out, answer + 1, script);
		else if (*answer == 'm')
			missing = answer + 1;
		else if (*answer == 'i' && missing)
			ret = execgate_imports_miss(out, missing,
						    strlen(missing), answer + 1,
						    "not found");
	}
	return ret ? ret : -ENODATA;
}

static int ask_failed(const char *program, const char *script, char *complaint,
		      struct execgate_error *err)
{
	char *line = complaint, *next;

	/* Python ends with what is wrong, perl begins with it. */
	while (!strcmp(program, PYTHON) && line &&
	       (next = strchr(line, '\n')) && next[1])
		line = next + 1;
	if (line)
		line[strcspn(line, "\n")] = '\0';
	return execgate_error_set(err, -ENOEXEC, EXECGATE_EXIT_ERROR,
				  "%s cannot tell the imports of %s: %s",
				  program, script,
				  line && *line ? line : "it ended early");
}

static int ask_program(char *const *argv, const char *script,
		       struct execgate_imports *out, struct execgate_error *err)
{
	int answer = memfd_create("execgate-imports", MFD_CLOEXEC);
	int complaints = memfd_create("execgate-complaints", MFD_CLOEXEC);
	int ret = answer < 0 || complaints < 0 ?
			  -ENOMEM :
			  run_program(argv, answer, complaints);
	char *text = NULL;
	size_t size = 0;

	if (!ret) {
		text = read_back(answer, &size);
		ret = text ? take_answer(text, size, script, out) : -ENOMEM;
		free(text);
	}
	if (ret == -ENOEXEC || ret == -ENODATA) {
		text = read_back(complaints, &size);
		ask_failed(argv[0], script, text, err);
		free(text);
	} else if (ret) {
		execgate_error_errno(err, ret, "cannot ask %s for imports",
				     argv[0]);
	}
	if (answer >= 0)
		close(answer);
	if (complaints >= 0)
		close(complaints);
	return ret;
}

/* Perl insists on hearing of taint mode from the command line too. */
static bool is_tainted(const char *script)
{
	char line[256] = "", *word, *save;
	FILE *file = fopen(script, "re");

	if (!file)
		return false;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	for (word = strtok_r(line, " \t\r\n", &save); word;
	     word = strtok_r(NULL, " \t\r\n", &save))
		if (word[0] == '-' && strchr(word, 'T'))
			return true;
	return false;
}

int execgate_imports_find(const char *script, enum execgate_language language,
			  struct execgate_imports *out,
			  struct execgate_error *err)
{
	char *real = realpath(script, NULL);
	char *const python[] = { PYTHON,
				 "-I",
				 "-B",
				 "-W",
				 "ignore",
				 "-c",
				 (char *)python_program,
				 real,
				 NULL };
	char *const perl[] = { PERL,
			       is_tainted(script) ? "-cT" : "-c",
			       (char *)perl_program,
			       "--",
			       (char *)script,
			       NULL };
	int ret = 0;

	if (!real)
		return execgate_error_errno(err, -errno, "cannot open %s",
					    script);
	switch (language) {
	case EXECGATE_LANGUAGE_NONE:
		break;
	case EXECGATE_LANGUAGE_PYTHON:
		ret = ask_program(python, real, out, err);
		break;
	case EXECGATE_LANGUAGE_PERL:
		ret = ask_program(perl, real, out, err);
		break;
	case EXECGATE_LANGUAGE_SHELL:
		ret = execgate_imports_shell(real, out, err);
		break;
	}
	free(real);
	return ret;
}
