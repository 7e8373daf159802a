/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * execgate: what user space sees of the gate: modes, reasons, carriers and the
 * generic netlink family. Numbers are stable: append, never renumber.
 * The family is specified in kernel/uapi/execgate.yaml.
 */
#ifndef _UAPI_LINUX_EXECGATE_H
#define _UAPI_LINUX_EXECGATE_H

#include <linux/types.h>

/* X(CONSTANT, name, sentence): one list, so that no table can miss a member. */

#define EXECGATE_MODES(X)                                                    \
	X(OFF, "off", "loaded, hooks detached: nothing is judged")           \
	X(AUDIT, "audit", "everything runs, what would be denied is logged") \
	X(ENFORCE, "enforce", "only trusted code runs")

#define EXECGATE_HOOKS(X)                                                 \
	X(BPRM_CHECK, "exec", "execve of a program, script, interpreter") \
	X(BPRM_CREDS, "exec-check", "execveat(AT_EXECVE_CHECK)")          \
	X(MMAP_FILE, "mmap", "executable mapping of a file")              \
	X(FILE_MPROTECT, "mprotect", "making a mapping executable")       \
	X(FILE_OPEN, "open", "opening a file for writing")                \
	X(INODE_SETATTR, "truncate", "changing the size of a file")       \
	X(INODE_FREE, "inode-free", "an inode leaves memory")             \
	X(CHECK, "check", "asked over netlink, nothing was run")          \
	X(BPF_PROG, "bpf", "a descriptor of a BPF program is made")       \
	X(KERNEL_READ_FILE, "kernel-read", "the kernel loads a file")     \
	X(KERNEL_LOAD_DATA, "kernel-data", "the kernel is given data to load") \
	X(LOCKED_DOWN, "kernel-unsigned",                                 \
	  "the kernel is reached into, or loads what its keys do not know") \
	X(MMAP_BACKING, "mmap-overlay", "executable mapping below an overlay") \
	X(PTRACE_ACCESS, "ptrace", "reaching into another process")       \
	X(PTRACE_TRACEME, "traceme", "asking to be reached into")         \
	X(TASK_PRCTL, "prctl", "passing for another program")             \
	X(USERFAULTFD, "userfaultfd", "filling pages that the kernel maps")  \
	X(CAPABLE, "capable", "a capability is used, while locked")          \
	X(POLICY, "policy", "the gate's own policy is changed")              \
	X(MMAP_ADDR, "mmap-addr", "the heap or a shadow stack grows")        \
	X(BPF_LOAD, "bpf-load", "a BPF program is loaded")               \
	X(KERNEL_POST_READ, "kernel-bytes",                               \
	  "the kernel has read a file to load")                           \
	X(FILE_IOCTL, "ioctl", "sending a command to a disk")             \
	X(QUOTA_ON, "quota", "naming a file to the kernel as its quotas") \
	X(TASK_ALLOC, "fork", "a process with rules makes another one")      \
	X(READ_OPEN, "read", "an interpreter opens what it reads as code")    \
	X(FILE_READ, "read-bytes", "an interpreter reads what it opened as code") \
	X(FILE_FREE, "file-free", "an open file leaves memory")

/* The sentence finishes "FILE was denied: ...". */
#define EXECGATE_REASONS(X)                                                   \
	X(ALLOWED, "allowed", "a trusted key signed these bytes")             \
	X(UNSIGNED, "unsigned", "it carries no signature")                    \
	X(MALFORMED, "malformed", "its signature is not well formed")         \
	X(WEAK_ALGORITHM, "weak-algorithm",                                   \
	  "its signature uses an algorithm that is not allowed")              \
	X(BAD_SIGNATURE, "bad-signature",                                     \
	  "its signature does not verify with the key it names")              \
	X(UNKNOWN_SIGNER, "unknown-signer",                                   \
	  "it is signed, but by a key this machine does not trust")           \
	X(EXPIRED, "expired", "it was signed after the end of its key")           \
	X(REVOKED, "revoked", "its key or digest has been revoked")           \
	X(DIGEST_MISMATCH, "digest-mismatch",                                 \
	  "its content was changed after it was signed")                      \
	X(WRONG_CLASS, "wrong-class",                                         \
	  "it is signed, but not for this use of it")                         \
	X(WRONG_PATH, "wrong-path", "it is signed for another path")          \
	X(ROLLBACK, "rollback", "its version is older than what still counts") \
	X(FOREIGN_LIBRARY, "foreign-library",                                 \
	  "a rule of the process lets it load no code of that origin")           \
	X(WRITER_OPEN, "writer-open",                                         \
	  "somebody has it open for writing, so its content is not settled")  \
	X(SEALED, "sealed", "it is running verified and must not change")     \
	X(WX_MAPPING, "wx-mapping",                                           \
	  "the mapping would be writable and executable at once")             \
	X(EXEC_MODIFIED, "exec-modified",                                     \
	  "the mapping was written to before it was made executable")         \
	X(MPROTECT, "mprotect",                                               \
	  "it was not verified when mapped and may not become executable")    \
	X(ANON_EXEC, "anon-exec", "executable memory without a file")         \
	X(MEMFD, "memfd", "it lives in memory only (memfd) and is not sealed")                  \
	X(UNTRUSTED_FS, "untrusted-fs",                                       \
	  "its file system, or who mounted it, is not trusted with code")    \
	X(NOT_REGULAR, "not-regular", "it is not a regular file")             \
	X(SCRIPT, "script", "an unsigned script was opened by its interpreter") \
	X(INLINE_SCRIPT, "inline-script", "code from the command line")       \
	X(MODULE, "module", "the kernel module is not trusted")               \
	X(FIRMWARE, "firmware", "the firmware is not trusted")                \
	X(KEXEC, "kexec", "the kernel image is not trusted")                  \
	X(INJECT, "inject", "code would be injected into another process")    \
	X(TOO_LARGE, "too-large", "it or its signature is over the bound")    \
	X(IO_ERROR, "io-error", "it could not be read")                       \
	X(NO_MEMORY, "no-memory", "there was no memory to verify it")         \
	X(INTERRUPTED, "interrupted", "a fatal signal ended the verification") \
	X(RAW_DISK, "raw-disk",                                               \
	  "a mounted file system would be written to behind its back")        \
	X(CACHE_FULL, "cache-full",                                           \
	  "no more files can be kept from writers while they are in use")      \
	X(POLICY_VERSION, "policy-version",                                   \
	  "a signed policy of its version or a later one was in force before") \
	X(POLICY_SIGNED, "policy-signed",                                     \
	  "only a newer signed policy may loosen the signed one in force")    \
	X(LOCKED, "locked", "the gate is locked and may not be loosened")     \
	X(BPF, "bpf", "the BPF program could switch the gate's hooks off")  \
	X(WRONG_PURPOSE, "wrong-purpose",                                     \
	  "the key that signed it is trusted to sign something else")         \
	X(LOCKDOWN, "lockdown",                                               \
	  "while the gate is locked nobody reaches into the kernel")          \
	X(FOREIGN_PROGRAM, "foreign-program",                                 \
	  "a rule of the process lets it start no program of that origin")                     \
	X(UNMARKED, "unmarked",                                               \
	  "its rules could not be put on the process that uses it")

#define EXECGATE_CARRIERS(X)                                         \
	X(NONE, "none", "no signature")                              \
	X(CATALOG, "catalog", "a signed catalog of digests")         \
	X(TRAILER, "trailer", "a signature appended to the file")    \
	X(ARMOR, "armor", "a signature in comment lines of a text")  \
	X(MODSIG, "modsig", "a kernel module signature")             \
	X(VERITY, "verity", "the file's fs-verity digest")

/* The uses that a signature allows its file. */
#define EXECGATE_CLASSES(X)                                        \
	X(PROGRAM, 0, "program", "may be executed")                \
	X(LIBRARY, 1, "library", "may be mapped executable")       \
	X(SCRIPT, 2, "script", "may be executed through #!")       \
	X(INTERPRETER, 3, "interpreter", "runs scripts")           \
	X(MODULE, 4, "module", "kernel module")                    \
	X(FIRMWARE, 5, "firmware", "firmware image")               \
	X(DATA, 6, "data", "not code")                             \
	X(MAY_JIT, 7, "may-jit", "may use executable anonymous memory") \
	X(DEBUGGER, 8, "debugger", "may change other processes")

/*
 * A key's purposes: what it may sign, as its enroller said. A signature by the
 * kernel's sign-file does not say what it is for, so the key must: such signatures
 * count for kernel modules only, and only by keys that were enrolled for "modules".
 * "kernel" comes on top of the carrier: a catalog vouches for a module by a key that
 * is for both. CODE is a word for three of the others, and what a key is for that
 * nobody said anything of; the kernel never answers it.
 */
#define EXECGATE_PURPOSES(X)                                                  \
	X(CODE, 0, "code", "files, catalogs and kernel")                      \
	X(MODULES, 1, "modules", "kernel modules, by the kernel's sign-file") \
	X(FILES, 2, "files",                                                  \
	  "programs, libraries and scripts that carry their signature")       \
	X(CATALOGS, 3, "catalogs", "catalogs, and the floors in them")        \
	X(KERNEL, 4, "kernel",                                                \
	  "kernel modules, kernel images and firmware, by a manifest")        \
	X(POLICY, 5, "policy", "policies of the gate")                        \
	X(PLATFORM, 6, "platform", "libraries that every program may load")

#define EXECGATE_PURPOSES_CODE                                \
	(EXECGATE_PURPOSE_FILES | EXECGATE_PURPOSE_CATALOGS | \
	 EXECGATE_PURPOSE_KERNEL)

/* Named sets of gates, each with all of the one before it. */
#define EXECGATE_PROFILES(X)                                                \
	X(BASIC, "basic", "programs, libraries and scripts are judged")     \
	X(STANDARD, "standard",                                             \
	  "also what becomes executable later, and what the kernel loads")  \
	X(STRICT, "strict", "also memory without a file, and other processes")

#define EXECGATE_PROFILE_DEFAULT EXECGATE_PROFILE_STANDARD

/*
 * Gates that can be switched by themselves, and the lowest profile that has it;
 * COUNT is no profile, so that one is only ever switched by itself.
 */
#define EXECGATE_GATES(X)                                                     \
	X(EXEC, "exec", "programs, scripts and interpreters that are executed", \
	  BASIC)                                                              \
	X(MMAP, "mmap", "executable mappings of files", BASIC)                \
	X(MPROTECT, "mprotect", "mappings of files made executable later",    \
	  STANDARD)                                                           \
	X(SEAL, "seal", "no writing to a verified file that is mapped",       \
	  STANDARD)                                                           \
	X(MODULE, "module", "kernel modules", STANDARD)                       \
	X(FIRMWARE, "firmware", "firmware that drivers load", STRICT)         \
	X(KEXEC, "kexec", "kernels to boot into", STANDARD)                   \
	X(ANON_EXEC, "anon-exec", "executable memory without a file", STRICT) \
	X(INJECT, "inject", "changing the memory of another process", STRICT) \
	X(RAW_DISK, "raw-disk", "writing to a disk below its file system",    \
	  STRICT)                                                             \
	X(REVERIFY, "reverify", "every use of a file is judged anew", COUNT)  \
	X(SCRIPT, "script", "what interpreters read as code", STANDARD)       \
	X(INLINE, "inline", "code on command lines and in pipes", COUNT)      \
	X(TERMINAL, "terminal", "code that is typed at a terminal", COUNT)

#define EXECGATE_STATES(X)                                              \
	X(DETACHED, "detached", "mode off: hooks not attached")         \
	X(GATING, "gating", "hooks attached and seen firing")           \
	X(NOT_GATING, "not-gating", "attaching or the self-probe failed")

/* Kinds of revocation. */
#define EXECGATE_REVOCATIONS(X)                \
	X(KEY, "key", "whatever a key signed") \
	X(DIGEST, "digest", "a content")       \
	X(CATALOG, "catalog", "a catalog up to a sequence")       \
	X(VERSION, "version", "what is signed under a name, below a version")

/* Their interpreters run only what a signature vouches for. */
#define EXECGATE_CONSTRAINTS(X)                  \
	X(USER, "user", "a user, by number")     \
	X(UNIT, "unit", "a unit, by its cgroup")

/*
 * The fields of an event: X(CONSTANT, KIND, member, size, where, sentence). Its
 * attributes
 * (E_CONSTANT), execgate.yaml, the kernel's encoder, the parser, the members of
 * struct execgate_event, the fields of the journal (EXECGATE_MEMBER) and the keys of
 * JSON (member) are made of this list. KIND is
 *	U64, U32	a number
 *	DEVICE		u64, (major << 20) | minor, shown if it is not 0
 *	INODE		u64, shown if it or dev is not 0
 *	VERSION		u64, shown behind an identity; without it 0
 *	REASON, HOOK, MODE, CARRIER	u32 of that enum
 *	REPORTED	u32 enum execgate_reason; without it ALLOWED
 *	FLAG		an attribute without a value
 *	ID		u64, an attribute only if it is not 0
 *	LOGIN		u32, an attribute only if there is one: 0 is a user
 *	DIGEST		32 bytes, or none
 *	TEXT		at most size bytes, any but 0, not terminated; may be empty
 * and where it means something: of events (EVENT), in answers to a check (CHECK), BOTH.
 */
#define EXECGATE_EVENT_FIELDS(X)                                              \
	X(SEQUENCE, U64, sequence, 0, EVENT, "1, 2, 3, ...; a jump is a loss") \
	X(TIME, U64, time_nsec, 0, EVENT, "CLOCK_REALTIME, nanoseconds")      \
	X(REASON, REASON, reason, 0, BOTH, "why")                             \
	X(HOOK, HOOK, hook, 0, EVENT, "where it was asked")                   \
	X(MODE, MODE, mode, 0, BOTH,                                          \
	  "when judged: audit = it ran all the same; at hook policy enforce, as it is always refused") \
	X(CARRIER, CARRIER, carrier, 0, BOTH, "where the signature was")      \
	X(PID, U32, pid, 0, EVENT, "thread group, in the initial namespace")  \
	X(TID, U32, tid, 0, EVENT, "thread, in the initial namespace")        \
	X(UID, U32, uid, 0, EVENT, "real user, in the initial namespace")     \
	X(COMM, TEXT, comm, EXECGATE_COMM_MAX, EVENT, "name of the thread")   \
	X(DEV, DEVICE, dev, 0, BOTH, "(major << 20) | minor")                 \
	X(INO, INODE, ino, 0, BOTH, "inode number")                           \
	X(PATH, TEXT, path, EXECGATE_PATH_MAX, BOTH,                          \
	  "as the process sees it; if its root does not reach it, from another root") \
	X(PATH_CUT, FLAG, path_cut, 0, BOTH,                                  \
	  "the beginning of the path did not fit")                            \
	X(EXE, TEXT, exe, EXECGATE_PATH_MAX, EVENT,                           \
	  "what the process was running when it asked")                       \
	X(SIGNER, DIGEST, signer, 0, BOTH,                                    \
	  "fingerprint of the signing key, if it is enrolled")                \
	X(IDENTITY, TEXT, identity, EXECGATE_IDENTITY_MAX, BOTH,              \
	  "name in the signed manifest, if verified")                         \
	X(IDENTITY_VERSION, VERSION, identity_version, 0, BOTH, "its version") \
	X(DIGEST, DIGEST, digest, 0, BOTH,                                    \
	  "SHA-256 of the signed content, if computed")                       \
	X(CACHED, FLAG, cached, 0, CHECK, "the verdict came from the cache")  \
	X(REPORTED, REPORTED, reported, 0, CHECK,                             \
	  "allowed, but each use is told of with this reason")                \
	X(HARDENED, FLAG, hardened, 0, CHECK, "it runs with AT_SECURE")       \
	X(RULES, TEXT, rules, EXECGATE_RULES_MAX, CHECK,                      \
	  "rules of the process that runs it, a line each")                   \
	X(PLACED, FLAG, placed, 0, CHECK,                                     \
	  "allowed where it is, by rules of paths")                           \
	X(TTY, TEXT, tty, EXECGATE_TTY_MAX, EVENT,                            \
	  "controlling terminal, by its name below /dev")                     \
	X(CONSTRAINED, FLAG, constrained, 0, EVENT,                           \
	  "denied because its user or unit is constrained")                   \
	X(PPID, ID, ppid, 0, EVENT,                                           \
	  "parent of the process, in the initial namespace")                  \
	X(LOGIN_UID, LOGIN, login_uid, 0, EVENT,                              \
	  "user who logged in, whoever the process is since")                 \
	X(USER_NS, ID, user_ns, 0, EVENT,                                     \
	  "user namespace, by the inode number that /proc/PID/ns/user has")   \
	X(CGROUP, ID, cgroup, 0, EVENT,                                       \
	  "cgroup of version 2, by the inode number of its folder")           \
	X(CGROUP_PATH, TEXT, cgroup_path, EXECGATE_CGROUP_MAX, EVENT,         \
	  "its path from the root, up to 16 folders and the bound")           \
	X(ARGV0, TEXT, argv0, EXECGATE_ARGV0_MAX, EVENT,                      \
	  "argv[0], of an exec the one that the new program was to have")     \
	X(REAL_DEV, DEVICE, real_dev, 0, EVENT,                               \
	  "file system of real_path, as dev")                                 \
	X(REAL_PATH, TEXT, real_path, EXECGATE_PATH_MAX, EVENT,               \
	  "from the root of its file system; below an overlay the layer's file")

enum execgate_mode {
#define X(id, name, text) EXECGATE_MODE_##id,
	EXECGATE_MODES(X)
#undef X
	EXECGATE_MODE_COUNT
};

enum execgate_hook {
#define X(id, name, text) EXECGATE_HOOK_##id,
	EXECGATE_HOOKS(X)
#undef X
	EXECGATE_HOOK_COUNT
};

enum execgate_reason {
#define X(id, name, text) EXECGATE_REASON_##id,
	EXECGATE_REASONS(X)
#undef X
	EXECGATE_REASON_COUNT
};

enum execgate_carrier {
#define X(id, name, text) EXECGATE_CARRIER_##id,
	EXECGATE_CARRIERS(X)
#undef X
	EXECGATE_CARRIER_COUNT
};

enum execgate_class {
#define X(id, bit, name, text) EXECGATE_CLASS_##id = 1 << (bit),
	EXECGATE_CLASSES(X)
#undef X
};

enum execgate_purpose {
#define X(id, bit, name, text) EXECGATE_PURPOSE_##id = 1 << (bit),
	EXECGATE_PURPOSES(X)
#undef X
/* All of them together: what K_PURPOSES may have. */
#define X(id, bit, name, text) EXECGATE_PURPOSE_##id |
	EXECGATE_PURPOSES_ALL = EXECGATE_PURPOSES(X) 0
#undef X
};

/* CODE as the purposes that it stands for. */
static inline __u32 execgate_purposes_expand(__u32 purposes)
{
	return purposes & EXECGATE_PURPOSE_CODE ?
		       (purposes & ~EXECGATE_PURPOSE_CODE) |
			       EXECGATE_PURPOSES_CODE :
		       purposes;
}

enum execgate_profile {
#define X(id, name, text) EXECGATE_PROFILE_##id,
	EXECGATE_PROFILES(X)
#undef X
	EXECGATE_PROFILE_COUNT
};

enum execgate_gate {
#define X(id, name, text, lowest) EXECGATE_GATE_##id,
	EXECGATE_GATES(X)
#undef X
	EXECGATE_GATE_COUNT /* at most 32: they are the bits of A_GATES */
};

enum execgate_revocation_kind {
#define X(id, name, text) EXECGATE_REVOCATION_##id,
	EXECGATE_REVOCATIONS(X)
#undef X
	EXECGATE_REVOCATION_COUNT
};

enum execgate_constraint {
#define X(id, name, text) EXECGATE_CONSTRAINT_##id,
	EXECGATE_CONSTRAINTS(X)
#undef X
	EXECGATE_CONSTRAINT_COUNT
};

/*
 * Generic netlink. Every command needs CAP_MAC_ADMIN or CAP_SYS_ADMIN. A refusal
 * has its errno, a sentence (NLMSGERR_ATTR_MSG) and, where there is one, its
 * enum execgate_reason (NLMSGERR_ATTR_COOKIE, u64).
 */
#define EXECGATE_GENL_NAME "execgate"
#define EXECGATE_GENL_VERSION 1
#define EXECGATE_GENL_MCGRP_EVENTS "events"

enum execgate_cmd {
	EXECGATE_CMD_UNSPEC,
	EXECGATE_CMD_STATUS,	 /* do: reply A_STATE.. A_COUNTERS,
				  * A_PROFILE, A_GATES, [A_LOCKED],
				  * [A_POLICY = the signed one in force] */
	EXECGATE_CMD_MODE_SET,	 /* do: A_MODE */
	EXECGATE_CMD_CHECK,	 /* do: A_FD [A_HOOK]; reply A_EVENT (a verdict) */
	EXECGATE_CMD_KEY_ADD,	 /* do: A_KEY{CERTIFICATE, NOT_AFTER, PURPOSES,
				  * REPLACE, CA, LEAF}; reply A_KEY */
	EXECGATE_CMD_KEY_REMOVE, /* do: A_KEY{FINGERPRINT} */
	EXECGATE_CMD_KEY_LIST,	 /* dump: A_KEY each */
	EXECGATE_CMD_EVENT_LIST, /* dump: [A_SEQUENCE = first wanted]; A_EVENT each */
	EXECGATE_CMD_EVENT,	 /* multicast: A_EVENT, may repeat in one message */
	EXECGATE_CMD_CATALOG_ADD,    /* do: A_FD of a signed catalog; reply A_CATALOG.
				      * One of the same name is replaced at once. */
	EXECGATE_CMD_CATALOG_REMOVE, /* do: A_CATALOG{NAME} */
	EXECGATE_CMD_CATALOG_LIST,   /* dump: A_CATALOG each */
	EXECGATE_CMD_POLICY_SET,     /* do: [A_MODE] [A_PROFILE] [A_GATES]: all of
				      * it at once; what is not named stays */
	EXECGATE_CMD_REVOKE_ADD,     /* do: A_REVOCATION, up to EXECGATE_REVOKE_BATCH */
	EXECGATE_CMD_REVOKE_REMOVE,  /* do: A_REVOCATION, one */
	EXECGATE_CMD_REVOKE_LIST,    /* dump: A_REVOCATION each */
	EXECGATE_CMD_LOCK,	     /* do: nothing is loosened until the next boot */
	EXECGATE_CMD_POLICY_LOAD,    /* do: A_FD of a signed policy, at most
				      * EXECGATE_POLICY_SIZE_MAX */
	EXECGATE_CMD_CONSTRAIN_ADD,    /* do: A_CONSTRAINT */
	EXECGATE_CMD_CONSTRAIN_REMOVE, /* do: A_CONSTRAINT */
	EXECGATE_CMD_CONSTRAIN_LIST,   /* dump: A_CONSTRAINT each */
	__EXECGATE_CMD_MAX
};
#define EXECGATE_CMD_MAX (__EXECGATE_CMD_MAX - 1)

enum execgate_attr {
	EXECGATE_A_UNSPEC,
	EXECGATE_A_PAD,
	EXECGATE_A_STATE,	/* u32 enum execgate_state */
	EXECGATE_A_MODE,	/* u32 enum execgate_mode */
	EXECGATE_A_VERSION,	/* string: module version */
	EXECGATE_A_COUNTERS,	/* nest of EXECGATE_C_* */
	EXECGATE_A_FD,		/* s32: open file of the caller */
	EXECGATE_A_HOOK,	/* u32 enum execgate_hook: judge as at this hook */
	EXECGATE_A_KEY,		/* nest of EXECGATE_K_* */
	EXECGATE_A_SEQUENCE,	/* u64 event sequence number */
	EXECGATE_A_EVENT,	/* nest of EXECGATE_E_* */
	EXECGATE_A_CATALOG,	/* nest of EXECGATE_T_* */
	EXECGATE_A_PROFILE,	/* u32 enum execgate_profile: sets its gates */
	EXECGATE_A_GATES,	/* bitfield32 by enum execgate_gate: then these */
	EXECGATE_A_REVOCATION,	/* nest of EXECGATE_V_*, may repeat */
	EXECGATE_A_LOCKED,	/* flag: nothing is loosened until the next boot */
	EXECGATE_A_POLICY,	/* nest of EXECGATE_P_* */
	EXECGATE_A_CONSTRAINT,	/* nest of EXECGATE_N_* */
	__EXECGATE_A_MAX
};
#define EXECGATE_A_MAX (__EXECGATE_A_MAX - 1)

/* "Loaded but not gating" must be impossible to miss: a state of its own. */
enum execgate_state {
#define X(id, name, text) EXECGATE_STATE_##id,
	EXECGATE_STATES(X)
#undef X
};

enum execgate_counter_attr {
	EXECGATE_C_UNSPEC,
	EXECGATE_C_PAD,
	EXECGATE_C_HOOK_CALLS,	     /* nest: type = 1 + enum execgate_hook, u64 */
	EXECGATE_C_DENIES,	     /* nest: type = 1 + enum execgate_reason, u64;
				      * counts would-be denies of audit mode too */
	EXECGATE_C_CACHE_HITS,	     /* u64 */
	EXECGATE_C_CACHE_MISSES,     /* u64 */
	EXECGATE_C_CACHE_ENTRIES,    /* u64: now */
	EXECGATE_C_VERIFIES,	     /* u64: public key operations */
	EXECGATE_C_BYTES_HASHED,     /* u64 */
	/* emitted + suppressed + dropped = all denies but "interrupted", and those by a
	 * quiet rule of what is read: they are counted and not reported */
	EXECGATE_C_EVENTS_EMITTED,   /* u64: held in the ring, or read from it */
	EXECGATE_C_EVENTS_DROPPED,   /* u64: no memory for them */
	EXECGATE_C_EVENT_OLDEST,     /* u64: first sequence number still held */
	EXECGATE_C_EVENT_NEXT,	     /* u64: sequence number of the next event */
	EXECGATE_C_KEYS,	     /* u64: enrolled keys that may sign code and are
				      * not revoked */
	EXECGATE_C_ANON_EXEC,	     /* u64: executable anonymous mappings let through */
	EXECGATE_C_CATALOGS,	     /* u64: loaded now */
	EXECGATE_C_CATALOG_DIGESTS,  /* u64: in all of them together */
	EXECGATE_C_CATALOG_BYTES,    /* u64: kernel memory they take */
	EXECGATE_C_REVOCATIONS,	     /* u64: keys and digests on the list */
	EXECGATE_C_INJECT,	     /* u64: ways into other processes let through */
	EXECGATE_C_EVENTS_SUPPRESSED, /* u64: pushed out of the ring by newer ones of
				       * the same user, before anybody read them */
	EXECGATE_C_EVENTS_HELD,	     /* u64: in the ring now */
	EXECGATE_C_INLINE,	     /* u64: code on command lines let through */
	EXECGATE_C_DENIED,	     /* u64: of C_DENIES, those that were in force */
	__EXECGATE_C_MAX
};
#define EXECGATE_C_MAX (__EXECGATE_C_MAX - 1)

enum execgate_key_attr {
	EXECGATE_K_UNSPEC,
	EXECGATE_K_PAD,
	EXECGATE_K_CERTIFICATE, /* binary: X.509 DER, at most EXECGATE_CERT_MAX */
	EXECGATE_K_FINGERPRINT, /* binary 32: SHA-256 of the certificate DER */
	EXECGATE_K_NOT_AFTER,	/* u64: seconds since 1970; what it signs later
				 * does not count; 0 = it never ends. When a
				 * key is added without it: as the certificate
				 * says, which must be in its time now */
	EXECGATE_K_DESCRIPTION, /* string: the kernel's name of the key */
	EXECGATE_K_ALGORITHM,	/* string: "rsa", "ecdsa-nist-p256", ... */
	EXECGATE_K_BITS,	/* u32 */
	EXECGATE_K_REVOKED,	/* flag: what it signed is denied */
	EXECGATE_K_PURPOSES,	/* u32 bits of enum execgate_purpose; when a key
				 * is added without it: CODE */
	EXECGATE_K_REPLACE,	/* flag: a key that is enrolled is for these
				 * purposes from now on, whatever it was for */
	EXECGATE_K_CA,		/* flag: it signs certificates and nothing else;
				 * its purposes bound those of their keys */
	EXECGATE_K_LEAF,	/* flag: when a key is added: to be trusted because
				 * an enrolled CA signed its certificate; without
				 * K_PURPOSES for all that the CA is for. In replies
				 * such a key has K_ISSUER instead */
	EXECGATE_K_ISSUER,	/* binary 32: fingerprint of that CA */
	__EXECGATE_K_MAX
};
#define EXECGATE_K_MAX (__EXECGATE_K_MAX - 1)

enum execgate_catalog_attr {
	EXECGATE_T_UNSPEC,
	EXECGATE_T_PAD,
	EXECGATE_T_NAME,	/* binary, 1 to 255 bytes, any but 0, not terminated */
	EXECGATE_T_SEQUENCE,	/* u64 */
	EXECGATE_T_CREATED,	/* u64: seconds since 1970, as its manifest says */
	EXECGATE_T_ENTRIES,	/* u32 */
	EXECGATE_T_SIGNER,	/* binary 32: fingerprint of the key */
	__EXECGATE_T_MAX
};
#define EXECGATE_T_MAX (__EXECGATE_T_MAX - 1)

enum execgate_revocation_attr {
	EXECGATE_V_UNSPEC,
	EXECGATE_V_PAD,
	EXECGATE_V_KIND,	/* u32 enum execgate_revocation_kind */
	EXECGATE_V_VALUE,	/* binary 32: fingerprint of the key, or the digest */
	EXECGATE_V_NAME,	/* binary, as T_NAME: of the catalog or identity */
	EXECGATE_V_SEQUENCE,	/* u64: the catalog up to and with this one */
	EXECGATE_V_VERSION,	/* u64: the identity below this one; never 0 */
	EXECGATE_V_REPORTED,	/* u64: in replies, and from rules of catalogs
				 * only: below this one it is told of and runs */
	__EXECGATE_V_MAX
};
#define EXECGATE_V_MAX (__EXECGATE_V_MAX - 1)

enum execgate_constraint_attr {
	EXECGATE_N_UNSPEC,
	EXECGATE_N_PAD,
	EXECGATE_N_KIND, /* u32 enum execgate_constraint */
	EXECGATE_N_ID,	 /* u64: of the user, in the initial namespace; or of the
			  * cgroup, which is the inode number of its folder */
	__EXECGATE_N_MAX
};
#define EXECGATE_N_MAX (__EXECGATE_N_MAX - 1)

/* A signed policy. The policy in force may be stricter, never looser. */
enum execgate_policy_attr {
	EXECGATE_P_UNSPEC,
	EXECGATE_P_PAD,
	EXECGATE_P_NAME,	/* string: letters, digits and ._+- */
	EXECGATE_P_VERSION,	/* u64: only a higher one takes its place */
	EXECGATE_P_CREATED,	/* u64: seconds since 1970, as it says */
	EXECGATE_P_SIGNER,	/* binary 32: fingerprint of the key */
	EXECGATE_P_MODE,	/* u32 enum execgate_mode */
	EXECGATE_P_PROFILE,	/* u32 enum execgate_profile */
	EXECGATE_P_GATES,	/* bitfield32 by enum execgate_gate: all of them */
	EXECGATE_P_FLOORS,	/* binary: its floors, as execgate-format(5) has them;
				 * none if there are none */
	EXECGATE_P_USERS,	/* binary: the users that it constrains, likewise */
	__EXECGATE_P_MAX
};
#define EXECGATE_P_MAX (__EXECGATE_P_MAX - 1)

enum execgate_event_attr {
	EXECGATE_E_UNSPEC,
	EXECGATE_E_PAD,
#define X(id, kind, member, size, where, text) EXECGATE_E_##id,
	EXECGATE_EVENT_FIELDS(X)
#undef X
	__EXECGATE_E_MAX
};
#define EXECGATE_E_MAX (__EXECGATE_E_MAX - 1)

#define EXECGATE_CERT_MAX 8192
#define EXECGATE_KEYS_MAX 64
#define EXECGATE_CATALOGS_MAX 1024
#define EXECGATE_CATALOG_NAME_MAX 255
#define EXECGATE_CATALOG_SIZE_MAX (256 * 1024 * 1024) /* bytes of the file */
#define EXECGATE_POLICY_NAME_MAX 64
#define EXECGATE_POLICY_SIZE_MAX 8192 /* bytes of the signed message */
#define EXECGATE_POLICY_FLOORS_MAX 4096 /* bytes of its floors */
#define EXECGATE_POLICY_USERS_MAX 512	/* bytes of the users it constrains */
#define EXECGATE_REVOCATIONS_MAX 8192 /* keys and digests */
#define EXECGATE_FLOORS_MAX 4096      /* identities with versions revoked */
#define EXECGATE_CONSTRAINTS_MAX 256  /* users and units together */
#define EXECGATE_REVOKE_BATCH 128     /* in one request */
#define EXECGATE_PATH_MAX 1024
#define EXECGATE_RULES_MAX 1024
#define EXECGATE_COMM_MAX 16
#define EXECGATE_TTY_MAX 31
#define EXECGATE_CGROUP_MAX 511
#define EXECGATE_ARGV0_MAX 128
#define EXECGATE_IDENTITY_MAX 255
#define EXECGATE_RING_MAX 4096	/* events held for a reader that comes later */
#define EXECGATE_FINGERPRINT_SIZE 32

#endif /* _UAPI_LINUX_EXECGATE_H */
