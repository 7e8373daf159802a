// SPDX-License-Identifier: GPL-2.0
#include "lib/events/message.h"

#include <stdio.h>

#define KIND_DAEMON 0x00
#define KIND_DENIAL 0x01

_Static_assert(sizeof(EXECGATE_MESSAGE_BASE) + 4 == EXECGATE_MESSAGE_ID_SIZE,
	       "a MESSAGE_ID has 32 digits");

static char *format_id(unsigned int kind, unsigned int number, char *out)
{
	snprintf(out, EXECGATE_MESSAGE_ID_SIZE, "%s%02x%02x",
		 EXECGATE_MESSAGE_BASE, kind & 0xff, number & 0xff);
	return out;
}

const char *execgate_message_name(enum execgate_message message)
{
	switch (message) {
#define X(id, number, name)         \
	case EXECGATE_MESSAGE_##id: \
		return name;
		EXECGATE_MESSAGES(X)
#undef X
	}
	return "unknown";
}

char *execgate_message_id(enum execgate_message message, char *out)
{
	return format_id(KIND_DAEMON, message, out);
}

char *execgate_message_denial_id(unsigned int reason, char *out)
{
	return format_id(KIND_DENIAL, reason, out);
}
