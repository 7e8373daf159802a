// SPDX-License-Identifier: GPL-2.0
/*
 * Kernel modules. For a loaded one the kernel itself says whether its keys vouched
 * for it, by a taint; of a file the signature in it says whose key it needs.
 */
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "lib/base/image.h"
#include "lib/preflight/kmod.h"
#include "lib/preflight/modsig.h"
#include "lib/preflight/mount_modules.h"
#include "lib/preflight/preflight.h"
#include "lib/preflight/programs.h"

#define OURS "execgate"

/**
 * struct finding - one look at the modules
 * @mounts: what file systems stand on
 */
struct finding {
	struct execgate_preflight *set;
	struct kmod_ctx *ctx;
	struct execgate_mount_modules mounts;
};

/* "E" in it: loaded although no key of the kernel vouched for it. */
static bool was_vouched_for(const char *name)
{
	char path[128], *text;
	bool vouched;

	snprintf(path, sizeof(path), "/sys/module/%.64s/taint", name);
	text = execgate_preflight_text(path);
	vouched = text && !strchr(text, 'E');
	free(text);
	return vouched;
}

static bool is_loaded(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/%.64s/taint", name);
	return !access(path, F_OK);
}

static void set_error(struct execgate_preflight *set, const char *path, int err)
{
	for (size_t i = 0; i < set->count; i++)
		if (!strcmp(set->items[i].path, path))
			set->items[i].error = err;
}

/* By the signature in the file; what cannot be read is reported as that. */
static void add_file(struct execgate_preflight *set, const char *path,
		     unsigned int source, const char *role)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int ret = fd < 0 ? -errno : execgate_modsig_kernel_vouches(fd, path);

	if (fd >= 0)
		close(fd);
	if (ret > 0 || ret == -ENOENT ||
	    !execgate_preflight_add(set, path, NULL, EXECGATE_PREFLIGHT_MODULE,
				    source, role))
		return;
	if (ret < 0)
		set_error(set, path, ret);
}

static const char *role_of(const struct finding *finding, const char *name)
{
	return execgate_mount_modules_has(&finding->mounts, name) ? "mount" :
								    NULL;
}

/* No list of loaded ones: this kernel has no modules, or /proc is not there. */
static void add_loaded(const struct finding *finding)
{
	struct kmod_list *list = NULL, *item;

	if (kmod_module_new_from_loaded(finding->ctx, &list) < 0)
		return;
	kmod_list_foreach(item, list) {
		struct kmod_module *module = kmod_module_get_module(item);
		const char *name = kmod_module_get_name(module);
		const char *path = kmod_module_get_path(module);

		if (path && strcmp(name, OURS) && !was_vouched_for(name))
			execgate_preflight_add(finding->set, path, NULL,
					       EXECGATE_PREFLIGHT_MODULE,
					       EXECGATE_PREFLIGHT_LOADED,
					       role_of(finding, name));
		kmod_module_unref(module);
	}
	kmod_module_unref_list(list);
}

/* A loaded one has been looked at, and that needs no reading of files. */
static void add_named(const struct finding *finding, struct kmod_module *module)
{
	const char *name = kmod_module_get_name(module);
	const char *path = kmod_module_get_path(module);

	if (path && strcmp(name, OURS) && !is_loaded(name))
		add_file(finding->set, path, EXECGATE_PREFLIGHT_MODULES_LOAD,
			 role_of(finding, name));
}

static int add_alias(const char *alias, void *arg)
{
	const struct finding *finding = arg;
	struct kmod_list *list = NULL, *item, *needs, *need;

	if (kmod_module_new_from_lookup(finding->ctx, alias, &list) < 0)
		return 0;
	kmod_list_foreach(item, list) {
		struct kmod_module *module = kmod_module_get_module(item);

		add_named(finding, module);
		needs = kmod_module_get_dependencies(module);
		kmod_list_foreach(need, needs) {
			struct kmod_module *other =
				kmod_module_get_module(need);

			add_named(finding, other);
			kmod_module_unref(other);
		}
		kmod_module_unref_list(needs);
		kmod_module_unref(module);
	}
	kmod_module_unref_list(list);
	return 0;
}

/* The modules that systemd-modules-load.service loads at boot. */
static void add_configured(struct finding *finding)
{
	static const char *const patterns[] = {
		"/etc/modules",
		"/etc/modules-load.d/*.conf",
		"/run/modules-load.d/*.conf",
		"/usr/local/lib/modules-load.d/*.conf",
		"/usr/lib/modules-load.d/*.conf",
	};
	glob_t found;
	char *text;

	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		if (glob(patterns[i], 0, NULL, &found))
			continue;
		for (size_t j = 0; j < found.gl_pathc; j++) {
			text = execgate_preflight_text(found.gl_pathv[j]);
			if (text)
				execgate_programs_of_modules_load(text,
								  add_alias,
								  finding);
			free(text);
		}
		globfree(&found);
	}
}

static bool is_ours(const char *name)
{
	return !strncmp(name, OURS ".ko", sizeof(OURS ".ko") - 1);
}

void execgate_preflight_module_tree(struct execgate_preflight *set,
				    const char *folder)
{
	char *roots[] = { (char *)folder, NULL };
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;

	if (!tree)
		return;
	while ((entry = fts_read(tree)))
		if ((entry->fts_info == FTS_F || entry->fts_info == FTS_SL) &&
		    execgate_image_is_module(entry->fts_name) &&
		    !is_ours(entry->fts_name))
			add_file(set, entry->fts_path,
				 EXECGATE_PREFLIGHT_UPDATES, NULL);
	fts_close(tree);
}

void execgate_preflight_modules(struct execgate_preflight *set, bool critical)
{
	struct finding finding = { .set = set, .ctx = execgate_kmod_new(NULL) };
	struct utsname uts;
	char folder[128];

	if (!finding.ctx) {
		set->no_memory = true;
		return;
	}
	execgate_mount_modules_find(&finding.mounts, finding.ctx, "/etc/fstab",
				    "/proc/self/mountinfo");
	add_loaded(&finding);
	if (!critical)
		add_configured(&finding);
	kmod_unref(finding.ctx);
	if (!critical && !uname(&uts)) {
		snprintf(folder, sizeof(folder), "/lib/modules/%s/updates",
			 uts.release);
		execgate_preflight_module_tree(set, folder);
	}
}
