// SPDX-License-Identifier: GPL-2.0
/*
 * Scripts are code although they are only read. Which files an interpreter reads as
 * code its signed identity says (format/rules.h): by their names, by their first
 * line, and by its command line, whose grammar is in the rules too.
 *
 * A command line is read when the interpreter was admitted, from the memory of the
 * program to be, which nobody else can reach by then. The files that it names are
 * judged when the process opens them, not before: a name could lead elsewhere in
 * between. Descriptors that it names are judged at once, as is the standard input: some
 * interpreters read them without opening anything.
 *
 * An interpreter is honest until code runs that nobody judged. So its own words are
 * believed: the name that it opens a file with is read from its memory.
 */
#include "hooks/script.h"

#include <linux/file.h>
#include <linux/major.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "compat/compat.h"
#include "core/counter.h"
#include "core/event.h"
#include "core/filesystem.h"
#include "core/policy.h"
#include "core/reader.h"
#include "core/use.h"
#include "format/descriptor.h"
#include "gate.h"
#include "hooks/constrained.h"
#include "hooks/hook.h"
#include "hooks/reading.h"
#include "rules/mark.h"

#define OWN_WORDS_MAX (8 << 20) /* more than the kernel lets a program have */

/* By strength: report, deny. */
struct strengths {
	bool code[2];
	bool input[2];
};

/* @strict: by number of the file that was found: a rule that denies names it */
struct scan {
	struct eg_bytes words;
	unsigned int args;
	struct eg_command *command;
	struct strengths strengths;
	bool strict[EG_CMDLINE_FILES];
	bool any_strict;
};

static void scan_grammar(struct eg_bytes grammar, bool strict, void *arg)
{
	struct scan *scan = arg;
	struct eg_cmdline *found = &scan->command->found;
	u8 i = found->count;

	found->code = false;
	found->input = false;
	eg_cmdline_read(grammar, scan->words, scan->args, found);
	for (; i < found->count; i++)
		scan->strict[i] = strict;
	scan->any_strict |= strict;
	scan->strengths.code[strict] |= found->code;
	scan->strengths.input[strict] |= found->input;
}

/* A command line that is not known could be anything. */
static void believe_nothing(struct eg_bytes grammar, bool strict, void *arg)
{
	struct scan *scan = arg;

	scan->any_strict |= strict;
	scan->strengths.code[strict] = true;
	scan->strengths.input[strict] = true;
}

/*
 * Arguments and environment, one behind the other, each with a 0 at its end: as large as
 * the kernel lets them be, of which a copy is charged already.
 */
static int read_words(const struct linux_binprm *bprm, struct scan *scan)
{
	size_t size = bprm->exec - bprm->p;
	u8 *words = kvmalloc(size + 1, GFP_KERNEL_ACCOUNT);
	int err;

	scan->command->words = words;
	if (!words)
		return -ENOMEM;
	err = eg_asker_copy_words(bprm, words, size);
	if (err)
		return err;
	scan->words = (struct eg_bytes){ words, size };
	scan->args = bprm->argc;
	return 0;
}

/* As @req, of another gate; what the gate filled in was so when it was admitted. */
static struct eg_request as_gate(const struct eg_request *req,
				 enum execgate_gate gate, bool reports)
{
	struct eg_request told = *req;

	told.gate = gate;
	told.reports = reports;
	told.hardened = NULL;
	told.origin = NULL;
	told.reported = false;
	return told;
}

static int judge_inline(const struct eg_request *req, enum execgate_gate gate,
			bool reports)
{
	struct eg_request told = as_gate(req, gate, reports);

	if (eg_hook_gate(&told, EG_CONSTRAINED_INLINE))
		return eg_gate_refuse(&told, EXECGATE_REASON_INLINE_SCRIPT,
				      -EPERM);
	eg_counter_inc(inline_code);
	return 0;
}

static int judge_file(struct file *file, bool reports, bool quiet)
{
	struct eg_request req = {
		.hook = EXECGATE_HOOK_READ_OPEN,
		.gate = EXECGATE_GATE_SCRIPT,
		.file = file,
		.inode = eg_filesystem_real_inode(file),
		.classes = EG_USE_READ,
		.reports = reports,
		.quiet = quiet,
	};

	return eg_hook_gate(&req, EG_CONSTRAINED_FILES) ?
		       eg_reading_begin(&req) :
		       0;
}

static bool is_terminal(const struct inode *inode)
{
	unsigned int major = MAJOR(inode->i_rdev);

	return major == TTY_MAJOR || major == TTYAUX_MAJOR ||
	       (major >= UNIX98_PTY_MASTER_MAJOR &&
		major < UNIX98_PTY_SLAVE_MAJOR + UNIX98_PTY_MAJOR_COUNT);
}

/* /dev/null gives nothing to run. */
static bool is_empty_device(const struct inode *inode)
{
	return inode->i_rdev == MKDEV(MEM_MAJOR, 3);
}

static int judge_source(struct file *file, const struct eg_request *req,
			bool reports)
{
	const struct inode *inode = file_inode(file);

	if (S_ISREG(inode->i_mode))
		return judge_file(file, reports, false);
	if (S_ISCHR(inode->i_mode) && is_empty_device(inode))
		return 0;
	if (S_ISCHR(inode->i_mode) && is_terminal(inode))
		return judge_inline(req, EXECGATE_GATE_TERMINAL, reports);
	return judge_inline(req, EXECGATE_GATE_INLINE, reports);
}

/* Closed, it gives nothing. */
static int judge_descriptor(unsigned int descriptor,
			    const struct eg_request *req, bool reports)
{
	struct file *file = fget(descriptor);
	int err;

	if (!file)
		return 0;
	err = judge_source(file, req, reports);
	fput(file);
	return err;
}

static int refuse_unread(const struct eg_request *req, int err)
{
	const struct eg_request told =
		as_gate(req, EXECGATE_GATE_SCRIPT, false);

	return eg_gate_refuse(&told,
			      err == -ENOMEM ? EXECGATE_REASON_NO_MEMORY :
					       EXECGATE_REASON_IO_ERROR,
			      -EPERM);
}

#define DESCRIPTORS_MAX 64 /* that are judged, however often they are named */

/*
 * Where more files are named than are kept, any descriptor that is named may be one, and is
 * judged; so are all files that are opened.
 */
static int judge_descriptors(const struct eg_request *req,
			     const struct scan *scan)
{
	const struct eg_cmdline *found = &scan->command->found;
	struct eg_bytes rest = scan->words;
	int descriptor, err = 0;
	unsigned int i;

	for (i = 0; i < found->count && !err; i++) {
		descriptor = eg_descriptor_named(found->files[i]);
		if (descriptor >= 0)
			err = judge_descriptor(descriptor, req,
					       !scan->strict[i]);
	}
	for (i = 0; found->lost && !err; i++) {
		descriptor = eg_descriptor_next(&rest);
		if (descriptor < 0)
			break;
		if (i == DESCRIPTORS_MAX)
			return refuse_unread(req, -E2BIG);
		err = judge_descriptor(descriptor, req, !scan->any_strict);
	}
	return err;
}

/* A rule that denies is asked first, so that one use is told of once. */
static int judge_command(const struct eg_request *req, const struct scan *scan)
{
	const struct strengths *strengths = &scan->strengths;
	int err = 0;

	if (strengths->code[true] || strengths->code[false])
		err = judge_inline(req, EXECGATE_GATE_INLINE,
				   !strengths->code[true]);
	if (!err && (strengths->input[true] || strengths->input[false]))
		err = judge_descriptor(0, req, !strengths->input[true]);
	return err ?: judge_descriptors(req, scan);
}

int eg_script_command(const struct linux_binprm *bprm,
		      const struct eg_request *req,
		      const struct eg_origin *origin, struct eg_command *out)
{
	struct scan scan = { .command = out };
	int err;

	memset(out, 0, sizeof(*out));
	if (!eg_origin_has(origin, EG_RULE_INLINE))
		return 0;
	err = read_words(bprm, &scan);
	if (err) {
		/* In audit it runs, and what it reads is judged as if all were code. */
		out->found.lost = true;
		return refuse_unread(req, err);
	}
	eg_origin_each_grammar(origin, scan_grammar, &scan);
	return judge_command(req, &scan);
}

/* A process that runs says them itself, from its own memory. */
static int read_own_words(struct scan *scan)
{
	const struct mm_struct *mm = current->mm;
	unsigned long from = READ_ONCE(mm->arg_start);
	unsigned long mid = READ_ONCE(mm->arg_end);
	unsigned long to = READ_ONCE(mm->env_end), at;
	u8 *words;

	if (from >= mid || mid != READ_ONCE(mm->env_start) || mid > to ||
	    to - from > OWN_WORDS_MAX)
		return -E2BIG;
	words = kvmalloc(to - from, GFP_KERNEL_ACCOUNT);
	scan->command->words = words;
	if (!words)
		return -ENOMEM;
	if (copy_from_user(words, (const void __user *)from, to - from))
		return -EFAULT;
	for (at = 0; at < mid - from; at++)
		scan->args += !words[at];
	scan->words = (struct eg_bytes){ words, to - from };
	return words[mid - from - 1] ? -EFAULT : 0;
}

#define BEFORE_NAME_MAX 32 /* options of a loader */

/*
 * Leaves the arguments from the file's name on. The loader has just opened it by that,
 * so it is in the kernel's cache of names.
 */
static bool find_own_name(struct scan *scan, const struct inode *inode)
{
	struct eg_bytes words = scan->words;
	unsigned int tries;

	for (tries = 0; tries < BEFORE_NAME_MAX && tries < scan->args;
	     tries++) {
		size_t size = strlen((const char *)words.data) + 1;

		if (eg_operands_lead_to(words.data, inode)) {
			scan->words = words;
			scan->args -= tries;
			return true;
		}
		words.data += size;
		words.size -= size;
	}
	return false;
}

static bool is_bound_already(const struct eg_origin *origin)
{
	struct eg_rule_set *rules = eg_mark_rules();
	bool bound = eg_rule_set_has(rules, origin);

	eg_rule_set_put(rules);
	return bound;
}

int eg_script_mapped(const struct eg_request *req,
		     const struct eg_origin *origin, struct eg_command *out)
{
	struct scan scan = { .command = out };

	memset(out, 0, sizeof(*out));
	if (!eg_origin_has(origin, EG_RULE_INLINE) || is_bound_already(origin))
		return 0;
	out->found.lost = req->atomic || read_own_words(&scan) ||
			  !find_own_name(&scan, file_inode(req->file));
	/* To judge may sleep. */
	if (req->atomic)
		return 0;
	eg_origin_each_grammar(origin,
			       out->found.lost ? believe_nothing : scan_grammar,
			       &scan);
	return judge_command(req, &scan);
}

void eg_script_command_end(struct eg_command *command)
{
	kvfree(command->words);
}

/*
 * Room for a name as long as file systems have them, and for a first line. It is on the
 * stack: an open is not deep in it, and none fails for want of memory.
 */
struct words {
	char name[NAME_MAX + 1];
	char line[BINPRM_BUF_SIZE];
};

/*
 * The end of the path that the system call was given. Another call than an open, or
 * memory that is gone, gives none: the file's own name is left then.
 */
static struct eg_bytes opened_name(struct words *words)
{
	const char __user *path = eg_compat_opened_path();
	struct eg_bytes name = { (const u8 *)words->name, 0 };
	long size = path ? strnlen_user(path, PATH_MAX) : 0;
	long kept;

	if (size <= 1 || size > PATH_MAX)
		return name;
	size--;
	kept = min_t(long, size, sizeof(words->name));
	if (copy_from_user(words->name, path + size - kept, kept))
		return name;
	name.size = kept;
	return eg_cmdline_base(name);
}

/* Only where bytes are read from that may be code at all: nothing else is asked. */
static struct eg_bytes first_line(const struct file *file, struct words *words)
{
	struct inode *inode = eg_filesystem_real_inode(file);
	struct eg_bytes line = { (const u8 *)words->line + 2, 0 };
	const struct eg_filesystem *type;
	struct eg_reader reader;
	size_t size;

	if (eg_filesystem_judge(file, inode, &type) != EXECGATE_REASON_ALLOWED)
		return line;
	eg_reader_of_inode(&reader, inode, type->on_disk);
	size = min_t(u64, reader.size, sizeof(words->line));
	if (size < 3 || eg_reader_copy(&reader, 0, words->line, size) ||
	    words->line[0] != '#' || words->line[1] != '!')
		return line;
	while (line.size < size - 2 && line.data[line.size] != '\n' &&
	       line.data[line.size])
		line.size++;
	return line;
}

/* In place of a file there may be a pipe, or a terminal: code that nobody can sign. */
static int judge_read(struct file *file, const struct eg_origin_read *read)
{
	const struct eg_request req = {
		.hook = EXECGATE_HOOK_READ_OPEN,
		.file = file,
	};

	if (read->by_deny == EG_RULE_READ_CODE)
		return judge_source(file, &req, false);
	if (read->by_report == EG_RULE_READ_CODE)
		return judge_source(file, &req, true);
	if (read->by_deny == EG_RULE_READ_QUIETLY &&
	    S_ISREG(file_inode(file)->i_mode))
		return judge_file(file, false, true);
	return 0;
}

/*
 * A constrained process could have written the file itself, or had it written. The
 * owner is believed only of a file system whose bytes the kernel alone changes.
 */
static bool is_exposed(const struct file *file)
{
	const struct eg_filesystem *type;

	if (!(eg_constrained_current() & EG_CONSTRAINED_FILES))
		return false;
	return !eg_reading_root_writes(file_inode(file)) ||
	       eg_filesystem_judge(file, eg_filesystem_real_inode(file),
				   &type) != EXECGATE_REASON_ALLOWED;
}

static void ask_rules(struct file *file, struct eg_rule_set *rules,
		      struct words *words, struct eg_origin_read *read)
{
	umode_t mode = file_inode(file)->i_mode;
	struct eg_opened opened = {};
	struct name_snapshot own;

	take_dentry_name_snapshot(&own, file->f_path.dentry);
	opened.own = (struct eg_bytes){ own.name.name, own.name.len };
	opened.name = opened_name(words);
	/* Most files are opened by their own name, which is then asked for once. */
	if (opened.name.size == opened.own.size &&
	    !memcmp(opened.name.data, opened.own.data, opened.own.size))
		opened.name.size = 0;
	opened.exposed = is_exposed(file);
	opened.device = S_ISCHR(mode) || S_ISBLK(mode);
	eg_rule_set_reads(rules, &opened, file_inode(file), read);
	if (read->by_line && read->by_deny != EG_RULE_READ_CODE) {
		opened.line = first_line(file, words);
		if (opened.line.size)
			eg_rule_set_reads(rules, &opened, file_inode(file),
					  read);
	}
	release_dentry_name_snapshot(&own);
}

static int judge_opened(struct file *file, struct eg_rule_set *rules)
{
	struct eg_origin_read read = { EG_RULE_READ_DATA, EG_RULE_READ_DATA };
	struct words words;

	ask_rules(file, rules, &words, &read);
	return judge_read(file, &read);
}

static bool judges_reads(void)
{
	return eg_policy_gate(EXECGATE_GATE_SCRIPT) ||
	       eg_policy_gate(EXECGATE_GATE_INLINE) ||
	       eg_policy_gate(EXECGATE_GATE_TERMINAL) ||
	       eg_constrained_current() &
		       (EG_CONSTRAINED_FILES | EG_CONSTRAINED_INLINE);
}

/* Programs that execve opens have their own hook. Folders give no bytes. */
int eg_hook_read_open(struct file *file)
{
	struct eg_rule_set *rules;
	int err = 0;

	eg_counter_inc(hook_calls[EXECGATE_HOOK_READ_OPEN]);
	if (eg_mark_none() || !eg_mark_reads() ||
	    S_ISDIR(file_inode(file)->i_mode) || !(file->f_mode & FMODE_READ) ||
	    file->f_flags & __FMODE_EXEC || !judges_reads())
		return 0;
	rules = eg_mark_rules();
	if (rules)
		err = judge_opened(file, rules);
	eg_rule_set_put(rules);
	return err;
}
