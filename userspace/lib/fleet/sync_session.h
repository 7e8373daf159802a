/* SPDX-License-Identifier: GPL-2.0 */
/* One conversation with a server of Santa's sync protocol: stages, attempts, waits. */
#ifndef EXECGATE_SYNC_SESSION_H
#define EXECGATE_SYNC_SESSION_H

#include <jansson.h>

#include "lib/fleet/sync_config.h"

/* As Santa has it: five attempts, 4, 8, 16 and 32 seconds apart. */
#define EXECGATE_SYNC_ATTEMPTS 5
#define EXECGATE_SYNC_WAIT 4
/* A whole sync has so many seconds: attempts that begin later are not made. */
#define EXECGATE_SYNC_TIME_MAX 900

/* X(CONSTANT, word in the URL, largest answer in bytes) */
#define EXECGATE_SYNC_STAGES(X)                   \
	X(PREFLIGHT, "preflight", 1u << 20)       \
	X(EVENTUPLOAD, "eventupload", 1u << 20)   \
	X(RULEDOWNLOAD, "ruledownload", 4u << 20) \
	X(POSTFLIGHT, "postflight", 1u << 20)     \
	X(XSRF, "xsrf", 1u << 16)

enum execgate_sync_stage {
#define X(id, name, max) EXECGATE_SYNC_##id,
	EXECGATE_SYNC_STAGES(X)
#undef X
};

/**
 * struct execgate_sync_session - begun and ended by the functions below
 * @attempts: how often a request is made at most
 * @wait: seconds before the second attempt of a request
 * @tell: gets a sentence about an attempt that failed and is made again
 * @deadline: when the sync has taken too long, in seconds of CLOCK_MONOTONIC
 * @token: the header that proves to the server that we read its answers; "" = none yet
 */
struct execgate_sync_session {
	const struct execgate_sync_config *config;
	struct execgate_http *http;
	unsigned int attempts;
	unsigned int wait;
	void (*tell)(const char *sentence);
	uint64_t deadline;
	char token[2 * EXECGATE_HTTP_TOKEN_MAX + 4];
};

/* How many seconds to wait after @attempt, which counts from 1. */
unsigned int execgate_sync_wait(unsigned int first, unsigned int attempt);

int execgate_sync_session_begin(struct execgate_sync_session *session,
				const struct execgate_sync_config *config,
				struct execgate_error *err);
void execgate_sync_session_end(struct execgate_sync_session *session);

/**
 * execgate_sync_call() - one request, as often as it takes
 * @request: the caller's
 * @answer: an object, empty where the server sent nothing; NULL: nobody wants it
 * @status: the last one; 0 = there was none
 *
 * Anything but an answer of status 200 that is JSON is a failure: a page of a proxy must
 * not pass for the server's word.
 */
int execgate_sync_call(struct execgate_sync_session *session,
		       enum execgate_sync_stage stage, const json_t *request,
		       json_t **answer, long *status,
		       struct execgate_error *err);

/* A file: @reply has status 200 after success. Attempts are made as for a stage. */
int execgate_sync_fetch(struct execgate_sync_session *session, const char *url,
			size_t max, struct execgate_http_reply *reply,
			struct execgate_error *err);

#endif /* EXECGATE_SYNC_SESSION_H */
