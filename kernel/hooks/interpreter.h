/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The part of a file that execve(2) reads before it maps it: the headers, which
 * say what is mapped where and entered at which place.
 */
#ifndef EG_INTERPRETER_H
#define EG_INTERPRETER_H

#include <linux/fs.h>

/**
 * eg_interpreter_opened() - current's execve opened a file of an overlay
 * @inode: eg_filesystem_layer_inode() of @file
 *
 * execve keeps writers out of the overlay's inode, but not of the layer's. From
 * here until current leaves the kernel it is noted whether one was there.
 *
 * Any context. Return: 0; -ENOMEM; -ESRCH if current exits.
 */
int eg_interpreter_opened(const struct file *file, struct inode *inode);

/*
 * Not the interpreter, but the program or script itself: its head was read again
 * with writers excluded. Any context.
 */
void eg_interpreter_settled(const struct file *file);

/**
 * eg_interpreter_undisturbed() - are the headers that execve read those of now?
 * @inode: eg_filesystem_layer_inode() of @file
 *
 * Writers are kept from it by now. Any context. Return: false if there was a
 * writer since the opening, or if the file was copied up to another layer; true
 * also for a file that execve did not open while this was watched.
 */
bool eg_interpreter_undisturbed(const struct file *file,
				const struct inode *inode);

/* Wait until nothing of the above is pending. */
void eg_interpreter_exit(void);

#endif /* EG_INTERPRETER_H */
