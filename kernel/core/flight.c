// SPDX-License-Identifier: GPL-2.0
/*
 * The list is short: as many flights as files are being hashed at this moment.
 * The one who leads holds no lock but what its caller came with (its own
 * cred_guard_mutex at exec, none at mmap), and judging never executes anything,
 * so no two flights can wait for each other.
 */
#include "core/flight.h"

#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/spinlock.h>

/* On the stack of the task that waits. */
struct waiter {
	struct list_head list;
	struct completion landed;
};

static LIST_HEAD(flights);
static DEFINE_SPINLOCK(flights_lock); /* of all lists here */

static struct eg_flight *find_flight_of(const struct inode *inode)
{
	struct eg_flight *flight;

	list_for_each_entry(flight, &flights, list)
		if (flight->inode == inode)
			return flight;
	return NULL;
}

/*
 * The leader may be a task that its owner keeps from running: by a limit of its
 * cgroup, by SCHED_IDLE. A task that has waited this long judges for itself, as a
 * second leader.
 */
#define PATIENCE HZ

/* flights_lock is held. */
static void lead(struct eg_flight *flight, const struct inode *inode)
{
	flight->inode = inode;
	INIT_LIST_HEAD(&flight->waiters);
	list_add(&flight->list, &flights);
}

int eg_flight_begin(struct eg_flight *flight, const struct inode *inode)
{
	struct eg_flight *other;
	struct waiter waiter;
	long left;

	spin_lock(&flights_lock);
	other = find_flight_of(inode);
	if (!other) {
		lead(flight, inode);
		spin_unlock(&flights_lock);
		return 0;
	}
	init_completion(&waiter.landed);
	list_add(&waiter.list, &other->waiters);
	spin_unlock(&flights_lock);

	left = wait_for_completion_killable_timeout(&waiter.landed, PATIENCE);

	/* With the lock no leader is about to say that it has landed. */
	spin_lock(&flights_lock);
	list_del(&waiter.list);
	if (!left)
		lead(flight, inode);
	spin_unlock(&flights_lock);
	if (left < 0)
		return -EINTR;
	return left ? -EAGAIN : 0;
}

void eg_flight_end(struct eg_flight *flight)
{
	struct waiter *waiter, *next;

	spin_lock(&flights_lock);
	list_del(&flight->list);
	list_for_each_entry_safe(waiter, next, &flight->waiters, list) {
		list_del_init(&waiter->list);
		complete(&waiter->landed);
	}
	spin_unlock(&flights_lock);
}
