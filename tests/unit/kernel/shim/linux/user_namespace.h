/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_USER_NAMESPACE_H
#define SHIM_LINUX_USER_NAMESPACE_H

#include <linux/cred.h>

#endif /* SHIM_LINUX_USER_NAMESPACE_H */
