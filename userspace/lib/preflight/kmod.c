// SPDX-License-Identifier: GPL-2.0
#include "lib/preflight/kmod.h"

#include <stdarg.h>
#include <stddef.h>

static void say_nothing(void *data, int priority, const char *file, int line,
			const char *function, const char *format, va_list args)
{
	(void)data;
	(void)priority;
	(void)file;
	(void)line;
	(void)function;
	(void)format;
	(void)args;
}

struct kmod_ctx *execgate_kmod_new(const char *folder)
{
	struct kmod_ctx *ctx = kmod_new(folder, NULL);

	if (ctx)
		kmod_set_log_fn(ctx, say_nothing, NULL);
	return ctx;
}
