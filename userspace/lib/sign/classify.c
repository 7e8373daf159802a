// SPDX-License-Identifier: GPL-2.0
#include "lib/sign/classify.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/io.h"

#define KERNEL_MAGIC "~Module signature appended~\n"
#define SCRIPT_LINE 256
/* Vim's scripts say within that which of its two languages they are in. */
#define VIM_START (64u << 10)
/* A dynamic section larger than this is not a real one. */
#define DYNAMIC_MAX (1u << 20)

static const char *const comments[] = { "# ", "// ", "-- ", "; ", "% ", "\" " };

/* Languages whose comments do not start with "#"; and those whose do. */
static const struct {
	const char *comment;
	const char *interpreters;
} languages[] = {
	{ "# ", " sh ash bash dash zsh ksh mksh lksh rbash posh yash fish csh"
		" tcsh busybox python pypy perl raku ruby jruby make gmake awk"
		" gawk mawk nawk original-awk sed tclsh wish expect Rscript r"
		" julia php nft gnuplot jq elixir crystal stap octave cmake"
		" pwsh openrc-run " },
	{ "// ",
	  " node nodejs deno bun gjs gjs-console qjs go scala groovy kotlin swift"
	  " dotnet bpftrace rdmd java " },
	{ "-- ", " lua luajit texlua runghc runhaskell psql " },
	{ "; ", " guile sbcl clisp ecl racket emacs scheme clojure " },
	{ "% ", " escript swipl gs " },
	{ "\" ", " vim nvim " },
};

/* The interpreter of a script that has no #! line, by the ending of its name. */
static const struct {
	const char *ending;
	const char *interpreter;
} endings[] = {
	{ ".sh", "sh" },      { ".bash", "bash" }, { ".zsh", "zsh" },
	{ ".py", "python" },  { ".pl", "perl" },   { ".pm", "perl" },
	{ ".rb", "ruby" },    { ".js", "node" },   { ".mjs", "node" },
	{ ".cjs", "node" },   { ".php", "php" },   { ".inc", "php" },
	{ ".lua", "lua" },    { ".tcl", "tclsh" }, { ".tm", "tclsh" },
	{ ".exp", "expect" }, { ".awk", "awk" },   { ".sed", "sed" },
	{ ".mk", "make" },    { ".vim", "vim" },   { ".scm", "guile" },
	{ ".el", "emacs" },   { ".hs", "runghc" }, { ".erl", "escript" },
};

static int unsupported(struct execgate_error *err, const char *name,
		       const char *what)
{
	return execgate_error_set(
		err, -ENOEXEC, EXECGATE_EXIT_ERROR,
		"%s is %s, so what it is signed for cannot be guessed; say it "
		"with --class (for example --class data)",
		name, what);
}

/* DT_SONAME and DF_1_PIE of the dynamic section at @offset. */
static void read_dynamic(Elf *elf, const GElf_Phdr *phdr, bool *soname,
			 bool *pie)
{
	Elf_Data *data;
	GElf_Dyn dyn;
	int i;

	if (phdr->p_filesz > DYNAMIC_MAX)
		return;
	data = elf_getdata_rawchunk(elf, (int64_t)phdr->p_offset,
				    phdr->p_filesz, ELF_T_DYN);
	for (i = 0; data && gelf_getdyn(data, i, &dyn); i++) {
		if (dyn.d_tag == DT_NULL)
			break;
		if (dyn.d_tag == DT_SONAME)
			*soname = true;
		if (dyn.d_tag == DT_FLAGS_1 && (dyn.d_un.d_val & DF_1_PIE))
			*pie = true;
	}
}

static uint16_t classes_of_image(Elf *elf, const GElf_Ehdr *ehdr)
{
	bool interp = false, soname = false, pie = false;
	uint16_t classes = 0;
	size_t count, i;
	GElf_Phdr phdr;

	if (elf_getphdrnum(elf, &count))
		count = 0;
	for (i = 0; i < count && gelf_getphdr(elf, (int)i, &phdr); i++) {
		if (phdr.p_type == PT_INTERP)
			interp = true;
		else if (phdr.p_type == PT_DYNAMIC)
			read_dynamic(elf, &phdr, &soname, &pie);
	}
	if (ehdr->e_type == ET_EXEC || interp) {
		classes = EXECGATE_CLASS_PROGRAM;
		if (soname)
			classes |= EXECGATE_CLASS_LIBRARY;
		return classes;
	}
	classes = EXECGATE_CLASS_LIBRARY;
	/* The loader itself and static PIE programs are started directly. */
	if (pie || ehdr->e_entry)
		classes |= EXECGATE_CLASS_PROGRAM;
	return classes;
}

static bool is_module(Elf *elf)
{
	Elf_Scn *section = NULL;
	const char *name;
	GElf_Shdr shdr;
	size_t names;

	if (elf_getshdrstrndx(elf, &names))
		return false;
	while ((section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &shdr))
			return false;
		name = elf_strptr(elf, names, shdr.sh_name);
		if (name && strcmp(name, ".gnu.linkonce.this_module") == 0)
			return true;
	}
	return false;
}

static int classify_object(Elf *elf, const char *name,
			   struct execgate_classification *out,
			   struct execgate_error *err)
{
	GElf_Ehdr ehdr;

	if (!elf || elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &ehdr))
		return unsupported(err, name, "a damaged ELF file");
	if (ehdr.e_type == ET_EXEC || ehdr.e_type == ET_DYN)
		out->classes = classes_of_image(elf, &ehdr);
	else if (ehdr.e_type == ET_REL && is_module(elf))
		out->classes = EXECGATE_CLASS_MODULE;
	else
		return unsupported(err, name,
				   ehdr.e_type == ET_CORE ?
					   "a core dump" :
					   "an object file that does not run");
	out->carrier = EXECGATE_CARRIER_TRAILER;
	return 0;
}

static pthread_once_t elf_once = PTHREAD_ONCE_INIT;

static void start_libelf(void)
{
	elf_version(EV_CURRENT);
}

static int classify_elf(int fd, const char *name, uint64_t size,
			struct execgate_classification *out,
			struct execgate_error *err)
{
	char tail[sizeof(KERNEL_MAGIC) - 1];
	Elf *elf;
	int ret;

	pthread_once(&elf_once, start_libelf);
	/* Not mapped: a file that shrinks meanwhile must not be a SIGBUS. */
	elf = elf_begin(fd, ELF_C_READ, NULL);
	ret = classify_object(elf, name, out, err);
	elf_end(elf);
	if (ret || size < sizeof(tail))
		return ret;
	if (!execgate_io_pread(fd, tail, sizeof(tail), size - sizeof(tail)))
		out->kernel_signed = !memcmp(tail, KERNEL_MAGIC, sizeof(tail));
	return 0;
}

/* "/usr/bin/python3.11" and "perl5.36-x86_64-linux-gnu" to the bare name. */
static void base_name(const char *word, char *out, size_t size)
{
	const char *slash = strrchr(word, '/');
	size_t length;

	snprintf(out, size, "%s", slash ? slash + 1 : word);
	length = strcspn(out, "0123456789");
	while (length > 1 && strchr(".-", out[length - 1]))
		length--;
	if (length)
		out[length] = '\0';
}

static void find_interpreter(char *line, char *out, size_t size)
{
	char *save, *word = strtok_r(line, " \t\r", &save);

	out[0] = '\0';
	if (!word)
		return;
	base_name(word, out, size);
	if (strcmp(out, "env") != 0)
		return;
	/* env takes options and assignments before the program. */
	while ((word = strtok_r(NULL, " \t\r", &save)))
		if (word[0] != '-' && !strchr(word, '='))
			break;
	if (word)
		base_name(word, out, size);
}

static void choose_comment(struct execgate_classification *out)
{
	char padded[sizeof(out->interpreter) + 2];
	size_t i;

	strcpy(out->comment, "# ");
	snprintf(padded, sizeof(padded), " %s ", out->interpreter);
	for (i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
		if (strstr(languages[i].interpreters, padded)) {
			strcpy(out->comment, languages[i].comment);
			out->interpreter_known = true;
			return;
		}
}

/* Text appended to a self-extracting archive or a zipapp can break it. */
static int check_is_text(int fd, const char *name, uint64_t size,
			 struct execgate_error *err)
{
	char chunk[16 * 1024];
	uint64_t at;
	size_t n;
	int ret;

	for (at = 0; at < size; at += n) {
		n = size - at < sizeof(chunk) ? size - at : sizeof(chunk);
		ret = execgate_io_pread(fd, chunk, n, at);
		if (ret)
			return execgate_error_errno(err, ret, "cannot read %s",
						    name);
		if (memchr(chunk, '\0', n))
			return execgate_error_set(
				err, -EINVAL, EXECGATE_EXIT_ERROR,
				"%s is a script with binary data in it, which "
				"a signature at its end could damage; choose "
				"--armor or --trailer and test the result",
				name);
	}
	return 0;
}

/*
 * A comment of Vim's new language begins as those of shells do; the old one's is the
 * beginning of a string there.
 */
static bool is_vim9(int fd, uint64_t size)
{
	static const char word[] = "\nvim9s";
	size_t n = size < VIM_START ? (size_t)size : VIM_START;
	char *text = malloc(n + 1);
	bool is = false;

	if (text && !execgate_io_pread(fd, text + 1, n, 0)) {
		text[0] = '\n';
		is = memmem(text, n + 1, word, sizeof(word) - 1);
	}
	free(text);
	return is;
}

static void choose_vim_comment(int fd, uint64_t size,
			       struct execgate_classification *out)
{
	if (!strcmp(out->comment, "\" ") && is_vim9(fd, size))
		strcpy(out->comment, "# ");
}

static int classify_script(int fd, const char *name, uint64_t size, char *line,
			   struct execgate_classification *out,
			   struct execgate_error *err)
{
	line[strcspn(line, "\n")] = '\0';
	find_interpreter(line + 2, out->interpreter, sizeof(out->interpreter));
	choose_comment(out);
	choose_vim_comment(fd, size, out);
	out->classes = EXECGATE_CLASS_SCRIPT;
	out->carrier = EXECGATE_CARRIER_ARMOR;
	return check_is_text(fd, name, size, err);
}

int execgate_classify(int fd, const char *name, uint64_t size,
		      struct execgate_classification *out,
		      struct execgate_error *err)
{
	char start[SCRIPT_LINE + 1] = "";
	int ret;

	memset(out, 0, sizeof(*out));
	strcpy(out->comment, "# ");
	out->carrier = EXECGATE_CARRIER_TRAILER;
	ret = execgate_io_pread(fd, start,
				size < SCRIPT_LINE ? size : SCRIPT_LINE, 0);
	if (ret)
		return execgate_error_errno(err, ret, "cannot read %s", name);
	if (size >= SELFMAG && memcmp(start, ELFMAG, SELFMAG) == 0)
		return classify_elf(fd, name, size, out, err);
	if (size >= 2 && memcmp(start, "#!", 2) == 0)
		return classify_script(fd, name, size, start, out, err);
	return unsupported(err, name, "neither an ELF file nor a #! script");
}

const char *execgate_classify_interpreter(const char *name)
{
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot && i < sizeof(endings) / sizeof(endings[0]); i++)
		if (!strcmp(dot, endings[i].ending))
			return endings[i].interpreter;
	return "";
}

int execgate_classify_as_script(int fd, const char *name, uint64_t size,
				struct execgate_classification *out,
				struct execgate_error *err)
{
	const char *interpreter = execgate_classify_interpreter(name);
	int ret = check_is_text(fd, name, size, err);

	/* Byte code and archives take a trailer. */
	if (ret == -EINVAL && !*interpreter)
		return 0;
	if (ret)
		return ret;
	snprintf(out->interpreter, sizeof(out->interpreter), "%s", interpreter);
	choose_comment(out);
	choose_vim_comment(fd, size, out);
	out->carrier = EXECGATE_CARRIER_ARMOR;
	return 0;
}

bool execgate_classify_comment(const char *text, char out[4])
{
	size_t i, length = strcspn(text, " ");

	/* With or without the space that belongs to it. */
	if (!length || strcspn(text, "") > length + 1)
		return false;
	for (i = 0; i < sizeof(comments) / sizeof(comments[0]); i++)
		if (strlen(comments[i]) == length + 1 &&
		    memcmp(comments[i], text, length) == 0) {
			strcpy(out, comments[i]);
			return true;
		}
	return false;
}

static const struct {
	uint16_t bit;
	const char *name;
} class_names[] = {
#define X(id, bit, name, text) { EXECGATE_CLASS_##id, name },
	EXECGATE_CLASSES(X)
#undef X
};

#define CLASS_COUNT (sizeof(class_names) / sizeof(class_names[0]))

static uint16_t class_of(const char *word, size_t length)
{
	size_t i;

	for (i = 0; i < CLASS_COUNT; i++)
		if (strlen(class_names[i].name) == length &&
		    memcmp(class_names[i].name, word, length) == 0)
			return class_names[i].bit;
	return 0;
}

int execgate_classify_parse(const char *text, uint16_t *classes,
			    struct execgate_error *err)
{
	char known[EXECGATE_CLASSES_TEXT];
	size_t length;
	uint16_t bit;

	*classes = 0;
	for (;; text += length + 1) {
		length = strcspn(text, ",");
		bit = class_of(text, length);
		if (!bit)
			return execgate_error_set(
				err, -EINVAL, EXECGATE_EXIT_USAGE,
				"unknown class \"%.*s\"; the classes are "
				"%s",
				(int)length, text,
				execgate_classify_text(0xffff, known));
		*classes |= bit;
		if (!text[length])
			return 0;
	}
}

char *execgate_classify_text(uint16_t classes, char *out)
{
	size_t i, used = 0;

	out[0] = '\0';
	for (i = 0; i < CLASS_COUNT; i++)
		if (classes & class_names[i].bit)
			used += snprintf(out + used,
					 EXECGATE_CLASSES_TEXT - used, "%s%s",
					 used ? "," : "", class_names[i].name);
	return out;
}
