/* SPDX-License-Identifier: GPL-2.0 */
/*
 * In an initramfs: the gate is armed before the switch to the machine's own root, so that
 * nothing of that root runs before it is judged. The module, the keys, the configuration and
 * the signed policy are those of the initramfs; catalogs, which are signed, and the memory of
 * the machine in /var/lib/execgate are those of the root.
 *
 * It ends, whatever it finds: the boot goes on, and the daemon of the root does the rest.
 */
#ifndef EXECGATED_EARLY_H
#define EXECGATED_EARLY_H

struct daemon;

/*
 * For those who make an initramfs: print the files of @dir that go into it. Return: what to
 * exit with; the configuration may not want it.
 */
int early_print_files(const char *dir);

/* Return: what to exit with; 0: it is armed as it is configured. */
int early_run(struct daemon *daemon);

#endif /* EXECGATED_EARLY_H */
