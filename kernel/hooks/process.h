/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EG_PROCESS_H
#define EG_PROCESS_H

#include <linux/binfmts.h>

#include "core/request.h"

/**
 * eg_process_asks() - before the gate is asked
 * @origin: NULL, to be filled; eg_origin_put() afterwards
 */
void eg_process_asks(struct eg_request *req, struct eg_origin **origin);

/**
 * eg_process_maps() - the gate has admitted a file to be mapped executable
 * @origin: as the gate filled it
 *
 * Return: 0 or -EPERM, by a rule of current's process. Its own rules bind the
 * process from now on.
 */
int eg_process_maps(const struct eg_request *req, struct eg_origin *origin);

/* The same of a file to be executed; its rules bind once exec cannot fail. */
int eg_process_executes(const struct linux_binprm *bprm,
			const struct eg_request *req, struct eg_origin *origin);

#endif /* EG_PROCESS_H */
