/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Single-flight: one judgement of a file at a time, and who comes second waits
 * for its verdict, but not for long.
 */
#ifndef EG_FLIGHT_H
#define EG_FLIGHT_H

#include <linux/fs.h>

struct eg_flight;

/**
 * eg_flight_begin() - become one who judges this inode
 *
 * Return: a flight to end with eg_flight_end(); NULL after having waited for
 * somebody else's to end: look into the cache again; -EINTR when killed while
 * waiting; -ENOMEM.
 */
struct eg_flight *eg_flight_begin(const struct inode *inode);
void eg_flight_end(struct eg_flight *flight);

#endif /* EG_FLIGHT_H */
