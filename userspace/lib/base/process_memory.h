/* SPDX-License-Identifier: GPL-2.0 */
/* Memory of processes that no file stands behind. */
#ifndef EXECGATE_PROCESS_MEMORY_H
#define EXECGATE_PROCESS_MEMORY_H

#include <stdbool.h>
#include <sys/types.h>

/* Has it code that it can write to, or that is in no file? */
bool execgate_process_has_free_code(pid_t pid);

#endif /* EXECGATE_PROCESS_MEMORY_H */
