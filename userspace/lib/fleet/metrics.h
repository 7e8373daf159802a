/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The facts as metrics of Prometheus. Names and labels are stable: they may be added to,
 * and are never changed.
 */
#ifndef EXECGATE_METRICS_H
#define EXECGATE_METRICS_H

#include <jansson.h>

#include "lib/fleet/facts.h"

/*
 * A list of {name, type, help, samples: [{labels: {}, value}]}, in which each name is
 * there once. NULL without memory.
 */
json_t *execgate_metrics(const struct execgate_facts *facts);

/*
 * The list in Prometheus' text format 0.0.4, as node_exporter's textfile collector reads
 * it. NULL without memory; the caller frees.
 */
char *execgate_metrics_text(const json_t *metrics);

#endif /* EXECGATE_METRICS_H */
