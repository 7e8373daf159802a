// SPDX-License-Identifier: GPL-2.0
#include "error.h"

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

const char *execgate_error_exit_name(enum execgate_exit code)
{
	switch (code) {
#define X(id, number, name, text)    \
	case EXECGATE_EXIT_##id: \
		return name;
		EXECGATE_EXITS(X)
#undef X
	}
	return "error";
}

enum execgate_exit execgate_error_exit_of(enum execgate_reason reason)
{
	switch (reason) {
	case EXECGATE_REASON_ALLOWED:
		return EXECGATE_EXIT_OK;
	case EXECGATE_REASON_UNSIGNED:
		return EXECGATE_EXIT_UNSIGNED;
	case EXECGATE_REASON_MALFORMED:
	case EXECGATE_REASON_WEAK_ALGORITHM:
	case EXECGATE_REASON_BAD_SIGNATURE:
	case EXECGATE_REASON_DIGEST_MISMATCH:
	case EXECGATE_REASON_TOO_LARGE:
		return EXECGATE_EXIT_BAD_SIGNATURE;
	case EXECGATE_REASON_UNKNOWN_SIGNER:
	case EXECGATE_REASON_EXPIRED:
	case EXECGATE_REASON_REVOKED:
		return EXECGATE_EXIT_KEY_NOT_TRUSTED;
	case EXECGATE_REASON_WRONG_CLASS:
	case EXECGATE_REASON_WRONG_PATH:
	case EXECGATE_REASON_ROLLBACK:
	case EXECGATE_REASON_FOREIGN_LIBRARY:
	case EXECGATE_REASON_WRITER_OPEN:
	case EXECGATE_REASON_SEALED:
	case EXECGATE_REASON_WX_MAPPING:
	case EXECGATE_REASON_EXEC_MODIFIED:
	case EXECGATE_REASON_MPROTECT:
	case EXECGATE_REASON_ANON_EXEC:
	case EXECGATE_REASON_MEMFD:
	case EXECGATE_REASON_UNTRUSTED_FS:
	case EXECGATE_REASON_NOT_REGULAR:
	case EXECGATE_REASON_SCRIPT:
	case EXECGATE_REASON_INLINE_SCRIPT:
	case EXECGATE_REASON_MODULE:
	case EXECGATE_REASON_FIRMWARE:
	case EXECGATE_REASON_KEXEC:
	case EXECGATE_REASON_INJECT:
	case EXECGATE_REASON_IO_ERROR:
	case EXECGATE_REASON_NO_MEMORY:
	case EXECGATE_REASON_INTERRUPTED:
	case EXECGATE_REASON_COUNT:
		return EXECGATE_EXIT_ERROR;
	}
	return EXECGATE_EXIT_ERROR;
}
