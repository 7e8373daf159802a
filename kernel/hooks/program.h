/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The BPF LSM programs that call the module's kfuncs. Each is a dozen
 * instructions, without maps or state, and is written down when it is loaded: no
 * compiler, no loader program, nothing that kernel lockdown refuses.
 */
#ifndef EG_HOOK_PROGRAM_H
#define EG_HOOK_PROGRAM_H

#include <linux/types.h>

#define EG_HOOK_PROGRAM_ARGS 4

struct bpf_link;

/* What a program does before it calls. */
enum eg_hook_prelude {
	EG_HOOK_PLAIN,
	EG_HOOK_MAYBE_NULL, /* answer 0 if the first argument is NULL */
	/* answer 0 to private mappings of data; of no file: call @or_null instead */
	EG_HOOK_CODE_OR_SHARED,
	EG_HOOK_EXECUTABLE, /* answer 0 unless the second argument has PROT_EXEC */
	EG_HOOK_NO_PLAIN_READER, /* answer 0 if a file is open to be read and no more */
};

struct eg_hook_program {
	const char *hook;    /* as in lsm_hook_defs.h */
	const char *kfunc;   /* of this module */
	const char *or_null; /* another one, or NULL */
	bool sleepable;
	enum eg_hook_prelude prelude;
	u8 args[EG_HOOK_PROGRAM_ARGS]; /* which of the hook's are passed on */
	u8 arg_count;
};

/* Descriptors, all of the calling task: closed by eg_hook_program_end(). */
struct eg_hook_loader {
	int finder; /* the program that looks up BTF ids */
	int btf;    /* the module's BTF; 0: not seen yet */
};

/* Return: 0 or a negative error. Only 0 needs eg_hook_program_end(). */
int eg_hook_program_begin(struct eg_hook_loader *loader);
void eg_hook_program_end(struct eg_hook_loader *loader);

/**
 * eg_hook_program_attach() - load a program and put it on its hook
 *
 * Return: a link, of which the caller has the reference, or an ERR_PTR: ENOENT
 * when this kernel does not have the hook.
 */
struct bpf_link *eg_hook_program_attach(struct eg_hook_loader *loader,
					const struct eg_hook_program *program);

#endif /* EG_HOOK_PROGRAM_H */
