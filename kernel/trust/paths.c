// SPDX-License-Identifier: GPL-2.0
/*
 * A process chooses what a path looks like to it: by chroot, by mounts in a namespace
 * of its own, by links. It does not choose in which file system a file is, and where
 * below the root of that. So the folder of a rule is looked up as the first process of
 * the machine would, from its root and with the kernel's credentials, and the file must
 * be in that folder's file system and below that folder, by the names in that file
 * system. Mounts of others, bind mounts and chroot change neither; a hard link and a
 * rename do, and they are another place.
 *
 * Nothing is kept of the lookup: no file system is pinned, so that umount(2) works; a
 * folder that is made or mounted later is found then; a mount over it takes effect at
 * once. For the time of a lookup a path is held, as by anybody who opens a file there.
 *
 * A rename at the same time: the two names are taken one after the other, each of them
 * whole (dentry_path_raw()). The file's is the later one, so at that moment it was below
 * a folder of the right name; only who may rename that folder, or one above, can have
 * put another one there in between.
 */
#include "trust/paths.h"

#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/fs_struct.h>
#include <linux/namei.h>
#include <linux/path.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat/compat.h"

#define GROUP_HEADER_SIZE 2

/* Where the path rules stand in a list: kinds ascend, so together. */
static struct eg_bytes path_rules(struct eg_bytes rules)
{
	struct eg_bytes found = {};
	struct eg_rule rule;

	while (eg_rules_next(&rules, &rule)) {
		if (rule.kind != EG_RULE_PATH)
			continue;
		if (!found.size)
			found.data = rule.text.data - EG_RULE_HEADER_SIZE;
		found.size += EG_RULE_HEADER_SIZE + rule.text.size;
	}
	return found;
}

/* Takes the next statement off a list that eg_paths_say() made. */
static bool next_group(struct eg_bytes *list, struct eg_bytes *rules)
{
	if (!list->size)
		return false;
	rules->data = list->data + GROUP_HEADER_SIZE;
	rules->size = eg_le16(list->data);
	list->data += GROUP_HEADER_SIZE + rules->size;
	list->size -= GROUP_HEADER_SIZE + rules->size;
	return true;
}

static bool was_said(const struct eg_paths_said *said, struct eg_bytes rules)
{
	struct eg_bytes list = { said->bytes, said->size }, group;

	while (next_group(&list, &group))
		if (group.size == rules.size &&
		    !memcmp(group.data, rules.data, rules.size))
			return true;
	return false;
}

void eg_paths_say(struct eg_paths_said *said, struct eg_bytes rules)
{
	u8 *end;

	rules = path_rules(rules);
	if (!said || !rules.size || was_said(said, rules))
		return;
	end = said->bytes + said->size;
	if (rules.size + GROUP_HEADER_SIZE > sizeof(said->bytes) - said->size) {
		said->too_much = true;
		return;
	}
	end[0] = (u8)rules.size;
	end[1] = (u8)(rules.size >> 8);
	memcpy(end + GROUP_HEADER_SIZE, rules.data, rules.size);
	said->size += GROUP_HEADER_SIZE + rules.size;
}

static bool have_deny(struct eg_bytes list)
{
	struct eg_bytes rules;
	struct eg_rule rule;

	while (next_group(&list, &rules))
		while (eg_rules_next(&rules, &rule))
			if (rule.strength == EG_RULE_DENY)
				return true;
	return false;
}

void eg_paths_keep(const struct eg_paths_said *said, struct eg_verdict *verdict)
{
	struct eg_paths *paths;

	/* A restriction that is left out would be none. */
	if (said->too_much)
		verdict->reason = EXECGATE_REASON_WRONG_PATH;
	if (said->too_much || !said->size)
		return;
	/* As the verdict it goes into: charged to whoever has the file judged. */
	paths = kmalloc(struct_size(paths, bytes, said->size),
			GFP_KERNEL_ACCOUNT);
	if (!paths) {
		verdict->reason = EXECGATE_REASON_NO_MEMORY;
		return;
	}
	refcount_set(&paths->users, 1);
	paths->size = said->size;
	memcpy(paths->bytes, said->bytes, said->size);
	paths->binds = have_deny((struct eg_bytes){ said->bytes, said->size });
	verdict->paths = paths;
}

/* Where a file is, and what finding out about a folder takes. */
struct place {
	const struct dentry *dentry;
	struct path root;     /* of the first process */
	struct eg_bytes path; /* of the file, below its file system's root */
	char *path_buffer;
	char *folder_buffer; /* both of PATH_MAX bytes */
};

/* Return: false if there is no such process any more, as the machine goes down. */
static bool find_root(struct path *root)
{
	struct task_struct *first;
	bool found;

	rcu_read_lock();
	first = pid_task(find_pid_ns(1, &init_pid_ns), PIDTYPE_TGID);
	if (first)
		get_task_struct(first);
	rcu_read_unlock();
	if (!first)
		return false;
	/* Its lock keeps the structure that has its root. */
	task_lock(first);
	found = first->fs;
	if (found)
		get_fs_root(first->fs, root);
	task_unlock(first);
	put_task_struct(first);
	return found;
}

/*
 * With the kernel's credentials, because the answer must not depend on who asks: who
 * may run a file need not be allowed to search the folder that it must be in. The
 * links in /proc belong to the process that asks, so those are not followed.
 */
static int find_folder(struct place *place, struct eg_bytes name,
		       struct path *out)
{
	char *text = place->folder_buffer;
	const struct cred *own;
	int err;

	if (name.size)
		memcpy(text, name.data, name.size);
	else
		text[name.size++] = '/';
	text[name.size] = '\0';
	own = override_creds(kernel_cred());
	err = vfs_path_lookup(place->root.dentry, place->root.mnt, text,
			      LOOKUP_FOLLOW | LOOKUP_DIRECTORY |
				      LOOKUP_NO_MAGICLINKS,
			      out);
	revert_creds(own);
	return err;
}

/* The rest of the file's path if it is below @folder; else nothing. */
static struct eg_bytes path_below(struct place *place,
				  const struct dentry *folder)
{
	struct eg_bytes path = place->path;
	const char *text;
	size_t size;

	if (folder->d_sb != place->dentry->d_sb)
		return (struct eg_bytes){};
	text = dentry_path_raw(folder, place->folder_buffer, PATH_MAX);
	if (IS_ERR(text))
		return (struct eg_bytes){};
	/* "/" is not a name before a slash, but the slash. */
	size = strlen(text) == 1 ? 0 : strlen(text);
	if (path.size <= size || memcmp(path.data, text, size) ||
	    path.data[size] != '/')
		return (struct eg_bytes){};
	return (struct eg_bytes){ path.data + size, path.size - size };
}

/* Return: 1 if the file is where the rule says, 0, -ENOMEM, -EINTR. */
static int match_rule(struct place *place, struct eg_bytes pattern)
{
	size_t size = eg_rule_path_folder(pattern);
	struct eg_bytes rest;
	struct path folder;
	int err;

	err = find_folder(place, (struct eg_bytes){ pattern.data, size },
			  &folder);
	if (err == -ENOMEM || (err == -EINTR && fatal_signal_pending(current)))
		return err;
	/* Not there, or not yet: nothing is in it. */
	if (err)
		return 0;
	rest = path_below(place, folder.dentry);
	path_put(&folder);
	return eg_rule_path_matches((struct eg_bytes){ pattern.data + size,
						       pattern.size - size },
				    rest);
}

/* One of the statement's rules of this strength will do. Return: as above. */
static int match_group(struct place *place, struct eg_bytes rules,
		       enum eg_rule_strength strength)
{
	bool is_bound = false;
	struct eg_rule rule;
	int matched;

	while (eg_rules_next(&rules, &rule)) {
		if (rule.strength != strength)
			continue;
		is_bound = true;
		matched = place->path.size ? match_rule(place, rule.text) : 0;
		if (matched)
			return matched;
	}
	return !is_bound;
}

static void judge_groups(struct place *place, struct eg_bytes list,
			 struct eg_verdict *verdict)
{
	struct eg_bytes rules;
	int denied, reported;

	while (next_group(&list, &rules)) {
		denied = match_group(place, rules, EG_RULE_DENY);
		reported = denied > 0 ?
				   match_group(place, rules, EG_RULE_REPORT) :
				   denied;
		if (reported < 0)
			verdict->reason = reported == -ENOMEM ?
						  EXECGATE_REASON_NO_MEMORY :
						  EXECGATE_REASON_INTERRUPTED;
		else if (!denied)
			verdict->reason = EXECGATE_REASON_WRONG_PATH;
		if (verdict->reason != EXECGATE_REASON_ALLOWED)
			return;
		if (!reported && !verdict->reported)
			verdict->reported = EXECGATE_REASON_WRONG_PATH;
	}
}

/*
 * A file that was deleted, or never had a name, has no path: its entry still says
 * where it was. One that was opened by a handle may not be connected to its folder.
 */
static struct eg_bytes path_of(const struct dentry *dentry, char *buffer)
{
	const char *text;

	if (d_unlinked(dentry) || dentry->d_flags & DCACHE_DISCONNECTED)
		return (struct eg_bytes){};
	text = dentry_path_raw(dentry, buffer, PATH_MAX);
	if (IS_ERR(text))
		return (struct eg_bytes){};
	return (struct eg_bytes){ (const u8 *)text, strlen(text) };
}

static void judge_place(const struct file *file, const struct eg_paths *paths,
			struct eg_verdict *verdict)
{
	struct place place = { .dentry = file->f_path.dentry };
	bool rooted = find_root(&place.root);

	place.path_buffer = kmalloc(PATH_MAX, GFP_KERNEL);
	place.folder_buffer = kmalloc(PATH_MAX, GFP_KERNEL);
	if (!place.path_buffer || !place.folder_buffer) {
		verdict->reason = EXECGATE_REASON_NO_MEMORY;
	} else {
		if (rooted)
			place.path = path_of(place.dentry, place.path_buffer);
		judge_groups(&place,
			     (struct eg_bytes){ paths->bytes, paths->size },
			     verdict);
	}
	kfree(place.folder_buffer);
	kfree(place.path_buffer);
	if (rooted)
		path_put(&place.root);
}

void eg_paths_apply(const struct file *file, struct eg_verdict *verdict)
{
	struct eg_paths *paths = verdict->paths;

	if (!paths)
		return;
	verdict->paths = NULL;
	verdict->placed = true;
	if (verdict->reason == EXECGATE_REASON_ALLOWED)
		judge_place(file, paths, verdict);
	eg_paths_put(paths);
}
