// SPDX-License-Identifier: GPL-2.0
#include "lib/fleet/sync_session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TOKEN_HEADER "X-XSRF-TOKEN"
#define WAIT_MAX 3600u

static const struct stage {
	const char *name;
	size_t max;
} stages[] = {
#define X(id, name, max) [EXECGATE_SYNC_##id] = { name, max },
	EXECGATE_SYNC_STAGES(X)
#undef X
};

/* A request on its way: the same bytes at each attempt, so that a repetition is one. */
struct attempt {
	const char *url;
	const char *body; /* NULL: a file is fetched */
	size_t max;
};

unsigned int execgate_sync_wait(unsigned int first, unsigned int attempt)
{
	unsigned int seconds = first;

	while (--attempt && seconds < WAIT_MAX)
		seconds *= 2;
	return seconds < WAIT_MAX ? seconds : WAIT_MAX;
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec;
}

int execgate_sync_session_begin(struct execgate_sync_session *session,
				const struct execgate_sync_config *config,
				struct execgate_error *err)
{
	const struct execgate_http_settings settings = {
		.ca = config->ca,
		.certificate = config->certificate,
		.key = config->key,
		.headers = config->headers,
		.timeout = config->timeout,
	};

	session->config = config;
	session->token[0] = '\0';
	session->attempts = EXECGATE_SYNC_ATTEMPTS;
	session->deadline = now() + EXECGATE_SYNC_TIME_MAX;
	return execgate_http_open(&settings, &session->http, err);
}

void execgate_sync_session_end(struct execgate_sync_session *session)
{
	execgate_http_close(session->http);
	session->http = NULL;
}

/* Statuses of a moment: of a server that starts, is overloaded, or has lost its database. */
static bool may_pass(long status)
{
	return status == 408 || status == 429 || status >= 500;
}

static int refused(const char *url, long status, struct execgate_error *err)
{
	if (status >= 300 && status < 400)
		return execgate_error_set(
			err, -EPROTO, EXECGATE_EXIT_ERROR,
			"%.300s redirects (status %ld), and redirects are not "
			"followed; set url in sync.conf to where the server is",
			url, status);
	return execgate_error_set(
		err, may_pass(status) ? -EAGAIN : -EACCES, EXECGATE_EXIT_ERROR,
		"%.300s answers with status %ld; %s", url, status,
		may_pass(status) ?
			"see the server's log" :
			"see whether sync.conf has the server's url, and "
			"whether the server knows this machine");
}

static int try_once(struct execgate_sync_session *session,
		    const struct attempt *attempt,
		    struct execgate_http_reply *reply, long *status,
		    struct execgate_error *err)
{
	int ret;

	*status = 0;
	if (attempt->body)
		ret = execgate_http_post(session->http, attempt->url,
					 attempt->body,
					 session->token[0] ? session->token :
							     NULL,
					 attempt->max, reply, err);
	else
		ret = execgate_http_get(session->http, attempt->url,
					attempt->max, reply, err);
	if (ret)
		return ret;
	*status = reply->status;
	if (reply->status == 200)
		return 0;
	execgate_http_reply_free(reply);
	return refused(attempt->url, *status, err);
}

static void stage_url(const struct execgate_sync_session *session,
		      enum execgate_sync_stage stage, char *out, size_t size)
{
	snprintf(out, size, "%s/%s/%s", session->config->url,
		 stages[stage].name, session->config->machine_id);
}

static bool is_token(const char *name)
{
	return name[0] && strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz"
				       "0123456789-_") == strlen(name);
}

/* Once in a session, as Santa does after status 403. */
static bool fetch_token(struct execgate_sync_session *session)
{
	char url[2 * EXECGATE_HTTP_URL_MAX];
	struct execgate_http_reply reply;
	bool got;

	if (session->token[0])
		return false;
	stage_url(session, EXECGATE_SYNC_XSRF, url, sizeof(url));
	if (execgate_http_post(session->http, url, "{}", NULL,
			       stages[EXECGATE_SYNC_XSRF].max, &reply, NULL))
		return false;
	got = reply.status == 200 && reply.token[0];
	if (got)
		snprintf(session->token, sizeof(session->token), "%s: %s",
			 is_token(reply.token_header) ? reply.token_header :
							TOKEN_HEADER,
			 reply.token);
	execgate_http_reply_free(&reply);
	return got;
}

static void wait_and_tell(const struct execgate_sync_session *session,
			  unsigned int number, const struct execgate_error *why)
{
	unsigned int seconds = execgate_sync_wait(session->wait, number);
	struct timespec left = { .tv_sec = seconds };
	char sentence[sizeof(why->message) + 80];

	snprintf(sentence, sizeof(sentence),
		 "attempt %u of %u, the next in %u seconds: %s", number,
		 session->attempts, seconds, why->message);
	session->tell(sentence);
	while (seconds && nanosleep(&left, &left) && errno == EINTR)
		;
}

static int try_often(struct execgate_sync_session *session,
		     const struct attempt *attempt,
		     struct execgate_http_reply *reply, long *status,
		     struct execgate_error *err)
{
	unsigned int number = 1;
	int ret;

	for (;;) {
		ret = try_once(session, attempt, reply, status, err);
		if (*status == 403 && attempt->body && fetch_token(session))
			continue;
		if (ret != -EAGAIN || number >= session->attempts)
			return ret;
		if (now() + execgate_sync_wait(session->wait, number) >=
		    session->deadline)
			return ret;
		wait_and_tell(session, number++, err);
	}
}

/* Nothing at all is an answer, too: that to postflight is often empty. */
static int read_answer(const char *url, const struct execgate_http_reply *reply,
		       json_t **answer, struct execgate_error *err)
{
	if (!reply->size)
		*answer = json_object();
	else
		*answer = reply->is_json ?
				  json_loadb(reply->body, reply->size,
					     JSON_REJECT_DUPLICATES, NULL) :
				  NULL;
	if (json_is_object(*answer))
		return 0;
	json_decref(*answer);
	*answer = NULL;
	return execgate_error_set(
		err, -EPROTO, EXECGATE_EXIT_ERROR,
		"%.300s answers with %s; see whether it is a server of Santa's "
		"sync protocol, and what stands between",
		url,
		reply->is_json ? "JSON that is broken, or not an object" :
				 "something that is not application/json");
}

int execgate_sync_call(struct execgate_sync_session *session,
		       enum execgate_sync_stage stage, const json_t *request,
		       json_t **answer, long *status,
		       struct execgate_error *err)
{
	char url[2 * EXECGATE_HTTP_URL_MAX];
	char *body = json_dumps(request, JSON_COMPACT);
	struct attempt attempt = { url, body, stages[stage].max };
	struct execgate_http_reply reply;
	json_t *got = NULL;
	int ret;

	*status = 0;
	if (!body)
		return execgate_error_errno(err, -ENOMEM, "cannot ask %.200s",
					    session->config->url);
	stage_url(session, stage, url, sizeof(url));
	ret = try_often(session, &attempt, &reply, status, err);
	free(body);
	if (ret)
		return ret;
	ret = read_answer(url, &reply, &got, err);
	execgate_http_reply_free(&reply);
	if (answer)
		*answer = got;
	else
		json_decref(got);
	return ret;
}

int execgate_sync_fetch(struct execgate_sync_session *session, const char *url,
			size_t max, struct execgate_http_reply *reply,
			struct execgate_error *err)
{
	const struct attempt attempt = { url, NULL, max };
	long status;

	return try_often(session, &attempt, reply, &status, err);
}
