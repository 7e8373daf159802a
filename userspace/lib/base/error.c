// SPDX-License-Identifier: GPL-2.0
#include "lib/base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int execgate_error_set(struct execgate_error *err, int ret,
		       enum execgate_exit code, const char *format, ...)
{
	va_list args;

	if (!err)
		return ret;
	err->code = code;
	va_start(args, format);
	vsnprintf(err->message, sizeof(err->message), format, args);
	va_end(args);
	return ret;
}

static enum execgate_exit exit_of_errno(int error)
{
	switch (error) {
	case EPERM:
	case EACCES:
		return EXECGATE_EXIT_NO_PRIVILEGE;
	case ENOENT:
		return EXECGATE_EXIT_NOT_FOUND;
	}
	return EXECGATE_EXIT_ERROR;
}

int execgate_error_errno(struct execgate_error *err, int ret,
			 const char *format, ...)
{
	size_t used;
	va_list args;

	if (!err)
		return ret;
	err->code = exit_of_errno(-ret);
	va_start(args, format);
	vsnprintf(err->message, sizeof(err->message), format, args);
	va_end(args);
	used = strlen(err->message);
	snprintf(err->message + used, sizeof(err->message) - used, ": %s",
		 strerrordesc_np(-ret));
	return ret;
}

bool execgate_error_may_pass(int ret)
{
	switch (-ret) {
	case EAGAIN:
	case EINTR:
	case EIO:
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
	case ETIMEDOUT:
		return true;
	}
	return false;
}

const char *execgate_error_exit_name(enum execgate_exit code)
{
	switch (code) {
#define X(id, number, name, text) \
	case EXECGATE_EXIT_##id:  \
		return name;
		EXECGATE_EXITS(X)
#undef X
	}
	return "error";
}
