/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the generated light skeleton calls, for use inside the kernel only. It
 * stands in for libbpf's header of the same name, so that a machine that builds
 * the module through DKMS needs no libbpf. The structures are the loader
 * program's ABI (include/uapi/linux/bpf.h; tools/lib/bpf of the kernel).
 */
#ifndef EG_SKEL_INTERNAL_H
#define EG_SKEL_INTERNAL_H

#include <linux/bpf.h>
#include <linux/fdtable.h>
#include <linux/slab.h>
#include <linux/stddef.h>

/* kernel/bpf/syscall.c; exported, declared nowhere. */
int kern_sys_bpf(int cmd, union bpf_attr *attr, unsigned int size);

struct bpf_prog_desc {
	int prog_fd;
};

/* Tells the loader program that its caller is the kernel. */
#define BPF_SKEL_KERNEL 1

struct bpf_loader_ctx {
	u32 sz;
	u32 flags;
	u32 log_level;
	u32 log_size;
	u64 log_buf;
};

struct bpf_load_and_run_opts {
	struct bpf_loader_ctx *ctx;
	const void *data;
	const void *insns;
	u32 data_sz;
	u32 insns_sz;
	const char *errstr;
	/* Filled by newer generators; a signed loader is not used in the kernel. */
	void *signature;
	u32 signature_sz;
	s32 keyring_id;
	void *excl_prog_hash;
	u32 excl_prog_hash_sz;
};

static inline void *skel_alloc(size_t size)
{
	struct bpf_loader_ctx *ctx = kzalloc(size, GFP_KERNEL);

	if (ctx)
		ctx->flags = BPF_SKEL_KERNEL;
	return ctx;
}

static inline void skel_free(const void *skel)
{
	kfree(skel);
}

/* 0 means "not open" to the generated code. */
static inline int skel_closenz(int fd)
{
	return fd > 0 ? close_fd(fd) : -EINVAL;
}

static inline int skel_raw_tracepoint_open(const char *name, int prog_fd)
{
	union bpf_attr attr = {
		.raw_tracepoint.name = (long)name,
		.raw_tracepoint.prog_fd = prog_fd,
	};

	return kern_sys_bpf(BPF_RAW_TRACEPOINT_OPEN, &attr, sizeof(attr));
}

static inline int skel_link_create(int prog_fd, int target_fd,
				   enum bpf_attach_type type)
{
	union bpf_attr attr = {
		.link_create.prog_fd = prog_fd,
		.link_create.target_fd = target_fd,
		.link_create.attach_type = type,
	};

	return kern_sys_bpf(BPF_LINK_CREATE, &attr, sizeof(attr));
}

static inline int skel_run_loader(struct bpf_load_and_run_opts *opts,
				  int map_fd)
{
	union bpf_attr load = {
		.prog_type = BPF_PROG_TYPE_SYSCALL,
		.insns = (long)opts->insns,
		.insn_cnt = opts->insns_sz / sizeof(struct bpf_insn),
		.license = (long)"GPL",
		.fd_array = (long)&map_fd,
		.prog_flags = BPF_F_SLEEPABLE,
		.prog_name = "execgate_load",
	};
	union bpf_attr run = {};
	int prog_fd, err;

	prog_fd = kern_sys_bpf(BPF_PROG_LOAD, &load, sizeof(load));
	if (prog_fd < 0) {
		opts->errstr = "the loader program was refused";
		return prog_fd;
	}
	run.test.prog_fd = prog_fd;
	run.test.ctx_in = (long)opts->ctx;
	run.test.ctx_size_in = opts->ctx->sz;
	err = kern_sys_bpf(BPF_PROG_RUN, &run, sizeof(run));
	if (!err && (int)run.test.retval < 0)
		err = (int)run.test.retval;
	if (err)
		opts->errstr = "the hook programs were refused";
	close_fd(prog_fd);
	return err;
}

/*
 * The loader program reads its data from a one-element array map. The verifier's
 * log is not asked for: a kernel buffer gives -EFAULT there.
 */
static inline int bpf_load_and_run(struct bpf_load_and_run_opts *opts)
{
	union bpf_attr create = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.map_name = "__loader.map",
		.key_size = sizeof(u32),
		.value_size = opts->data_sz,
		.max_entries = 1,
	};
	u32 key = 0;
	union bpf_attr update = {
		.key = (long)&key,
		.value = (long)opts->data,
	};
	int map_fd, err;

	map_fd = kern_sys_bpf(BPF_MAP_CREATE, &create, sizeof(create));
	if (map_fd < 0) {
		opts->errstr = "the loader map was refused";
		return map_fd;
	}
	update.map_fd = map_fd;
	err = kern_sys_bpf(BPF_MAP_UPDATE_ELEM, &update, sizeof(update));
	if (!err)
		err = skel_run_loader(opts, map_fd);
	close_fd(map_fd);
	return err;
}

#endif /* EG_SKEL_INTERNAL_H */
