# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# B. The profile of the signed message, and of the manifest in it. What the
# kernel's own verifier would accept is in here on purpose.

# profile REASON ROW-FILE...: the file of that name, less the row's number
profile() {
	local row reason=$1
	shift
	for row; do
		deny "$row" file="${row#*-}" reason="$reason"
	done
}

# Technique: T1553.002
profile weak-algorithm 15-sha1 15-md5 15-sha224
profile malformed 19-chain 19-certificate 21-two-signers 21-two-same-signers \
	21-no-signer 24-attributes 24-unsigned-attributes 26-no-content \
	26-empty-content 26-other-content 26-other-magic 26-other-version \
	26-no-class 26-unknown-class 26-cut-content 26-long-content \
	26-other-type 27-two-digests 27-version-3 27-garbage-behind 27-cut \
	27-indefinite 27-long-length 27-huge-length 27-constructed 27-nested \
	27-nested-name
profile unknown-signer 20-tls
profile digest-mismatch 26-other-size
# A name over its bound, and a message over its own.
profile malformed 32-issuer-8k 32-issuer-60k
# A signature says what the file is for.
deny 26-class-library file=as-library reason=wrong-class
deny 26-class-script file=as-script reason=wrong-class
# Technique: T1036.005
deny 26-bound-to-path file=bound-to-path reason=wrong-path
