/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Attack programs of the VM suite: one static binary, one subcommand an attack,
 * so that the guest needs nothing else and one signature trusts them all.
 *
 * Exit status of a subcommand: what the attacked code returned (9 or 7) when it
 * ran; ATTACK_REFUSED after "refused: ERRNO" on stdout; ATTACK_BROKEN when the
 * attack could not even be set up, which no case accepts.
 */
#ifndef ATTACK_H
#define ATTACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ATTACK_REFUSED 3
#define ATTACK_BROKEN 99

struct attack {
	const char *name;
	int (*run)(char **argv); /* its arguments, NULL-terminated */
	int arguments;		 /* how many it needs at least */
};

extern const struct attack exec_attacks[];
extern const struct attack map_attacks[];
extern const struct attack write_attacks[];
extern const struct attack netlink_attacks[];
extern const struct attack event_attacks[];
extern const struct attack notify_attacks[];
extern const struct attack module_attacks[];
extern const struct attack race_attacks[];
extern const struct attack bpf_attacks[];
extern const struct attack bpf_load_attacks[];
extern const struct attack pin_attacks[];
extern const struct attack overlay_attacks[];
extern const struct attack fuse_attacks[];
extern const struct attack disk_attacks[];
extern const struct attack inject_attacks[];
extern const struct attack fault_attacks[];
extern const struct attack dm_attacks[];
extern const struct attack load_attacks[];
extern const struct attack neighbour_attacks[];
extern const struct attack userfault_attacks[];
extern const struct attack i386_attacks[];
extern const struct attack memory_attacks[];
extern const struct attack walk_attacks[];
extern const struct attack process_attacks[];
extern const struct attack opens_attacks[];

/* Say that @what failed with errno. Return: ATTACK_REFUSED. */
int refused(const char *what);

/* The set-up itself failed: say so and exit with ATTACK_BROKEN. */
void broken(const char *what) __attribute__((noreturn));

/* open(2) that must succeed. */
int must_open(const char *path, int flags);

/* A whole file in malloc'ed memory. */
char *must_read(const char *path, size_t *size);

/* The subcommand of that name, or NULL. */
const struct attack *find_attack(const char *name);

/* What the gate says of itself; false if there is none. */
bool gate_is(uint32_t *mode, uint32_t *state);

/* Return: it has that mode now. */
bool gate_set(uint32_t mode);
void gate_forget_keys(void);

/*
 * Around the one system call that an attack is about, for "fail-each": with
 * nothing asked for they do nothing. The second keeps errno.
 */
void fault_begin(void);
void fault_end(void);

/* What is still to come is to work: no more fault_begin(). */
void fault_over(void);

#endif /* ATTACK_H */
