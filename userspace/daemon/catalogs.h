/* SPDX-License-Identifier: GPL-2.0 */
/* The catalogs on disk, carried to the kernel. */
#ifndef EXECGATED_CATALOGS_H
#define EXECGATED_CATALOGS_H

struct daemon;

/*
 * Load those that packages brought, then the administrator's, each in order of
 * their names. One that is bad or too old is reported and left out; what the
 * kernel has under its name stays.
 */
void catalogs_load(struct daemon *daemon);

#endif /* EXECGATED_CATALOGS_H */
