// SPDX-License-Identifier: GPL-2.0
#include "lib/base/image.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DYNAMIC_MAX (1u << 20)

static char *next_word(char **at)
{
	char *word = *at + strspn(*at, " \t\r");

	*at = word + strcspn(word, " \t\r");
	if (**at)
		*(*at)++ = '\0';
	return word;
}

static void read_script(char *line, struct execgate_image *out)
{
	char *at = line + 2, *word;
	const char *base;

	line[strcspn(line, "\n")] = '\0';
	word = next_word(&at);
	snprintf(out->interpreter, sizeof(out->interpreter), "%s", word);
	base = strrchr(word, '/');
	if (strcmp(base ? base + 1 : word, "env"))
		return;
	while (*(word = next_word(&at)))
		if (word[0] != '-' && !strchr(word, '='))
			break;
	snprintf(out->env, sizeof(out->env), "%s", word);
}

void execgate_image_read(int fd, struct execgate_image *out)
{
	char start[256];
	ssize_t size;

	memset(out, 0, sizeof(*out));
	size = pread(fd, start, sizeof(start) - 1, 0);
	if (size < 0)
		size = 0;
	start[size] = '\0';
	if (size >= 20 && !memcmp(start, ELFMAG, SELFMAG)) {
		out->kind = EXECGATE_IMAGE_ELF;
		out->machine = (uint32_t)(unsigned char)start[EI_CLASS] << 16 |
			       (uint32_t)(unsigned char)start[19] << 8 |
			       (unsigned char)start[18];
	} else if (size > 2 && start[0] == '#' && start[1] == '!') {
		out->kind = EXECGATE_IMAGE_SCRIPT;
		read_script(start, out);
	} else {
		out->text = !memchr(start, '\0', (size_t)size);
	}
}

bool execgate_image_of(const char *path, struct execgate_image *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return false;
	execgate_image_read(fd, out);
	close(fd);
	return true;
}

bool execgate_image_is_module(const char *name)
{
	static const char *const endings[] = { ".ko", ".ko.xz", ".ko.zst",
					       ".ko.gz" };
	size_t length = strlen(name), ending;

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		ending = strlen(endings[i]);
		if (length > ending &&
		    !strcmp(name + length - ending, endings[i]))
			return true;
	}
	return false;
}

enum execgate_hook execgate_image_hook(const struct execgate_image *image,
				       const char *path)
{
	const char *base = strrchr(path, '/');

	base = base ? base + 1 : path;
	if (execgate_image_is_module(base))
		return EXECGATE_HOOK_KERNEL_READ_FILE;
	return image->kind == EXECGATE_IMAGE_ELF && strstr(base, ".so") ?
		       EXECGATE_HOOK_MMAP_FILE :
		       EXECGATE_HOOK_BPRM_CHECK;
}

struct telling {
	Elf *elf;
	const char *folder;
	void (*fn)(enum execgate_image_need need, const char *value, void *arg);
	void *arg;
};

static void tell_interpreter(const struct telling *telling,
			     const GElf_Phdr *phdr)
{
	char path[PATH_MAX];
	Elf_Data *data;

	if (!phdr->p_filesz || phdr->p_filesz > sizeof(path))
		return;
	data = elf_getdata_rawchunk(telling->elf, (int64_t)phdr->p_offset,
				    phdr->p_filesz, ELF_T_BYTE);
	if (!data)
		return;
	memcpy(path, data->d_buf, phdr->p_filesz);
	path[phdr->p_filesz - 1] = '\0';
	telling->fn(EXECGATE_NEED_LOADER, path, telling->arg);
}

/* "$ORIGIN/../lib:/opt/lib", one after the other. */
static void tell_folders(const struct telling *telling, const char *list)
{
	static const char *const origins[] = { "$ORIGIN", "${ORIGIN}" };
	char folder[PATH_MAX];
	size_t size, skip;

	for (; *list; list += size + (list[size] == ':')) {
		size = strcspn(list, ":");
		skip = 0;
		for (unsigned int i = 0; i < 2; i++)
			if (!strncmp(list, origins[i], strlen(origins[i])))
				skip = strlen(origins[i]);
		if (snprintf(folder, sizeof(folder), "%s%.*s",
			     skip ? telling->folder : "", (int)(size - skip),
			     list + skip) < (int)sizeof(folder) &&
		    folder[0])
			telling->fn(EXECGATE_NEED_FOLDER, folder, telling->arg);
	}
}

/*
 * The strings are found by the section that the dynamic one links to: a file
 * whose section headers are stripped tells nothing.
 */
static void tell_dynamic(const struct telling *telling, Elf_Scn *section,
			 const GElf_Shdr *shdr)
{
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Dyn dyn;
	const char *text;

	for (int pass = 0; pass < 2; pass++) {
		for (int i = 0; data && gelf_getdyn(data, i, &dyn); i++) {
			if (dyn.d_tag == DT_NULL)
				break;
			if (dyn.d_tag != DT_NEEDED && dyn.d_tag != DT_RUNPATH &&
			    dyn.d_tag != DT_RPATH)
				continue;
			text = elf_strptr(telling->elf, shdr->sh_link,
					  dyn.d_un.d_val);
			if (!text)
				continue;
			if (dyn.d_tag == DT_NEEDED && pass)
				telling->fn(EXECGATE_NEED_LIBRARY, text,
					    telling->arg);
			else if (dyn.d_tag != DT_NEEDED && !pass)
				tell_folders(telling, text);
		}
	}
}

int execgate_image_needs(int fd, const char *folder,
			 void (*fn)(enum execgate_image_need need,
				    const char *value, void *arg),
			 void *arg)
{
	struct telling telling = { .folder = folder, .fn = fn, .arg = arg };
	Elf_Scn *section = NULL;
	GElf_Phdr phdr;
	GElf_Shdr shdr;
	size_t count = 0;

	elf_version(EV_CURRENT);
	telling.elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!telling.elf || elf_kind(telling.elf) != ELF_K_ELF) {
		elf_end(telling.elf);
		return -ENOEXEC;
	}
	if (elf_getphdrnum(telling.elf, &count))
		count = 0;
	for (size_t i = 0; i < count; i++)
		if (gelf_getphdr(telling.elf, (int)i, &phdr) &&
		    phdr.p_type == PT_INTERP)
			tell_interpreter(&telling, &phdr);
	while ((section = elf_nextscn(telling.elf, section)))
		if (gelf_getshdr(section, &shdr) &&
		    shdr.sh_type == SHT_DYNAMIC && shdr.sh_size <= DYNAMIC_MAX)
			tell_dynamic(&telling, section, &shdr);
	elf_end(telling.elf);
	return 0;
}
