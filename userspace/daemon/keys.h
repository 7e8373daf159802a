/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EXECGATED_KEYS_H
#define EXECGATED_KEYS_H

struct daemon;

/* Enroll the certificates of the key folder; each refused one is said and left out. */
void keys_load(struct daemon *daemon);

#endif /* EXECGATED_KEYS_H */
