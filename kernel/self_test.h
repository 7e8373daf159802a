/* SPDX-License-Identifier: GPL-2.0 */
/* Nothing is taken on trust: what the gate rests on is tried before it counts. */
#ifndef EG_SELF_TEST_H
#define EG_SELF_TEST_H

/**
 * eg_self_test_lsm() - is "bpf" among the active security modules?
 *
 * Booted with an lsm= list without it, programs attach and never run. Built in, it is
 * "execgate" that must be in the list. A module's needs a process with memory of its
 * own (insmod's). Return: 0 or -EOPNOTSUPP.
 */
int eg_self_test_lsm(void);

/**
 * eg_self_test_known_answer() - does verifying tell good from bad?
 *
 * A good message, one with another content, one with another signature, and a
 * keyring without the key must each give their own answer.
 */
int eg_self_test_known_answer(void);

/**
 * eg_self_test_probe() - do the hooks fire?
 *
 * Opens, truncates, maps, frees a file and execs a program, and looks whether
 * each hook has counted it. mprotect cannot be set off from inside the kernel;
 * `execgate doctor` does that from user space. While the kernel boots nothing is mapped
 * or executed either: there is no process yet.
 *
 * Return: 0 or -EIO, with @why saying which hook was silent.
 */
int eg_self_test_probe(const char **why);

/* The same for the hook where addresses are chosen, once it is attached. */
int eg_self_test_mmap_addr(const char **why);

/* Does the hook for new processes fire? Not in the context of a caller. */
int eg_self_test_fork(const char **why);
/* The same of the hook for what interpreters read. */
int eg_self_test_open(const char **why);

#endif /* EG_SELF_TEST_H */
