// SPDX-License-Identifier: GPL-2.0
/* BPF programs of root's own that answer before the gate's, or instead. */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attack.h"

#define VMLINUX "/sys/kernel/btf/vmlinux"
#define MODULE "/sys/kernel/btf/execgate"
#define PRCTL_OF_OURS 99999

/* The types of one BTF; those of a module are numbered on from the kernel's. */
struct types {
	char *data;
	const char *strings;
	uint32_t strings_size;
	uint32_t count; /* and the one after the last id */
};

static size_t size_of(const struct btf_type *type)
{
	uint32_t n = BTF_INFO_VLEN(type->info);

	switch (BTF_INFO_KIND(type->info)) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		return sizeof(*type) + 4;
	case BTF_KIND_ARRAY:
		return sizeof(*type) + sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_DATASEC:
	case BTF_KIND_ENUM64:
		return sizeof(*type) + 12 * n;
	case BTF_KIND_ENUM:
	case BTF_KIND_FUNC_PROTO:
		return sizeof(*type) + 8 * n;
	default:
		return sizeof(*type);
	}
}

/* The id of a name, or 0. */
static uint32_t find(const char *path, const struct types *base,
		     const char *name, uint32_t kind, struct types *out)
{
	size_t size;
	char *data = must_read(path, &size);
	const struct btf_header *head = (const void *)data;
	const char *at = data + head->hdr_len + head->type_off;
	const char *end = at + head->type_len, *text;
	uint32_t id = base ? base->count : 1, found = 0;

	*out = (struct types){ data, data + head->hdr_len + head->str_off,
			       head->str_len, 0 };
	for (; at < end; at += size_of((const void *)at), id++) {
		const struct btf_type *type = (const void *)at;
		uint32_t offset = type->name_off;

		if (BTF_INFO_KIND(type->info) != kind)
			continue;
		if (base && offset < base->strings_size)
			text = base->strings + offset;
		else
			text = out->strings + offset -
			       (base ? base->strings_size : 0);
		if (!strcmp(text, name))
			found = id;
	}
	out->count = id;
	return found;
}

static uint32_t kernel_id(const char *name, uint32_t kind)
{
	struct types types;
	uint32_t id = find(VMLINUX, NULL, name, kind, &types);

	if (!id) {
		errno = ENOENT;
		broken(name);
	}
	free(types.data);
	return id;
}

static uint32_t module_id(const char *name)
{
	struct types kernel, module;
	uint32_t id;

	find(VMLINUX, NULL, "", BTF_KIND_FUNC, &kernel);
	id = find(MODULE, &kernel, name, BTF_KIND_FUNC, &module);
	if (!id) {
		errno = ENOENT;
		broken(name);
	}
	free(kernel.data);
	free(module.data);
	return id;
}

static int bpf(int command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

/* A descriptor of the module's BTF. */
static int module_btf(void)
{
	union bpf_attr attr = { 0 };
	uint32_t id = 0;

	for (;;) {
		struct bpf_btf_info info = { 0 };
		char name[64] = "";
		int fd;

		memset(&attr, 0, sizeof(attr));
		attr.start_id = id;
		if (bpf(BPF_BTF_GET_NEXT_ID, &attr))
			broken("the module's BTF");
		id = attr.next_id;
		memset(&attr, 0, sizeof(attr));
		attr.btf_id = id;
		fd = bpf(BPF_BTF_GET_FD_BY_ID, &attr);
		if (fd < 0)
			continue;
		info.name = (unsigned long)name;
		info.name_len = sizeof(name);
		memset(&attr, 0, sizeof(attr));
		attr.info.bpf_fd = (unsigned int)fd;
		attr.info.info_len = sizeof(info);
		attr.info.info = (unsigned long)&info;
		if (!bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) &&
		    !strcmp(name, "execgate"))
			return fd;
		close(fd);
	}
}

static const struct bpf_insn answer_0[] = {
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = 0 },
	{ .code = BPF_JMP | BPF_EXIT },
};

static void set_insns(union bpf_attr *attr, const struct bpf_insn *insns,
		      size_t size)
{
	attr->insns = (unsigned long)insns;
	attr->insn_cnt = (uint32_t)(size / sizeof(*insns));
	attr->license = (unsigned long)"GPL";
}

/* Put it where it says; it stays there until the link that is returned is closed. */
static int attach_program(int prog)
{
	union bpf_attr open = { 0 };

	open.raw_tracepoint.prog_fd = (uint32_t)prog;
	return bpf(BPF_RAW_TRACEPOINT_OPEN, &open);
}

/* Load it, and attach it unless it is of a kind that cannot be. */
static int load(union bpf_attr *attr, bool attach)
{
	int prog = bpf(BPF_PROG_LOAD, attr), link;

	if (prog < 0)
		return refused("load");
	if (!attach)
		return 9;
	link = attach_program(prog);
	if (link < 0)
		return refused("attach");
	close(link);
	close(prog);
	return 9;
}

/* bpf-fmod-ret FUNCTION: a program that may keep it from being called. */
static int run_fmod_ret(char **argv)
{
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_TRACING,
		.expected_attach_type = BPF_MODIFY_RETURN,
		.attach_btf_id = kernel_id(argv[0], BTF_KIND_FUNC),
	};

	set_insns(&attr, answer_0, sizeof(answer_0));
	return load(&attr, true);
}

/* bpf-fentry FUNCTION: one that only looks. */
static int run_fentry(char **argv)
{
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_TRACING,
		.expected_attach_type = BPF_TRACE_FENTRY,
		.attach_btf_id = kernel_id(argv[0], BTF_KIND_FUNC),
	};

	set_insns(&attr, answer_0, sizeof(answer_0));
	return load(&attr, true);
}

/* bpf-lsm HOOK: a program that is asked before the gate's. */
static int run_lsm(char **argv)
{
	char name[64];
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_LSM,
		.expected_attach_type = BPF_LSM_MAC,
	};

	snprintf(name, sizeof(name), "bpf_lsm_%s", argv[0]);
	attr.attach_btf_id = kernel_id(name, BTF_KIND_FUNC);
	set_insns(&attr, answer_0, sizeof(answer_0));
	return load(&attr, true);
}

/* bpf-struct-ops: the first function of a TCP congestion control. */
static int run_struct_ops(char **argv)
{
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_STRUCT_OPS,
		.attach_btf_id =
			kernel_id("tcp_congestion_ops", BTF_KIND_STRUCT),
	};

	(void)argv;
	set_insns(&attr, answer_0, sizeof(answer_0));
	return load(&attr, false);
}

/* bpf-socket-filter: a kind that has nothing to do with the gate. */
static int run_socket_filter(char **argv)
{
	union bpf_attr attr = { .prog_type = BPF_PROG_TYPE_SOCKET_FILTER };

	(void)argv;
	set_insns(&attr, answer_0, sizeof(answer_0));
	return load(&attr, false);
}

/* bpf-override: a kprobe that sets what a function returns, where that is built. */
static int run_override(char **argv)
{
	struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 2, .imm = 0 },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_override_return },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = 0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = { .prog_type = BPF_PROG_TYPE_KPROBE };

	(void)argv;
	set_insns(&attr, insns, sizeof(insns));
	return load(&attr, false);
}

/* A descriptor of the first LSM program there is: one of the gate's. */
static int open_lsm(void)
{
	union bpf_attr attr = { 0 };
	uint32_t id = 0;

	for (;;) {
		struct bpf_prog_info info = { 0 };
		int fd;

		memset(&attr, 0, sizeof(attr));
		attr.start_id = id;
		if (bpf(BPF_PROG_GET_NEXT_ID, &attr))
			broken("a program of the gate");
		id = attr.next_id;
		memset(&attr, 0, sizeof(attr));
		attr.prog_id = id;
		fd = bpf(BPF_PROG_GET_FD_BY_ID, &attr);
		if (fd < 0)
			continue;
		memset(&attr, 0, sizeof(attr));
		attr.info.bpf_fd = (unsigned int)fd;
		attr.info.info_len = sizeof(info);
		attr.info.info = (unsigned long)&info;
		if (!bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) &&
		    info.type == BPF_PROG_TYPE_LSM)
			return fd;
		close(fd);
	}
}

/*
 * bpf-freplace [other]: take the place of a program of the gate's, or of one of
 * our own, which is all the same to who loads it.
 */
static int run_freplace(char **argv)
{
	union bpf_attr target = { .prog_type = BPF_PROG_TYPE_SOCKET_FILTER };
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_EXT,
		.attach_btf_id = 1,
	};
	int fd;

	set_insns(&target, answer_0, sizeof(answer_0));
	fd = argv[0] ? bpf(BPF_PROG_LOAD, &target) : open_lsm();
	if (fd < 0)
		broken("a target");
	attr.attach_prog_fd = (uint32_t)fd;
	set_insns(&attr, answer_0, sizeof(answer_0));
	return load(&attr, false);
}

/* bpf-kfunc: a program that calls the module's function to drop a verdict. */
static int run_kfunc(char **argv)
{
	struct bpf_insn insns[] = {
		{ .code = BPF_LDX | BPF_MEM | BPF_DW,
		  .dst_reg = 1,
		  .src_reg = 1 },
		{ .code = BPF_JMP | BPF_CALL,
		  .src_reg = BPF_PSEUDO_KFUNC_CALL,
		  .off = 1,
		  .imm = (int)module_id("execgate_inode_free") },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = 0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	int fds[2] = { 0, module_btf() };
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_LSM,
		.expected_attach_type = BPF_LSM_MAC,
		.attach_btf_id =
			kernel_id("bpf_lsm_inode_free_security", BTF_KIND_FUNC),
		.fd_array = (unsigned long)fds,
	};

	(void)argv;
	set_insns(&attr, insns, sizeof(insns));
	return load(&attr, true);
}

/*
 * bpf-prctl-first COMMAND: an LSM program refuses one prctl(2) of ours; COMMAND
 * attaches the gate's after it; is the first one still asked?
 */
static int run_prctl_first(char **argv)
{
	struct bpf_insn insns[] = {
		{ .code = BPF_LDX | BPF_MEM | BPF_DW,
		  .dst_reg = 2,
		  .src_reg = 1 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = 0 },
		{ .code = BPF_JMP | BPF_JNE | BPF_K,
		  .dst_reg = 2,
		  .off = 1,
		  .imm = PRCTL_OF_OURS },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K,
		  .dst_reg = 0,
		  .imm = -EACCES },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_LSM,
		.expected_attach_type = BPF_LSM_MAC,
		.attach_btf_id = kernel_id("bpf_lsm_task_prctl", BTF_KIND_FUNC),
	};
	int prog;

	set_insns(&attr, insns, sizeof(insns));
	prog = bpf(BPF_PROG_LOAD, &attr);
	if (prog < 0 || attach_program(prog) < 0)
		broken("a program of our own");
	if (system(argv[0]))
		broken(argv[0]);
	if (prctl(PR_SET_NAME, "still", 0, 0, 0))
		return refused("a name");
	return prctl(PRCTL_OF_OURS, 0, 0, 0, 0) && errno == EACCES ? 9 : 1;
}

const struct attack bpf_load_attacks[] = {
	{ "bpf-fmod-ret", run_fmod_ret, 1 },
	{ "bpf-fentry", run_fentry, 1 },
	{ "bpf-lsm", run_lsm, 1 },
	{ "bpf-struct-ops", run_struct_ops, 0 },
	{ "bpf-socket-filter", run_socket_filter, 0 },
	{ "bpf-override", run_override, 0 },
	{ "bpf-freplace", run_freplace, 0 },
	{ "bpf-kfunc", run_kfunc, 0 },
	{ "bpf-prctl-first", run_prctl_first, 1 },
	{ NULL, NULL, 0 },
};
