// SPDX-License-Identifier: GPL-2.0
/*
 * The list is short: as many flights as files are being hashed at this moment.
 * The one who leads holds no lock but what its caller came with (its own
 * cred_guard_mutex at exec, none at mmap), and judging never executes anything,
 * so no two flights can wait for each other.
 */
#include "core/flight.h"

#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

struct eg_flight {
	struct list_head list;
	const struct inode *inode; /* compared only; the leader's file holds it */
	struct completion landed;
	refcount_t users; /* the leader and those who wait */
};

static LIST_HEAD(flights);
static DEFINE_SPINLOCK(flights_lock);

static void put_flight(struct eg_flight *flight)
{
	if (refcount_dec_and_test(&flight->users))
		kfree(flight);
}

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

struct eg_flight *eg_flight_begin(const struct inode *inode)
{
	struct eg_flight *new, *other;
	long left;

	new = kmalloc(sizeof(*new), GFP_KERNEL_ACCOUNT);
	if (!new)
		return ERR_PTR(-ENOMEM);
	new->inode = inode;
	init_completion(&new->landed);
	refcount_set(&new->users, 1);

	spin_lock(&flights_lock);
	other = find_flight_of(inode);
	if (other)
		refcount_inc(&other->users);
	else
		list_add(&new->list, &flights);
	spin_unlock(&flights_lock);
	if (!other)
		return new;

	left = wait_for_completion_killable_timeout(&other->landed, PATIENCE);
	put_flight(other);
	if (!left) {
		spin_lock(&flights_lock);
		list_add(&new->list, &flights);
		spin_unlock(&flights_lock);
		return new;
	}
	kfree(new);
	return left < 0 ? ERR_PTR(-EINTR) : NULL;
}

void eg_flight_end(struct eg_flight *flight)
{
	spin_lock(&flights_lock);
	list_del(&flight->list);
	spin_unlock(&flights_lock);
	complete_all(&flight->landed);
	put_flight(flight);
}
