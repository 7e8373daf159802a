/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Single-flight: one judgement of a file at a time, and who comes second waits
 * for its verdict, but not for long. Nothing is allocated: a flight is on the stack of
 * the one who leads it.
 */
#ifndef EG_FLIGHT_H
#define EG_FLIGHT_H

#include <linux/fs.h>
#include <linux/list.h>

/* Members are flight.c's. */
struct eg_flight {
	struct list_head list;
	struct list_head waiters;
	const struct inode *inode; /* compared only; the leader's file holds it */
};

/**
 * eg_flight_begin() - become one who judges this inode
 *
 * Return: 0: this one leads, until eg_flight_end(); -EAGAIN after having waited for
 * somebody else's flight to end: look into the cache again; -EINTR when killed while
 * waiting.
 */
int eg_flight_begin(struct eg_flight *flight, const struct inode *inode);
void eg_flight_end(struct eg_flight *flight);

#endif /* EG_FLIGHT_H */
