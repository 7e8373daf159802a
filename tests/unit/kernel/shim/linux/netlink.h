/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_NETLINK_H
#define SHIM_LINUX_NETLINK_H

#include <stdio.h>
#include <string.h>

#include <linux/types.h>

#define NETLINK_MAX_COOKIE_LEN 20
#define NETLINK_MAX_FMTMSG_LEN 80

struct netlink_ext_ack {
	const char *_msg;
	u8 cookie[NETLINK_MAX_COOKIE_LEN];
	u8 cookie_len;
	char _msg_buf[NETLINK_MAX_FMTMSG_LEN];
};

#define NL_SET_ERR_MSG_FMT(extack, ...)                                        \
	((extack)->_msg = snprintf((extack)->_msg_buf, NETLINK_MAX_FMTMSG_LEN, \
				   __VA_ARGS__) >= NETLINK_MAX_FMTMSG_LEN ?    \
				  "cut" :                                      \
				  (extack)->_msg_buf)

static inline void nl_set_extack_cookie_u64(struct netlink_ext_ack *extack,
					    u64 cookie)
{
	memcpy(extack->cookie, &cookie, sizeof(cookie));
	extack->cookie_len = sizeof(cookie);
}

#endif /* SHIM_LINUX_NETLINK_H */
