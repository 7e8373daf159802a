// SPDX-License-Identifier: GPL-2.0
#include "hooks/program.h"

#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/err.h>
#include <linux/fdtable.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/mman.h>
#include <linux/string.h>

#include "compat/compat.h"

EG_IMPORT_NS(BPF_INTERNAL);

/* kernel/bpf/syscall.c; exported, declared nowhere. */
int kern_sys_bpf(int cmd, union bpf_attr *attr, unsigned int size);

#define NAME_SIZE 48
#define INSNS_MAX 32

/* The finder's question and answer; its context. */
struct query {
	char name[NAME_SIZE]; /* of a function; the last byte is 0 */
	u64 answer;
};

/* A helper takes memory of the stack, not of the context: 8 bytes across. */
#define ON_STACK(at)                                      \
	BPF_LDX_MEM(BPF_DW, BPF_REG_1, BPF_REG_6,         \
		    offsetof(struct query, name) + (at)), \
		BPF_STX_MEM(BPF_DW, BPF_REG_10, BPF_REG_1, (at) - NAME_SIZE)

/*
 * BTF ids are found by name, for which modules have no function on every
 * supported kernel; but programs do. It reads no kernel memory (probe_read), so
 * that a kernel locked down for confidentiality lets it.
 */
static const struct bpf_insn finder[] = {
	BPF_MOV64_REG(BPF_REG_6, BPF_REG_1),
	ON_STACK(0),
	ON_STACK(8),
	ON_STACK(16),
	ON_STACK(24),
	ON_STACK(32),
	ON_STACK(40),
	BPF_MOV64_REG(BPF_REG_1, BPF_REG_10),
	BPF_ALU64_IMM(BPF_ADD, BPF_REG_1, -NAME_SIZE),
	BPF_MOV64_IMM(BPF_REG_2, NAME_SIZE),
	BPF_MOV64_IMM(BPF_REG_3, BTF_KIND_FUNC),
	BPF_MOV64_IMM(BPF_REG_4, 0),
	BPF_RAW_INSN(BPF_JMP | BPF_CALL, 0, 0, 0,
		     BPF_FUNC_btf_find_by_name_kind),
	BPF_STX_MEM(BPF_DW, BPF_REG_6, BPF_REG_0,
		    offsetof(struct query, answer)),
	BPF_MOV64_IMM(BPF_REG_0, 0),
	BPF_EXIT_INSN(),
};

static_assert(NAME_SIZE == 48);

int eg_hook_program_begin(struct eg_hook_loader *loader)
{
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_SYSCALL,
		.insns = (long)finder,
		.insn_cnt = ARRAY_SIZE(finder),
		.license = (long)"GPL",
		.prog_flags = BPF_F_SLEEPABLE,
		.prog_name = "execgate_find",
	};

	loader->btf = 0;
	loader->finder = kern_sys_bpf(BPF_PROG_LOAD, &attr, sizeof(attr));
	return loader->finder < 0 ? loader->finder : 0;
}

void eg_hook_program_end(struct eg_hook_loader *loader)
{
	if (loader->btf)
		close_fd(loader->btf);
	close_fd(loader->finder);
}

/*
 * The BTF id of a function, or a negative error. For a module's function comes a
 * new descriptor of that module's BTF too, else 0, which is never that
 * descriptor: the finder's is open, so that 0 is taken.
 */
static int find_type(const struct eg_hook_loader *loader, const char *name,
		     int *btf)
{
	struct query query = {};
	union bpf_attr attr = {
		.test.prog_fd = loader->finder,
		.test.ctx_in = (long)&query,
		.test.ctx_size_in = sizeof(query),
	};
	int err;

	if (strscpy(query.name, name) < 0)
		return -ENAMETOOLONG;
	err = kern_sys_bpf(BPF_PROG_TEST_RUN, &attr, sizeof(attr));
	if (err)
		return err;
	if ((s64)query.answer < 0)
		return (s64)query.answer;
	*btf = upper_32_bits(query.answer);
	return lower_32_bits(query.answer);
}

/* One BTF has all of the module's functions: its first descriptor is kept. */
static int find_kfunc(struct eg_hook_loader *loader, const char *name)
{
	int btf = 0;
	int id = find_type(loader, name, &btf);

	if (id < 0)
		return id;
	if (!btf)
		return -EINVAL;
	if (loader->btf)
		close_fd(btf);
	else
		loader->btf = btf;
	return id;
}

static int find_hook(const struct eg_hook_loader *loader, const char *hook)
{
	char name[NAME_SIZE];
	int btf = 0;
	int id;

	if (snprintf(name, sizeof(name), "bpf_lsm_%s", hook) >=
	    (int)sizeof(name))
		return -ENAMETOOLONG;
	id = find_type(loader, name, &btf);
	if (!btf)
		return id;
	/* Some module's function of that name is no hook. */
	close_fd(btf);
	return -ENOENT;
}

struct code {
	struct bpf_insn insns[INSNS_MAX];
	u32 count;
};

/* The longest program has 25; one that did not fit is refused. */
static void emit_insn(struct code *code, struct bpf_insn insn)
{
	if (code->count < INSNS_MAX)
		code->insns[code->count] = insn;
	code->count++;
}

/* The @nth of the arguments passed on, into @reg. Register 6 has the context. */
static void emit_arg(struct code *code, const struct eg_hook_program *program,
		     u8 nth, u8 reg)
{
	emit_insn(code, BPF_LDX_MEM(BPF_DW, reg, BPF_REG_6,
				    program->args[nth] * sizeof(u64)));
}

/* @id is of the BTF whose descriptor is the second in the load's fd_array. */
static void emit_call(struct code *code, int id)
{
	emit_insn(code, BPF_RAW_INSN(BPF_JMP | BPF_CALL, 0,
				     BPF_PSEUDO_KFUNC_CALL, 1, id));
}

/* Unless it is NULL, what is in register 1, skip @insns instructions. */
static void emit_if_null(struct code *code, u8 insns)
{
	emit_insn(code, BPF_JMP_IMM(BPF_JNE, BPF_REG_1, 0, insns));
}

static void emit_leave(struct code *code)
{
	emit_insn(code, BPF_MOV64_IMM(BPF_REG_0, 0));
	emit_insn(code, BPF_EXIT_INSN());
}

/*
 * Of all hooks file_open is called most. Reading changes nothing, so only
 * writers are asked about, and what execve opens; folders, by which the self-test
 * knows that it fires; and character devices, which may be commanded by who has
 * them open for reading.
 */
static void emit_look_at_file(struct code *code)
{
	static_assert(sizeof_field(struct file, f_mode) == sizeof(u32));
	static_assert(sizeof_field(struct file, f_flags) == sizeof(u32));
	static_assert(sizeof_field(struct inode, i_mode) == sizeof(u16));

	emit_insn(code, BPF_LDX_MEM(BPF_W, BPF_REG_2, BPF_REG_1,
				    offsetof(struct file, f_mode)));
	emit_insn(code, BPF_LDX_MEM(BPF_W, BPF_REG_3, BPF_REG_1,
				    offsetof(struct file, f_flags)));
	emit_insn(code,
		  BPF_ALU32_IMM(BPF_AND, BPF_REG_2, (__force u32)FMODE_WRITE));
	emit_insn(code, BPF_ALU32_IMM(BPF_AND, BPF_REG_3,
				      O_DIRECTORY | __FMODE_EXEC));
	emit_insn(code, BPF_ALU32_REG(BPF_OR, BPF_REG_2, BPF_REG_3));
	emit_insn(code, BPF_JMP_IMM(BPF_JNE, BPF_REG_2, 0, 6));
	emit_insn(code, BPF_LDX_MEM(BPF_DW, BPF_REG_3, BPF_REG_1,
				    offsetof(struct file, f_inode)));
	emit_insn(code, BPF_LDX_MEM(BPF_H, BPF_REG_3, BPF_REG_3,
				    offsetof(struct inode, i_mode)));
	emit_insn(code, BPF_ALU32_IMM(BPF_AND, BPF_REG_3, S_IFMT));
	emit_insn(code, BPF_JMP_IMM(BPF_JEQ, BPF_REG_3, S_IFCHR, 2));
	emit_leave(code);
}

/* The second argument is a protection: with PROT_EXEC in it, skip @insns. */
static void emit_if_executable(struct code *code,
			       const struct eg_hook_program *program, u8 insns)
{
	emit_arg(code, program, 1, BPF_REG_2);
	emit_insn(code, BPF_ALU32_IMM(BPF_AND, BPF_REG_2, PROT_EXEC));
	emit_insn(code, BPF_JMP_IMM(BPF_JNE, BPF_REG_2, 0, insns));
}

/*
 * Nearly all mappings are private ones of data. They make no code, and nobody writes
 * to a file by them. The file is not looked at: it may be NULL here.
 */
static void emit_look_at_mapping(struct code *code,
				 const struct eg_hook_program *program)
{
	emit_if_executable(code, program, 5);
	emit_arg(code, program, 2, BPF_REG_3);
	emit_insn(code, BPF_ALU32_IMM(BPF_AND, BPF_REG_3, MAP_TYPE));
	emit_insn(code, BPF_JMP_IMM(BPF_JNE, BPF_REG_3, MAP_PRIVATE, 2));
	emit_leave(code);
}

/* The other arguments, the call, a jump over the usual call. */
static void emit_call_if_null(struct code *code,
			      const struct eg_hook_program *program,
			      int or_null)
{
	u8 i, others = program->arg_count - 1;

	emit_if_null(code, others + 2);
	for (i = 1; i < program->arg_count; i++)
		emit_arg(code, program, i, BPF_REG_0 + i);
	emit_call(code, or_null);
	emit_insn(code, BPF_JMP_A(others + 1));
}

static void emit_prelude(struct code *code,
			 const struct eg_hook_program *program, int or_null)
{
	switch (program->prelude) {
	case EG_HOOK_PLAIN:
		return;
	case EG_HOOK_MAYBE_NULL:
		emit_if_null(code, 2);
		emit_leave(code);
		return;
	case EG_HOOK_CODE_OR_SHARED:
		emit_look_at_mapping(code, program);
		emit_call_if_null(code, program, or_null);
		return;
	case EG_HOOK_EXECUTABLE:
		emit_if_executable(code, program, 2);
		emit_leave(code);
		return;
	case EG_HOOK_NO_PLAIN_READER:
		emit_look_at_file(code);
		return;
	}
}

/*
 * The verifier wants to see that a hook returns an errno and nothing else. 0 is
 * "no opinion" everywhere: it lets the programs that were attached before be
 * asked, and when all say 0, the kernel calls the empty hook below them. What
 * that returns counts, for task_prctl -ENOSYS. Answering -ENOSYS ourselves would
 * end it here, as any other error does.
 */
static void emit_answer(struct code *code)
{
	emit_insn(code, BPF_MOV64_REG(BPF_REG_1, BPF_REG_0));
	emit_insn(code, BPF_MOV64_IMM(BPF_REG_0, 0));
	emit_insn(code, BPF_JMP32_IMM(BPF_JEQ, BPF_REG_1, 0, 3));
	emit_insn(code, BPF_MOV64_IMM(BPF_REG_0, -EPERM));
	emit_insn(code, BPF_JMP32_IMM(BPF_JNE, BPF_REG_1, -ETXTBSY, 1));
	emit_insn(code, BPF_MOV64_IMM(BPF_REG_0, -ETXTBSY));
	emit_insn(code, BPF_EXIT_INSN());
}

static int write_program(struct eg_hook_loader *loader,
			 const struct eg_hook_program *program,
			 struct code *code)
{
	int or_null = 0;
	int id;
	u8 i;

	id = find_kfunc(loader, program->kfunc);
	if (id < 0)
		return id;
	if (program->or_null) {
		or_null = find_kfunc(loader, program->or_null);
		if (or_null < 0)
			return or_null;
	}
	emit_insn(code, BPF_MOV64_REG(BPF_REG_6, BPF_REG_1));
	if (program->arg_count)
		emit_arg(code, program, 0, BPF_REG_1);
	emit_prelude(code, program, or_null);
	for (i = 1; i < program->arg_count; i++)
		emit_arg(code, program, i, BPF_REG_1 + i);
	emit_call(code, id);
	emit_answer(code);
	return code->count <= INSNS_MAX ? 0 : -E2BIG;
}

/* Return: a descriptor. */
static int load_program(struct eg_hook_loader *loader,
			const struct eg_hook_program *program)
{
	struct code code = {};
	int fds[2];
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_LSM,
		.expected_attach_type = BPF_LSM_MAC,
		.insns = (long)code.insns,
		.license = (long)"GPL",
		.fd_array = (long)fds,
		.prog_flags = program->sleepable ? BPF_F_SLEEPABLE : 0,
	};
	int hook, err;

	hook = find_hook(loader, program->hook);
	if (hook < 0)
		return hook;
	err = write_program(loader, program, &code);
	if (err)
		return err;
	attr.attach_btf_id = hook;
	attr.insn_cnt = code.count;
	/* As its kfunc, shorter: "execgate doctor" tells ours by the start. */
	snprintf(attr.prog_name, sizeof(attr.prog_name), "eg_%s",
		 strchr(program->kfunc, '_') + 1);
	/* The first stands for the kernel's own BTF. */
	fds[0] = 0;
	fds[1] = loader->btf;
	return kern_sys_bpf(BPF_PROG_LOAD, &attr, sizeof(attr));
}

struct bpf_link *eg_hook_program_attach(struct eg_hook_loader *loader,
					const struct eg_hook_program *program)
{
	union bpf_attr attr = {};
	struct bpf_link *link;
	int prog, fd;

	prog = load_program(loader, program);
	if (prog < 0)
		return ERR_PTR(prog);
	attr.raw_tracepoint.prog_fd = prog;
	fd = kern_sys_bpf(BPF_RAW_TRACEPOINT_OPEN, &attr, sizeof(attr));
	close_fd(prog);
	if (fd < 0)
		return ERR_PTR(fd);
	link = bpf_link_get_from_fd(fd);
	close_fd(fd);
	return link;
}
