// SPDX-License-Identifier: GPL-2.0
#include "lib/fleet/sync_state.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/digits.h"
#include "lib/base/io.h"

#define TEXT_MAX (256u * 1024)

static bool read_digest(const json_t *text, uint8_t out[EG_SHA256_SIZE])
{
	return json_string_length(text) == 2 * (size_t)EG_SHA256_SIZE &&
	       execgate_hex_read(json_string_value(text), out, EG_SHA256_SIZE);
}

static bool read_done(const json_t *list, struct execgate_sync_state *out)
{
	const json_t *item;
	size_t i;

	if (!json_is_array(list) ||
	    json_array_size(list) > EXECGATE_SYNC_DONE_MAX)
		return false;
	json_array_foreach(list, i, item)
		if (!read_digest(item, out->done[i]))
			return false;
	out->count = json_array_size(list);
	return true;
}

static bool read_file(const json_t *item, struct execgate_sync_file *out)
{
	const json_t *url = json_object_get(item, "url");
	const json_t *is_key = json_object_get(item, "key");

	if (!json_is_string(url) || !json_is_boolean(is_key) ||
	    json_string_length(url) > EXECGATE_HTTP_URL_MAX)
		return false;
	strcpy(out->url, json_string_value(url));
	out->is_key = json_is_true(is_key);
	return read_digest(json_object_get(item, "sha256"), out->digest);
}

static bool read_pending(const json_t *list, struct execgate_sync_state *out)
{
	const json_t *item;
	size_t i;

	if (!json_is_array(list) ||
	    json_array_size(list) > EXECGATE_SYNC_PENDING_MAX)
		return false;
	json_array_foreach(list, i, item)
		if (!read_file(item, &out->pending[i]))
			return false;
	out->pending_count = json_array_size(list);
	return true;
}

static bool read_root(const json_t *root, struct execgate_sync_state *out)
{
	const json_t *cursor = json_object_get(root, "cursor");

	if (!json_is_string(cursor) ||
	    json_string_length(cursor) > EXECGATE_SYNC_CURSOR_MAX)
		return false;
	strcpy(out->cursor, json_string_value(cursor));
	return read_done(json_object_get(root, "done"), out) &&
	       read_pending(json_object_get(root, "pending"), out);
}

int execgate_sync_state_load(const char *path, struct execgate_sync_state *out,
			     struct execgate_error *err)
{
	uint8_t *text;
	json_t *root;
	size_t size;
	bool good;
	int ret;

	memset(out, 0, sizeof(*out));
	ret = execgate_io_read_file(path, TEXT_MAX, &text, &size, err);
	if (ret == -ENOENT) {
		out->is_new = true;
		return 0;
	}
	if (ret)
		return ret;
	root = json_loadb((const char *)text, size, JSON_REJECT_DUPLICATES,
			  NULL);
	free(text);
	good = read_root(root, out);
	json_decref(root);
	if (good)
		return 0;
	return execgate_error_set(
		err, -EBADMSG, EXECGATE_EXIT_ERROR,
		"%s is damaged, so that nobody knows which events the server "
		"has: remove it to send all of the journal again, with the "
		"ids that they had",
		path);
}

static json_t *digest_json(const uint8_t digest[EG_SHA256_SIZE])
{
	char hex[EXECGATE_HEX_SIZE(EG_SHA256_SIZE)];

	return json_string(execgate_hex_write(hex, digest, EG_SHA256_SIZE));
}

static json_t *state_json(const struct execgate_sync_state *state)
{
	json_t *done = json_array(), *pending = json_array();

	for (size_t i = 0; i < state->count; i++)
		json_array_append_new(done, digest_json(state->done[i]));
	for (size_t i = 0; i < state->pending_count; i++)
		json_array_append_new(
			pending,
			json_pack("{s:o, s:s, s:b}", "sha256",
				  digest_json(state->pending[i].digest), "url",
				  state->pending[i].url, "key",
				  (int)state->pending[i].is_key));
	return json_pack("{s:i, s:s, s:o, s:o}", "schema", 1, "cursor",
			 state->cursor, "done", done, "pending", pending);
}

int execgate_sync_state_save(const char *path,
			     const struct execgate_sync_state *state,
			     struct execgate_error *err)
{
	json_t *root = state_json(state);
	char *text = root ? json_dumps(root, JSON_INDENT(1)) : NULL;
	int ret;

	json_decref(root);
	if (!text)
		return execgate_error_errno(err, -ENOMEM, "cannot write %s",
					    path);
	ret = execgate_io_create_file(path, 0600, true, text, strlen(text),
				      err);
	free(text);
	return ret;
}

static bool is_done(const struct execgate_sync_state *state,
		    const uint8_t digest[EG_SHA256_SIZE])
{
	for (size_t i = 0; i < state->count; i++)
		if (!memcmp(state->done[i], digest, EG_SHA256_SIZE))
			return true;
	return false;
}

void execgate_sync_state_drop(struct execgate_sync_state *state,
			      const uint8_t digest[EG_SHA256_SIZE])
{
	uint8_t copy[EG_SHA256_SIZE];
	size_t kept = 0;

	/* It may be that of the row that goes. */
	memcpy(copy, digest, sizeof(copy));
	for (size_t i = 0; i < state->pending_count; i++)
		if (memcmp(state->pending[i].digest, copy, EG_SHA256_SIZE))
			state->pending[kept++] = state->pending[i];
	state->pending_count = kept;
}

bool execgate_sync_state_want(struct execgate_sync_state *state,
			      const struct execgate_sync_file *file)
{
	bool room = true;

	if (is_done(state, file->digest))
		return true;
	execgate_sync_state_drop(state, file->digest);
	if (state->pending_count == EXECGATE_SYNC_PENDING_MAX) {
		execgate_sync_state_drop(state, state->pending[0].digest);
		room = false;
	}
	state->pending[state->pending_count++] = *file;
	return room;
}

void execgate_sync_state_done(struct execgate_sync_state *state,
			      const uint8_t digest[EG_SHA256_SIZE])
{
	uint8_t copy[EG_SHA256_SIZE];

	/* It may be that of the row that goes. */
	memcpy(copy, digest, sizeof(copy));
	execgate_sync_state_drop(state, copy);
	if (is_done(state, copy))
		return;
	if (state->count == EXECGATE_SYNC_DONE_MAX) {
		memmove(state->done[0], state->done[1],
			sizeof(state->done) - sizeof(state->done[0]));
		state->count--;
	}
	memcpy(state->done[state->count++], copy, sizeof(copy));
}
