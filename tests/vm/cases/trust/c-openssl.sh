# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The signature is a CMS message and nothing but that: made by openssl it is
# accepted, made by execgate it is verified by openssl.

E=/etc/execgate/test

made_by_openssl() {
	mkdir -p "$U" && cp "$V/h9" "$U/x" &&
		execgate manifest -o "$T/manifest" "$U/x" &&
		openssl cms -sign -binary -nodetach -noattr -nocerts \
			-md sha256 -outform DER -signer "$E/cert.pem" \
			-inkey "$E/key.pem" -in "$T/manifest" -out "$T/cms" &&
		execgate attach --cms "$T/cms" "$U/x" && expect 9 "$U/x"
}

# The trailer: 12 bytes that end with the length, 28 bytes of magic.
verified_by_openssl() {
	local size length
	cp "$V/h9" "$U/x" && execgate sign --key "$E/key.pem" \
		--cert "$E/cert.pem" "$U/x" || return
	size=$(stat -c %s "$U/x")
	length=$(tail -c 32 "$U/x" | head -c 4 | od -An -tx1 | tr -d ' ')
	length=$((16#$length))
	tail -c $((length + 40)) "$U/x" | head -c "$length" >"$T/cms"
	openssl cms -verify -binary -inform DER -in "$T/cms" \
		-certfile "$E/cert.pem" -CAfile "$E/cert.pem" -purpose any \
		-partial_chain -out "$T/manifest" || return
	says ^EXECGATE "$(head -c 8 "$T/manifest")" &&
		cmp "$V/h9" <(head -c $((size - length - 40)) "$U/x") &&
		says "$(sha256sum <"$V/h9" | cut -d' ' -f1)" \
			"$(od -An -v -tx1 "$T/manifest" | tr -d ' \n')"
}

check signed-with-openssl-alone made_by_openssl
check verified-with-openssl-alone verified_by_openssl
