/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names of files that some interpreters do not open. Perl takes "/dev/fd/3" for its own
 * descriptor 3 (perl.c, S_open_script), gawk that and "/dev/stdin" (io.c, devopen_simple).
 * So nobody is asked whether such a file is code when it is opened.
 *
 * Pure: used by the module and by user space's tests alike.
 */
#ifndef EG_DESCRIPTOR_H
#define EG_DESCRIPTOR_H

#include "format.h"

/**
 * eg_descriptor_named() - which descriptor has a name that begins like this?
 * @name: as the interpreter was given it; more may follow the number
 *
 * Return: the descriptor, or -1
 */
int eg_descriptor_named(struct eg_bytes name);

/**
 * eg_descriptor_next() - the next one that is named anywhere in a text
 * @text: words with zero bytes between them, say; what was looked at is taken off it
 *
 * Return: the descriptor, or -1: there is no other. All calls together take time that is
 * linear in the text's size.
 */
int eg_descriptor_next(struct eg_bytes *text);

#endif /* EG_DESCRIPTOR_H */
