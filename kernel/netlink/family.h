/* SPDX-License-Identifier: GPL-2.0 */
/* The generic netlink family (uapi/execgate.yaml). */
#ifndef EG_NETLINK_H
#define EG_NETLINK_H

int eg_netlink_init(void);
void eg_netlink_exit(void);

/* Hand events that are new since the last call to whoever listens. */
void eg_netlink_send_events(void);

#endif /* EG_NETLINK_H */
