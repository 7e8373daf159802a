// SPDX-License-Identifier: GPL-2.0
/*
 * BPF programs that others load, once root may not loosen the gate any more. The
 * kernel lets a BPF program answer before a hook does, or instead of it:
 *
 * - LSM programs: the one attached last is asked first, and the first that does
 *   not answer 0 ends it; of task_prctl that means "allowed" for -ENOSYS.
 * - fmod_ret (BPF_MODIFY_RETURN) on security_*(): the hooks are not asked at all.
 * - freplace: takes the place of a function of another program.
 * - struct_ops: functions of a scheduler, a driver, a network protocol.
 * - kprobes that call bpf_override_return().
 *
 * What only looks (fentry, fexit, tracepoints, other kprobes) changes no answer.
 */
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "core/digest.h"
#include "core/policy.h"
#include "gate.h"
#include "hooks/hook.h"
#include "trust/catalog.h"
#include "trust/revocation.h"

/* Longer programs are not listed: hashing is not a way to keep a processor. */
#define LISTED_INSNS 65536

/*
 * What a digest in a catalog is of: little-endian and without holes. BTF ids are
 * those of one build of the kernel, and with them the digest. The bytes of a
 * file are no program: such an entry says that its size is 0.
 */
struct image {
	char magic[16];
	__le32 type;
	__le32 attach_type;
	__le32 attach_btf_id;
	__le32 insn_count;
	u8 target[BPF_TAG_SIZE]; /* the program that freplace is for */
	struct bpf_insn insns[];
};

static_assert(sizeof(struct image) == 40);
static_assert(sizeof(struct bpf_insn) == 8);

static bool overrides_hook(const struct bpf_prog *prog)
{
	const struct bpf_insn *insn = prog->insnsi;
	u32 i;

	for (i = 0; i < prog->len; i++)
		if (insn[i].code == (BPF_JMP | BPF_CALL) &&
		    insn[i].src_reg == 0 &&
		    insn[i].imm == BPF_FUNC_override_return)
			return true;
	return false;
}

static bool may_answer(const struct bpf_prog *prog)
{
	switch (prog->type) {
	case BPF_PROG_TYPE_LSM:
	case BPF_PROG_TYPE_EXT:
	case BPF_PROG_TYPE_STRUCT_OPS:
		return true;
	case BPF_PROG_TYPE_TRACING:
		return prog->expected_attach_type == BPF_MODIFY_RETURN;
	case BPF_PROG_TYPE_KPROBE:
		return overrides_hook(prog);
	default:
		return false;
	}
}

static bool loads_map(const struct bpf_insn *insn)
{
	return insn->code == (BPF_LD | BPF_IMM | BPF_DW) &&
	       (insn->src_reg == BPF_PSEUDO_MAP_FD ||
		insn->src_reg == BPF_PSEUDO_MAP_VALUE);
}

/* As the kernel does for a program's tag: descriptors differ each time. */
static void copy_insns(struct image *image, const struct bpf_prog *prog)
{
	u32 i;

	memcpy(image->insns, prog->insnsi, prog->len * sizeof(*image->insns));
	for (i = 0; i < prog->len; i++) {
		if (!loads_map(&image->insns[i]))
			continue;
		image->insns[i].imm = 0;
		if (i + 1 < prog->len)
			image->insns[i + 1].imm = 0;
		i++;
	}
}

static int take_digest(const struct bpf_prog *prog, u8 digest[EG_SHA256_SIZE])
{
	size_t size = struct_size_t(struct image, insns, prog->len);
	struct image *image = kvzalloc(size, GFP_KERNEL_ACCOUNT);
	int err;

	if (!image)
		return -ENOMEM;
	memcpy(image->magic, "execgate BPF  1", sizeof(image->magic));
	image->type = cpu_to_le32(prog->type);
	image->attach_type = cpu_to_le32(prog->expected_attach_type);
	image->attach_btf_id = cpu_to_le32(prog->aux->attach_btf_id);
	image->insn_count = cpu_to_le32(prog->len);
	if (prog->aux->dst_prog)
		memcpy(image->target, prog->aux->dst_prog->tag,
		       sizeof(image->target));
	copy_insns(image, prog);
	err = eg_digest_bytes(image, size, digest);
	kvfree(image);
	return err;
}

/*
 * Relocations are applied after this hook and change instructions, so that the
 * digest of a program that brings some says nothing.
 */
static void judge_program(const struct bpf_prog *prog,
			  const union bpf_attr *attr,
			  struct eg_verdict *verdict)
{
	enum execgate_reason found;

	verdict->reason = EXECGATE_REASON_BPF;
	if (attr->core_relo_cnt || prog->len > LISTED_INSNS)
		return;
	if (take_digest(prog, verdict->digest)) {
		verdict->reason = EXECGATE_REASON_NO_MEMORY;
		return;
	}
	verdict->has_digest = true;
	if (eg_revocation_has(EXECGATE_REVOCATION_DIGEST, verdict->digest)) {
		verdict->reason = EXECGATE_REASON_REVOKED;
		return;
	}
	found = eg_catalog_find(EG_DIGEST_CONTENT, verdict->digest, 0,
				EXECGATE_CLASS_MODULE, true, NULL, verdict);
	if (found == EXECGATE_REASON_REVOKED ||
	    found == EXECGATE_REASON_WRONG_PURPOSE ||
	    (found == EXECGATE_REASON_ALLOWED &&
	     verdict->classes & EXECGATE_CLASS_MODULE))
		verdict->reason = found;
}

int eg_hook_bpf_load(const struct bpf_prog *prog, const union bpf_attr *attr)
{
	struct eg_verdict verdict = {};

	if (!eg_policy_bound() || !may_answer(prog))
		return 0;
	judge_program(prog, attr, &verdict);
	if (verdict.reason == EXECGATE_REASON_ALLOWED)
		return 0;
	eg_gate_refuse_bound(EXECGATE_HOOK_BPF_LOAD, &verdict);
	return -EPERM;
}
