// SPDX-License-Identifier: GPL-2.0
#include "lib/preflight/kernels.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "lib/base/io.h"
#include "lib/base/unpack.h"
#include "lib/catalog/item.h"
#include "lib/preflight/kmod.h"

#define MODULE_NAME "execgate"
#define IMAGE "vmlinuz-"
/* Ours is some hundred kilobytes. */
#define MODULE_MAX (64u << 20)

/**
 * struct content - a module in memory
 * @size: of @data, which is owned
 */
struct content {
	uint8_t *data;
	size_t size;
};

static int add_bytes(const uint8_t *data, size_t size, void *arg)
{
	struct content *content = arg;
	uint8_t *more;

	if (size > MODULE_MAX - content->size)
		return -EFBIG;
	more = realloc(content->data, content->size + size);
	if (!more)
		return -ENOMEM;
	memcpy(more + content->size, data, size);
	content->data = more;
	content->size += size;
	return 0;
}

static int read_module(const char *path, struct content *out)
{
	int fd, ret;

	if (execgate_io_read_file(path, MODULE_MAX, &out->data, &out->size,
				  NULL))
		return -EIO;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	ret = execgate_catalog_item_is_packed(fd, path, out->size);
	if (ret) {
		free(out->data);
		memset(out, 0, sizeof(*out));
		ret = execgate_unpack_file(fd, add_bytes, out);
	}
	close(fd);
	return ret;
}

static bool has_section(const struct content *module, const char *wanted)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	size_t names;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_memory((char *)module->data, module->size);
	if (!elf || elf_getshdrstrndx(elf, &names)) {
		elf_end(elf);
		return false;
	}
	while ((section = elf_nextscn(elf, section))) {
		const char *name;

		if (!gelf_getshdr(section, &header))
			continue;
		name = elf_strptr(elf, names, header.sh_name);
		if (name && !strcmp(name, wanted))
			break;
	}
	elf_end(elf);
	return section;
}

/* Without libarchive a packed one is not looked into: that says nothing of it. */
static bool lacks_btf(const char *path)
{
	struct content module = { 0 };
	bool lacks = !read_module(path, &module) &&
		     !has_section(&module, ".BTF");

	free(module.data);
	return lacks;
}

/* "6.12.1-amd64 SMP preempt mod_unload modversions ": the first word is the kernel. */
static bool is_foreign(struct kmod_list *info, const char *release)
{
	size_t length = strlen(release);
	struct kmod_list *item;

	kmod_list_foreach(item, info) {
		const char *value = kmod_module_info_get_value(item);

		if (!strcmp(kmod_module_info_get_key(item), "vermagic"))
			return strncmp(value, release, length) != 0 ||
			       value[length] != ' ';
	}
	return true;
}

static enum execgate_kernel_state judge_module(struct kmod_module *module,
					       const char *release)
{
	const char *path = kmod_module_get_path(module);
	struct kmod_list *info = NULL;
	bool foreign;

	if (!path || access(path, F_OK))
		return EXECGATE_KERNEL_MISSING;
	if (kmod_module_get_info(module, &info) <= 0)
		return EXECGATE_KERNEL_UNREADABLE;
	foreign = is_foreign(info, release);
	kmod_module_info_free_list(info);
	if (foreign)
		return EXECGATE_KERNEL_FOREIGN;
	return lacks_btf(path) ? EXECGATE_KERNEL_NO_BTF : EXECGATE_KERNEL_GOOD;
}

static bool is_kept_out(struct kmod_ctx *ctx, struct kmod_list *list)
{
	struct kmod_list *left = NULL;
	bool kept_out;

	if (kmod_module_apply_filter(ctx, KMOD_FILTER_BLACKLIST, list, &left))
		return false;
	kept_out = !left;
	kmod_module_unref_list(left);
	return kept_out;
}

static enum execgate_kernel_state look_up(struct kmod_ctx *ctx,
					  const char *release)
{
	enum execgate_kernel_state state = EXECGATE_KERNEL_MISSING;
	struct kmod_list *list = NULL;
	struct kmod_module *module;

	if (kmod_module_new_from_lookup(ctx, MODULE_NAME, &list) < 0 || !list)
		return state;
	module = kmod_module_get_module(list);
	if (kmod_module_get_initstate(module) == KMOD_MODULE_BUILTIN)
		state = EXECGATE_KERNEL_GOOD;
	else if (is_kept_out(ctx, list))
		state = EXECGATE_KERNEL_BLACKLISTED;
	else
		state = judge_module(module, release);
	kmod_module_unref(module);
	kmod_module_unref_list(list);
	return state;
}

static enum execgate_kernel_state judge_kernel(const char *root,
					       const char *release)
{
	enum execgate_kernel_state state;
	struct kmod_ctx *ctx;
	char folder[PATH_MAX];

	if (snprintf(folder, sizeof(folder), "%s/lib/modules/%s", root,
		     release) >= (int)sizeof(folder))
		return EXECGATE_KERNEL_MISSING;
	ctx = execgate_kmod_new(folder);
	if (!ctx)
		return EXECGATE_KERNEL_UNREADABLE;
	state = look_up(ctx, release);
	kmod_unref(ctx);
	return state;
}

static void add_kernel(struct execgate_kernel *all, size_t *count,
		       const char *release)
{
	for (size_t i = 0; i < *count; i++)
		if (!strcmp(all[i].release, release))
			return;
	if (*count == EXECGATE_KERNELS_MAX ||
	    strlen(release) >= sizeof(all->release))
		return;
	memset(&all[*count], 0, sizeof(*all));
	strcpy(all[(*count)++].release, release);
}

static void add_images(const char *root, struct execgate_kernel *all,
		       size_t *count)
{
	const size_t length = sizeof(IMAGE) - 1;
	char folder[PATH_MAX];
	struct dirent *entry;
	DIR *dir;

	snprintf(folder, sizeof(folder), "%s/boot", root);
	dir = opendir(folder);
	if (!dir)
		return;
	while ((entry = readdir(dir)))
		if (!strncmp(entry->d_name, IMAGE, length))
			add_kernel(all, count, entry->d_name + length);
	closedir(dir);
}

/* Debian's link to the kernel that was installed last; "" if there is none. */
static void read_link(const char *root, char release[PATH_MAX])
{
	static const char *const links[] = { "vmlinuz", "boot/vmlinuz" };
	char path[PATH_MAX], target[PATH_MAX];
	const char *name;
	ssize_t size;

	release[0] = '\0';
	for (size_t i = 0; i < 2 && !release[0]; i++) {
		snprintf(path, sizeof(path), "%s/%s", root, links[i]);
		size = readlink(path, target, sizeof(target) - 1);
		if (size <= 0)
			continue;
		target[size] = '\0';
		name = strrchr(target, '/');
		name = name ? name + 1 : target;
		if (!strncmp(name, IMAGE, sizeof(IMAGE) - 1))
			strcpy(release, name + sizeof(IMAGE) - 1);
	}
}

static int by_version(const void *a, const void *b)
{
	const struct execgate_kernel *one = a, *other = b;

	return strverscmp(other->release, one->release);
}

static void mark_next(const char *root, struct execgate_kernel *all,
		      size_t count)
{
	char linked[PATH_MAX];

	read_link(root, linked);
	for (size_t i = 0; i < count; i++)
		all[i].next = !strcmp(all[i].release, linked);
	/* As boot loaders with a menu sort them: the newest. */
	if (count)
		all[0].next = true;
}

size_t execgate_kernels_find(const char *root,
			     struct execgate_kernel out[EXECGATE_KERNELS_MAX])
{
	struct utsname uts = { 0 };
	size_t count = 0, images;

	add_images(root, out, &count);
	qsort(out, count, sizeof(*out), by_version);
	images = count;
	/* The running kernel may run again, from wherever its image came. */
	if (!root[0] && !uname(&uts))
		add_kernel(out, &count, uts.release);
	mark_next(root, out, images ? images : count);
	for (size_t i = 0; i < count; i++) {
		out[i].running = !strcmp(out[i].release, uts.release);
		out[i].state = judge_kernel(root, out[i].release);
	}
	return count;
}

const char *execgate_kernel_name(enum execgate_kernel_state state)
{
	switch (state) {
#define X(id, name, text)          \
	case EXECGATE_KERNEL_##id: \
		return name;
		EXECGATE_KERNEL_STATES(X)
#undef X
	}
	return "";
}

const char *execgate_kernel_text(enum execgate_kernel_state state)
{
	switch (state) {
#define X(id, name, text)          \
	case EXECGATE_KERNEL_##id: \
		return text;
		EXECGATE_KERNEL_STATES(X)
#undef X
	}
	return "";
}

/* Without its headers dkms would build nothing; where they are, apt has nothing to do. */
const char *execgate_kernel_next(const struct execgate_kernel *kernel,
				 char text[EXECGATE_KERNEL_NEXT_SIZE])
{
	if (kernel->state == EXECGATE_KERNEL_BLACKLISTED)
		snprintf(text, EXECGATE_KERNEL_NEXT_SIZE,
			 "\"modprobe -c | grep execgate\" tells the line");
	else
		snprintf(text, EXECGATE_KERNEL_NEXT_SIZE,
			 "apt install linux-headers-%s, then dkms autoinstall "
			 "-k %s",
			 kernel->release, kernel->release);
	return text;
}
