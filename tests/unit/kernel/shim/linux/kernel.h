/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_KERNEL_H
#define SHIM_LINUX_KERNEL_H

#include <assert.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/types.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define BUILD_BUG_ON(condition) _Static_assert(!(condition), #condition)
#define container_of(pointer, type, member) \
	((type *)((char *)(pointer) - offsetof(type, member)))
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define noinline
#define min_t(type, a, b) min((type)(a), (type)(b))
#define min_not_zero(a, b) ((a) && (!(b) || (a) < (b)) ? (a) : (b))
#define max_t(type, a, b) max((type)(a), (type)(b))
#define clamp(x, low, high) min(max(x, low), high)
#define struct_size(pointer, member, count) \
	(sizeof(*(pointer)) + sizeof((pointer)->member[0]) * (size_t)(count))

/* What the code says cannot happen ends the test. */
#define BUG_ON(condition) ((condition) ? abort() : (void)0)
#define WARN_ON(condition) ((condition) ? (abort(), true) : false)
#define WARN_ON_ONCE(condition) WARN_ON(condition)

static inline u32 reciprocal_scale(u32 value, u32 below)
{
	return (u64)value * below >> 32;
}

int scnprintf(char *buffer, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int match_string(const char *const *names, size_t count, const char *name);

/* Of the options that are asked for. */
#define IS_ENABLED(option) 1

#endif /* SHIM_LINUX_KERNEL_H */
