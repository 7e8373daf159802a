# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Nothing but openssl on the other side: it accepts what we sign, and we accept
# what it signs.

cms_sign() {
	openssl cms -sign -binary -nodetach -md sha256 -outform DER "$@"
}

for key in rsa rsa4096 p256 p384 long; do
	cp /bin/true t
	"$EXECGATE" sign --key "$KEYS/$key/key.pem" --identity org.example/t t \
		>/dev/null
	expect 0 "$key: extract" "$EXECGATE" verify \
		--cert "$KEYS/$key/cert.pem" --extract-cms "$key.cms" t
	holds "$key: openssl accepts our message" openssl cms -verify -binary \
		-inform DER -in "$key.cms" -certfile "$KEYS/$key/cert.pem" \
		-noverify -out "$key.manifest"
	holds "$key: openssl accepts it for the certificate's purpose" \
		openssl cms -verify -binary -inform DER -in "$key.cms" \
		-certfile "$KEYS/$key/cert.pem" -CAfile "$KEYS/$key/cert.pem" \
		-partial_chain -purpose any -out "$key.manifest2"
	# 64 bytes of header, 32 of identity, then the digest.
	holds "$key: the content names the file's digest" test \
		"$(tail -c +97 "$key.manifest" | head -c 32 | od -An -v -tx1 | tr -d " \n")" = \
		"$(sha256sum </bin/true | cut -c1-64)"
	holds "$key: the content names the identity" test \
		"$(tail -c 13 "$key.manifest")" = org.example/t
	[ "$key" = long ] ||
		holds "$key: openssl refuses another key's certificate" \
		bash -c '! openssl cms -verify -binary -inform DER -in "$1" \
		-certfile "$KEYS/other/cert.pem" -noverify -out x' - "$key.cms"
	holds "$key: no certificate inside" bash -c \
		'! openssl cms -cmsout -print -inform DER -in "$1" |
		grep -q "d.certificate:"' - "$key.cms"

	# The other way round.
	cp /bin/true t
	expect 0 "$key: manifest" "$EXECGATE" manifest --json \
		--identity org.example/t -o m t
	json "$key: manifest --json" '.classes == ["program"]'
	holds "$key: manifest leaves the file alone" cmp t /bin/true
	for id in '' -keyid; do
		# shellcheck disable=SC2086
		cms_sign -noattr -nocerts $id -signer "$KEYS/$key/cert.pem" \
			-inkey "$KEYS/$key/key.pem" -in m -out m.cms
		want=0
		[ "$key$id" != long ] || want=4
		expect $want "$key $id: attach what openssl signed" \
			"$EXECGATE" attach --json --cms m.cms t
		[ $want -eq 0 ] || continue
		expect 0 "$key $id: accepted" "$EXECGATE" verify \
			--cert "$KEYS/$key/cert.pem" t
		prints "$key $id: identity" 'org.example/t'
	done
done

# A script, elsewhere signed; the newline that armor needs is in the manifest.
printf '#!/bin/sh\nexit 9' >s
expect 0 "script: manifest" "$EXECGATE" manifest -o m s
cms_sign -noattr -nocerts -signer "$KEYS/rsa/cert.pem" \
	-inkey "$KEYS/rsa/key.pem" -in m -out m.cms
expect 0 "script: attach" "$EXECGATE" attach --cms m.cms s
expect 0 "script: accepted" verify s
expect 0 "script: manifest of a signed file is that of its content" \
	env SOURCE_DATE_EPOCH=5 "$EXECGATE" manifest -o m1 s
"$EXECGATE" unsign s >/dev/null
SOURCE_DATE_EPOCH=5 "$EXECGATE" manifest -o m2 s >/dev/null
holds "script: and the same" cmp m1 m2

# What the profile does not have is refused by attach, and so is what is about
# other bytes.
cp /bin/true t
"$EXECGATE" manifest -o m t >/dev/null
k="-signer $KEYS/rsa/cert.pem -inkey $KEYS/rsa/key.pem"
refused() {
	local what=$1
	shift
	# shellcheck disable=SC2086
	"$@" -in m -out bad.cms 2>/dev/null
	holds "$what: openssl made it" test -s bad.cms
	expect 4 "$what: refused" "$EXECGATE" attach --cms bad.cms t
	holds "$what: file left alone" cmp t /bin/true
	rm -f bad.cms
}
# shellcheck disable=SC2086
{
	refused "signed attributes" cms_sign -nocerts $k
	refused "a certificate inside" cms_sign -noattr $k
	refused "two signers" cms_sign -noattr -nocerts $k \
		-signer "$KEYS/other/cert.pem" -inkey "$KEYS/other/key.pem"
	refused "SHA-1" openssl cms -sign -binary -nodetach -noattr -nocerts \
		-md sha1 -outform DER $k
	refused "SHA-512" openssl cms -sign -binary -nodetach -noattr -nocerts \
		-md sha512 -outform DER $k
	refused "no content" openssl cms -sign -binary -noattr -nocerts \
		-md sha256 -outform DER $k
	refused "PEM" openssl cms -sign -binary -nodetach -noattr -nocerts \
		-md sha256 -outform PEM $k
	refused "BER" openssl cms -sign -binary -nodetach -noattr -nocerts \
		-md sha256 -outform DER -stream $k
	refused "PSS" cms_sign -noattr -nocerts $k -keyopt rsa_padding_mode:pss
	cms_sign -noattr -nocerts $k -in m -out good.cms
}
cp /bin/false f
expect 4 "a message for another file" "$EXECGATE" attach --cms good.cms f
says "a message for another file: says so" 'not about the content'
echo >>good.cms
expect 4 "bytes behind the message" "$EXECGATE" attach --cms good.cms t
expect 7 "a message that is not there" "$EXECGATE" attach --cms none t
head -c 20000 /dev/zero >large
expect 1 "a message that is too large" "$EXECGATE" attach --cms large t
expect 2 "attach without a message" "$EXECGATE" attach t
expect 2 "manifest without a place for it" "$EXECGATE" manifest t
holds "the file is still what it was" cmp t /bin/true

# openssl.cnf is everybody's: no slip in it keeps this program from its keys.
init='openssl_conf = init\n[init]\n'
printf '%bproviders = p\n[p]\nlegacy = l\n[l]\nactivate = 1\n' "$init" >legacy.cnf
printf '%bproviders = p\n[p]\nnone = n\n[n]\nmodule = /no/such.so\nactivate = 1\n' "$init" >missing.cnf
printf '%balg_section = a\n[a]\ndefault_properties = fips=yes\n' "$init" >fips.cnf
printf 'openssl_conf = [\n' >broken.cnf
for slip in legacy missing fips broken; do
	cp /bin/true t
	expect 0 "$slip: sign" env OPENSSL_CONF="$PWD/$slip.cnf" "$EXECGATE" sign \
		--key "$KEYS/p256/key.pem" --cert "$KEYS/p256/cert.pem" t
	expect 0 "$slip: verify" env OPENSSL_CONF="$PWD/$slip.cnf" "$EXECGATE" verify \
		--cert "$KEYS/p256/cert.pem" t
	expect 0 "$slip: key generate" env OPENSSL_CONF="$PWD/$slip.cnf" "$EXECGATE" \
		key generate --no-passphrase --name "$slip" --out "$slip"
done
