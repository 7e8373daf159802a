/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests to a server that is not trusted with anything: HTTPS only, with its certificate
 * verified, no redirects, no cookies, no content codings in answers, and bounds of size and
 * time for all that comes back.
 */
#ifndef EXECGATE_HTTP_H
#define EXECGATE_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

#define EXECGATE_HTTP_URL_MAX 1024
#define EXECGATE_HTTP_TOKEN_MAX 256

/**
 * struct execgate_http_settings - "" where there is none
 * @ca: PEM file of who may sign the server's certificate, in the place of the system's
 * @certificate, @key: PEM files that this machine shows to the server
 * @headers: "Name: value" lines, each sent with every request to the server
 * @timeout: of a request, in seconds; also how long it may stand still
 */
struct execgate_http_settings {
	const char *ca;
	const char *certificate;
	const char *key;
	const char *headers;
	unsigned int timeout;
};

/**
 * struct execgate_http_reply - freed by the caller with execgate_http_reply_free()
 * @status: 200, 404, ...
 * @body: @size bytes, and a NUL behind them
 * @is_json: its type is application/json
 * @token: the header X-XSRF-TOKEN, "" without one
 * @token_header: the header in which it wants that back, as X-XSRF-TOKEN-HEADER says
 */
struct execgate_http_reply {
	long status;
	char *body;
	size_t size;
	bool is_json;
	char token[EXECGATE_HTTP_TOKEN_MAX];
	char token_header[EXECGATE_HTTP_TOKEN_MAX];
};

/* "https://HOST/...", in characters that need no quotes, and without a name or password? */
bool execgate_http_is_url(const char *text);

struct execgate_http;
int execgate_http_open(const struct execgate_http_settings *settings,
		       struct execgate_http **out, struct execgate_error *err);
/* Accepts NULL. */
void execgate_http_close(struct execgate_http *http);

/**
 * execgate_http_post() - send JSON to the server, deflated as Santa does
 * @header: one more "Name: value", or NULL
 * @max: of the answer, in bytes
 * @reply: of whatever status, after success only
 *
 * -EAGAIN: the same request may succeed later. -EKEYREJECTED: the server's certificate, or
 * ours. -EFBIG: the answer is larger. -EPROTO: it is not such an answer.
 */
int execgate_http_post(struct execgate_http *http, const char *url,
		       const char *json, const char *header, size_t max,
		       struct execgate_http_reply *reply,
		       struct execgate_error *err);
/* A file: of another server perhaps, so that neither headers nor certificate are shown. */
int execgate_http_get(struct execgate_http *http, const char *url, size_t max,
		      struct execgate_http_reply *reply,
		      struct execgate_error *err);
/* Accepts what is zeroed. */
void execgate_http_reply_free(struct execgate_http_reply *reply);

#endif /* EXECGATE_HTTP_H */
