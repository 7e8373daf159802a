// SPDX-License-Identifier: GPL-2.0
/*
 * A message of any size, with its content or without: all parts lie in it. One
 * function at a time, with what the ones that it calls are proven to do in their
 * place: any_X() is what the proof of X says of take_X().
 */
#include "format/cms.c"
#include "contract_der.h"

static struct eg_bytes any_part(struct eg_bytes whole)
{
	size_t start = nondet_size();
	struct eg_bytes part = { whole.data, nondet_size() };

	ASSUME(start <= whole.size && part.size <= whole.size - start);
	part.data += start;
	return part;
}

static void advance(struct eg_bytes *in)
{
	size_t size = nondet_size();

	HOLDS(is_readable(*in));
	ASSUME(size <= in->size);
	in->data += size;
	in->size -= size;
}

static bool has_advanced(struct eg_bytes in, struct eg_bytes whole)
{
	return in.size <= whole.size &&
	       in.data == whole.data + (whole.size - in.size);
}

/* prove_name.c is for is_name(). */
bool any_name(struct eg_bytes name)
{
	HOLDS(is_readable(name) && name.size <= EG_SIGNER_ID_MAX);
	return nondet_bool();
}

bool any_digest_algorithm(struct parse *p, struct eg_bytes *in)
{
	advance(in);
	p->weak = nondet_bool();
	return nondet_bool();
}

bool any_signature_algorithm(struct parse *p, struct eg_bytes *in)
{
	p->out->algorithm = nondet_bool() ? EG_CMS_RSA : EG_CMS_ECDSA;
	return any_digest_algorithm(p, in);
}

static bool is_good_id(const struct eg_cms *out)
{
	return !out->serial.size != !out->key_id.size &&
	       out->key_id.size <= EG_SIGNER_ID_MAX &&
	       out->issuer.size <= EG_SIGNER_ID_MAX &&
	       out->serial.size <= EG_SIGNER_ID_MAX &&
	       out->issuer.size + out->serial.size <= EG_SIGNER_ID_MAX;
}

bool any_signer_id(struct parse *p, struct eg_bytes *in, u8 version)
{
	struct eg_cms *out = p->out;
	struct eg_bytes whole = *in;

	HOLDS(version == 1 || version == 3);
	advance(in);
	if (version == 3) {
		out->key_id = any_part(whole);
	} else {
		out->issuer = any_part(whole);
		out->serial = any_part(whole);
	}
	if (nondet_bool())
		return false;
	ASSUME(is_good_id(out));
	return true;
}

bool any_signer(struct parse *p, struct eg_bytes *in)
{
	p->out->signature = any_part(*in);
	if (nondet_bool())
		return false;
	ASSUME(p->out->signature.size);
	return any_signer_id(p, in, p->version);
}

bool any_content(struct parse *p, struct eg_bytes *in)
{
	struct eg_bytes whole = *in;

	advance(in);
	if (!p->detached)
		p->out->content = any_part(whole);
	if (nondet_bool())
		return false;
	ASSUME(!p->out->content.size == p->detached);
	return true;
}

bool any_signed_data(struct parse *p, struct eg_bytes *in)
{
	struct eg_bytes whole = *in;

	p->version = nondet_bool() ? 1 : 3;
	p->weak = nondet_bool();
	return any_content(p, in) && any_signer(p, &whole) && !in->size;
}

/* What every proof but the last one begins with. */
#define ANY_STATE                                            \
	struct eg_cms out = { 0 };                           \
	struct parse p = { .out = &out,                      \
			   .version = nondet_bool() ? 1 : 3, \
			   .detached = nondet_bool() };      \
	ANY_OBJECT(in);                                      \
	struct eg_bytes rest = in

void prove_algorithms(void)
{
	ANY_STATE;
	if (nondet_bool())
		take_digest_algorithm(&p, &rest);
	else
		take_signature_algorithm(&p, &rest);
	HOLDS(has_advanced(rest, in));
}

void prove_signer_id(void)
{
	ANY_STATE;
	if (!take_signer_id(&p, &rest, p.version))
		return;
	HOLDS(has_advanced(rest, in) && is_good_id(&out));
	HOLDS(is_within(out.issuer, in) && is_within(out.serial, in));
	HOLDS(is_within(out.key_id, in));
}

void prove_signer(void)
{
	ANY_STATE;
	if (!take_signer(&p, &rest))
		return;
	HOLDS(has_advanced(rest, in) && is_good_id(&out));
	HOLDS(is_within(out.issuer, in) && is_within(out.serial, in));
	HOLDS(is_within(out.key_id, in));
	HOLDS(is_within(out.signature, in) && out.signature.size);
}

void prove_content(void)
{
	ANY_STATE;
	if (!take_content(&p, &rest))
		return;
	HOLDS(has_advanced(rest, in));
	HOLDS(is_within(out.content, in) && !out.content.size == p.detached);
}

void prove_signed_data(void)
{
	ANY_STATE;
	p.version = 0;
	if (!take_signed_data(&p, &rest))
		return;
	HOLDS(!rest.size && is_good_id(&out));
	HOLDS(p.version == 1 || p.version == 3);
	HOLDS(is_within(out.issuer, in) && is_within(out.serial, in));
	HOLDS(is_within(out.key_id, in) && is_within(out.content, in));
	HOLDS(is_within(out.signature, in) && out.signature.size);
	HOLDS(!out.content.size == p.detached);
}

void prove_message(void)
{
	bool detached = nondet_bool();
	struct eg_cms cms;

	ANY_OBJECT(in);
	if (parse(in, detached, &cms) != EG_FORMAT_OK)
		return;
	HOLDS(is_within(cms.issuer, in) && is_within(cms.serial, in));
	HOLDS(is_within(cms.key_id, in) && is_within(cms.content, in));
	HOLDS(is_within(cms.signature, in) && cms.signature.size);
	HOLDS(cms.signature.size <= EG_SIGNATURE_MAX && is_good_id(&cms));
	HOLDS(!cms.content.size == detached);
}
