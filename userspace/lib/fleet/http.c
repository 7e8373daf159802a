// SPDX-License-Identifier: GPL-2.0
#include "lib/fleet/http.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#include "lib/fleet/curl_library.h"

#define SCHEME "https://"
#define CONNECT_SECONDS 10L
/* Slower than this for the timeout is standing still; files may take ten times as long. */
#define SPEED_MIN 100L
#define FILE_TIMES 10L
#define LINE_MAX_BYTES 1024

struct execgate_http {
	const struct execgate_curl_library *curl;
	CURL *handle;
	struct execgate_http_settings settings;
	char why[CURL_ERROR_SIZE];
};

/* An answer on its way; @left: how many bytes more are taken. */
struct receiving {
	FILE *stream;
	size_t left;
	bool is_full;
};

bool execgate_http_is_url(const char *text)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789-._~:/?&=%+,;[]";
	size_t scheme = strlen(SCHEME);

	return !strncmp(text, SCHEME, scheme) && text[scheme] &&
	       !strchr("/:?", text[scheme]) &&
	       strspn(text, plain) == strlen(text) &&
	       strlen(text) <= EXECGATE_HTTP_URL_MAX;
}

void execgate_http_reply_free(struct execgate_http_reply *reply)
{
	free(reply->body);
	*reply = (struct execgate_http_reply){ 0 };
}

/* Returning less than came ends the transfer: nobody may fill the memory. */
static size_t take_body(char *data, size_t size, size_t count, void *arg)
{
	struct receiving *receiving = arg;
	size_t more = size * count;

	if (more > receiving->left) {
		receiving->is_full = true;
		return 0;
	}
	receiving->left -= more;
	return fwrite(data, 1, more, receiving->stream);
}

int execgate_http_open(const struct execgate_http_settings *settings,
		       struct execgate_http **out, struct execgate_error *err)
{
	const struct execgate_curl_library *curl = execgate_curl_library(err);
	struct execgate_http *http;

	if (!curl)
		return -ENOPKG;
	http = calloc(1, sizeof(*http));
	if (http)
		http->handle = curl->curl_easy_init();
	if (!http || !http->handle) {
		free(http);
		return execgate_error_errno(err, -ENOMEM,
					    "cannot ask a server");
	}
	http->curl = curl;
	http->settings = *settings;
	*out = http;
	return 0;
}

void execgate_http_close(struct execgate_http *http)
{
	if (!http)
		return;
	http->curl->curl_easy_cleanup(http->handle);
	free(http);
}

#define SET(http, option, value) \
	((http)->curl->curl_easy_setopt((http)->handle, option, value))

static void set_bounds(struct execgate_http *http, const char *url, bool file)
{
	long seconds = (long)http->settings.timeout;

	http->curl->curl_easy_reset(http->handle);
	http->why[0] = '\0';
	SET(http, CURLOPT_ERRORBUFFER, http->why);
	SET(http, CURLOPT_URL, url);
	SET(http, CURLOPT_PROTOCOLS_STR, "https");
	SET(http, CURLOPT_FOLLOWLOCATION, 0L);
	SET(http, CURLOPT_NOSIGNAL, 1L);
	SET(http, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(http, CURLOPT_SSL_VERIFYPEER, 1L);
	SET(http, CURLOPT_SSL_VERIFYHOST, 2L);
	SET(http, CURLOPT_CONNECTTIMEOUT,
	    seconds < CONNECT_SECONDS ? seconds : CONNECT_SECONDS);
	SET(http, CURLOPT_TIMEOUT, file ? seconds * FILE_TIMES : seconds);
	SET(http, CURLOPT_LOW_SPEED_LIMIT, SPEED_MIN);
	SET(http, CURLOPT_LOW_SPEED_TIME, seconds);
	SET(http, CURLOPT_USERAGENT, "execgate/" EXECGATE_VERSION);
	if (http->settings.ca[0])
		SET(http, CURLOPT_CAINFO, http->settings.ca);
}

/* Only to the server itself: this is who the machine is. */
static void set_identity(struct execgate_http *http)
{
	if (!http->settings.certificate[0])
		return;
	SET(http, CURLOPT_SSLCERT, http->settings.certificate);
	SET(http, CURLOPT_SSLKEY,
	    http->settings.key[0] ? http->settings.key :
				    http->settings.certificate);
}

static bool add_line(struct execgate_http *http, struct curl_slist **list,
		     const char *line)
{
	struct curl_slist *longer = http->curl->curl_slist_append(*list, line);

	if (longer)
		*list = longer;
	return longer;
}

/* An answer in a coding would have to be unpacked, and could be a bomb: ask for none. */
static bool add_headers(struct execgate_http *http, struct curl_slist **list,
			const char *header)
{
	const char *line = http->settings.headers;
	char one[LINE_MAX_BYTES];
	size_t size;

	if (!add_line(http, list, "Accept-Encoding: identity") ||
	    !add_line(http, list, "Accept: application/json") ||
	    !add_line(http, list, "Content-Type: application/json") ||
	    !add_line(http, list, "Content-Encoding: deflate") ||
	    !add_line(http, list, "Expect:") ||
	    (header && !add_line(http, list, header)))
		return false;
	for (; *line; line += size + (line[size] == '\n')) {
		size = strcspn(line, "\n");
		snprintf(one, sizeof(one), "%.*s", (int)size, line);
		if (size && !add_line(http, list, one))
			return false;
	}
	return true;
}

/* Is it the request that is wrong, or only the moment? */
static int errno_of(CURLcode code)
{
	switch (code) {
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
		return -EKEYREJECTED;
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT:
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_BAD_CONTENT_ENCODING:
		return -EPROTO;
	case CURLE_OUT_OF_MEMORY:
		return -ENOMEM;
	default:
		return -EAGAIN;
	}
}

static void take_token(struct execgate_http *http, const char *name, char *out)
{
	struct curl_header *header;

	out[0] = '\0';
	if (!http->curl->curl_easy_header(http->handle, name, 0, CURLH_HEADER,
					  -1, &header) &&
	    strlen(header->value) < EXECGATE_HTTP_TOKEN_MAX)
		strcpy(out, header->value);
}

static int judge_reply(struct execgate_http *http, const char *url,
		       struct execgate_http_reply *reply,
		       struct execgate_error *err)
{
	char coding[EXECGATE_HTTP_TOKEN_MAX];
	const char *type = NULL;

	http->curl->curl_easy_getinfo(http->handle, CURLINFO_RESPONSE_CODE,
				      &reply->status);
	http->curl->curl_easy_getinfo(http->handle, CURLINFO_CONTENT_TYPE,
				      &type);
	reply->is_json = type && !strncasecmp(type, "application/json", 16) &&
			 strchr("; ", type[16]);
	take_token(http, "X-XSRF-TOKEN", reply->token);
	take_token(http, "X-XSRF-TOKEN-HEADER", reply->token_header);
	take_token(http, "Content-Encoding", coding);
	if (coding[0] && strcasecmp(coding, "identity") != 0)
		return execgate_error_set(
			err, -EPROTO, EXECGATE_EXIT_ERROR,
			"%.300s answers in a content coding, which was not "
			"asked for; have the server or the proxy before it "
			"leave the answer as it is",
			url);
	return 0;
}

static int perform(struct execgate_http *http, const char *url, size_t max,
		   struct execgate_http_reply *reply,
		   struct execgate_error *err)
{
	struct receiving receiving = { .left = max };
	CURLcode code;
	int ret = 0;

	*reply = (struct execgate_http_reply){ 0 };
	/* It ends the answer with a zero byte. */
	receiving.stream = open_memstream(&reply->body, &reply->size);
	if (!receiving.stream)
		return execgate_error_errno(err, -ENOMEM, "cannot ask %.300s",
					    url);
	SET(http, CURLOPT_WRITEFUNCTION, take_body);
	SET(http, CURLOPT_WRITEDATA, &receiving);
	code = http->curl->curl_easy_perform(http->handle);
	if (fclose(receiving.stream))
		code = CURLE_OUT_OF_MEMORY;
	if (receiving.is_full)
		ret = execgate_error_set(
			err, -EFBIG, EXECGATE_EXIT_ERROR,
			"%.300s answers with more than %zu bytes, and nothing "
			"of that is used; see what the server is",
			url, max);
	else if (code)
		ret = execgate_error_set(
			err, errno_of(code), EXECGATE_EXIT_ERROR,
			"%.300s does not answer: %.200s; see whether the "
			"server runs, and whether its certificate is the one "
			"that sync.conf expects",
			url,
			http->why[0] ? http->why :
				       http->curl->curl_easy_strerror(code));
	else
		ret = judge_reply(http, url, reply, err);
	if (ret)
		execgate_http_reply_free(reply);
	return ret;
}

static int post_deflated(struct execgate_http *http, const char *url,
			 const char *header, size_t max,
			 struct execgate_http_reply *reply,
			 struct execgate_error *err)
{
	struct curl_slist *list = NULL;
	int ret = -ENOMEM;

	if (add_headers(http, &list, header)) {
		SET(http, CURLOPT_HTTPHEADER, list);
		ret = perform(http, url, max, reply, err);
	} else {
		execgate_error_errno(err, ret, "cannot ask %.300s", url);
	}
	http->curl->curl_slist_free_all(list);
	return ret;
}

int execgate_http_post(struct execgate_http *http, const char *url,
		       const char *json, const char *header, size_t max,
		       struct execgate_http_reply *reply,
		       struct execgate_error *err)
{
	uLong size = strlen(json);
	uLongf packed_size = compressBound(size);
	Bytef *packed = malloc(packed_size);
	int ret;

	if (!packed ||
	    compress(packed, &packed_size, (const Bytef *)json, size) != Z_OK) {
		free(packed);
		return execgate_error_errno(err, -ENOMEM, "cannot ask %.300s",
					    url);
	}
	set_bounds(http, url, false);
	set_identity(http);
	SET(http, CURLOPT_POSTFIELDS, packed);
	SET(http, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)packed_size);
	ret = post_deflated(http, url, header, max, reply, err);
	free(packed);
	return ret;
}

int execgate_http_get(struct execgate_http *http, const char *url, size_t max,
		      struct execgate_http_reply *reply,
		      struct execgate_error *err)
{
	set_bounds(http, url, true);
	SET(http, CURLOPT_HTTPGET, 1L);
	return perform(http, url, max, reply, err);
}
