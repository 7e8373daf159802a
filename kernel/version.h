/* SPDX-License-Identifier: GPL-2.0 */
/* The version of everything here; the Makefile and the packages read it too. */
#ifndef EG_VERSION_H
#define EG_VERSION_H

#define EXECGATE_VERSION "0.1.0"

#endif /* EG_VERSION_H */
