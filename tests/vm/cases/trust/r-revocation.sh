# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Trust that is taken back: at once, where a verdict was cached, and to stay.

KR=/suite/keys
R=$T/revocation
signer=(--key /etc/execgate/test/key.pem --cert /etc/execgate/test/cert.pem)
revoke() { execgate revoke "$@"; }

# What an earlier case revoked is trusted again.
clean_slate() {
	mkdir -p "$U" "$R" && cp "$V/second-signed" "$U/x" && cp "$V/h9" "$U/y" &&
		{ execgate key enroll --no-persist "$KR/second.pem" || true; } &&
		{ execgate catalog remove --no-persist revocable || true; } &&
		expect 9 "$U/x" && take_events
}

# denied PROGRAM REASON: it is, with one event
denied() {
	take_events && expect 126 "$1" && take_events &&
		same events "${#EVENTS[@]}" 1 && event_is "${EVENTS[0]}" reason "$2"
}

# Row 30: a cached verdict does not outlive the trust in its key.
key() {
	clean_slate && expect 9 "$U/x" && execgate key revoke "$KR/second.pem" &&
		denied "$U/x" revoked && event_is "${EVENTS[0]}" mode enforce &&
		field "${EVENTS[0]}" signer && same revocations "$(counter revocations)" 1 &&
		says '"revoked": true' "$(execgate key list --json)" || return
	expect 5 execgate key enroll "$KR/second.pem" && denied "$U/x" revoked &&
		revoke key --undo "$KR/second.pem" && expect 9 "$U/x" &&
		same revocations "$(counter revocations)" 0 &&
		expect 7 revoke key --undo "$KR/second.pem"
}

# In audit it runs, and is told.
key_in_audit() {
	clean_slate && execgate mode audit && expect 9 "$U/x" &&
		revoke key "$KR/second.pem" && take_events && expect 9 "$U/x" &&
		take_events && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason revoked &&
		event_is "${EVENTS[0]}" mode audit || return
	revoke key --undo "$KR/second.pem" && execgate mode enforce
}

# A key that is not here can be revoked; enrolled then, it does not count.
key_before_it_comes() {
	local hex before
	clean_slate && execgate key remove "$KR/second.pem" &&
		hex=$(openssl x509 -in "$KR/second.pem" -noout -fingerprint \
			-sha256 | cut -d= -f2 | tr -d : | tr A-F a-f) &&
		revoke key "$hex" && before=$(counter keys) &&
		says 'refused: E' "$("$A" netlink-key-add "$KR/second.der")" || true
	same keys "$(counter keys)" "$before" && denied "$U/x" revoked &&
		revoke key --undo "$hex" && expect 9 "$U/x"
}

# A content, whoever signs it; other contents of the same key run.
digest() {
	local json hex
	clean_slate && cp "$V/good" "$U/z" && expect 9 "$U/z" &&
		json=$(execgate check --json "$U/z") && field "$json" digest &&
		hex=$REPLY && revoke digest "$hex" && denied "$U/z" revoked &&
		event_is "${EVENTS[0]}" digest "$hex" && expect 9 "$V/good-d9" || return
	# Signed again it is the same content.
	cp "$U/z" "$U/w" && execgate unsign "$U/w" &&
		execgate sign "${signer[@]}" "$U/w" && denied "$U/w" revoked &&
		revoke digest --undo "$hex" && expect 9 "$U/z" && expect 9 "$U/w"
}

file() {
	clean_slate && revoke file "$U/x" && denied "$U/x" revoked &&
		revoke file --undo "$U/x" && expect 9 "$U/x" &&
		expect 7 revoke file --undo "$U/x"
}

# catalog OUT SEQUENCE: lists y
catalog() {
	execgate catalog build --no-cache --name revocable --sequence "$2" --sign \
		"${signer[@]}" -o "$R/$1" "$U/y"
}

install_it() {
	execgate catalog install --no-persist --sequences "$R/none" "$R/$1"
}

digest_in_catalog() {
	clean_slate && catalog one.cat 1 && install_it one.cat && expect 9 "$U/y" &&
		revoke file "$U/y" && denied "$U/y" revoked &&
		event_is "${EVENTS[0]}" carrier catalog &&
		revoke file --undo "$U/y" && expect 9 "$U/y"
}

# The key of a catalog: what it lists is revoked, and it is not loaded again.
key_of_catalog() {
	clean_slate && execgate key generate --out "$R/other" --no-passphrase \
		--name other && execgate key enroll --no-persist "$R/other/cert.pem" &&
		execgate catalog build --no-cache --name revocable --sequence 2 --sign \
			--key "$R/other/key.pem" --cert "$R/other/cert.pem" \
			-o "$R/other.cat" "$U/y" &&
		expect 9 "$A" netlink-catalog-add "$R/other.cat" &&
		expect 9 "$U/y" && revoke key "$R/other/cert.pem" &&
		denied "$U/y" revoked &&
		says 'refused: EKEYREVOKED' \
			"$("$A" netlink-catalog-add "$R/other.cat")" &&
		revoke key --undo "$R/other/cert.pem" && expect 9 "$U/y" &&
		execgate key remove "$R/other/cert.pem"
}

# Not the name for ever: what comes after the bad one is taken.
catalog_revoked() {
	clean_slate && catalog three.cat 3 && catalog four.cat 4 &&
		install_it three.cat && expect 9 "$U/y" && revoke catalog revocable &&
		denied "$U/y" unsigned &&
		says 'refused: ECANCELED' \
			"$("$A" netlink-catalog-add "$R/three.cat")" &&
		expect 5 install_it three.cat && expect 126 "$U/y" &&
		install_it four.cat && expect 9 "$U/y" || return
	says 'revocable up to sequence 3 *loaded, kept' "$(revoke list)" &&
		revoke catalog --undo revocable && expect 7 revoke catalog --undo revocable
}

# A library that is mapped stays; nobody maps it again, by mmap or mprotect.
library() {
	local json
	clean_slate && cp "$V/good.so" "$U/lib.so" &&
		says 'evil ran' "$(LD_PRELOAD="$U/lib.so" "$V/good-d9")" &&
		revoke file "$U/lib.so" && take_events || return
	! says 'evil ran' "$(LD_PRELOAD="$U/lib.so" "$V/good-d9" 2>&1)" >/dev/null &&
		take_events && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason revoked &&
		event_is "${EVENTS[0]}" hook mmap && revoke file --undo "$U/lib.so"
}

# What runs goes on, and is named with its processes.
running() {
	local pid json status=0
	clean_slate && cp "$(type -P sleep)" "$U/z" || return
	"$U/z" 60 &
	pid=$!
	sleep 0.5
	json=$(revoke file --json "$U/z") || status=1
	says "\"path\": \"$U/z\"" "$json" && says "\\b$pid\\b" "$json" &&
		says '"reason": "revoked"' "$json" && kill -0 "$pid" || status=1
	kill "$pid"
	revoke file --undo "$U/z" && return "$status"
}

# The key of the whole system: not by mistake.
needed_key() {
	expect 1 revoke key /etc/execgate/test/cert.pem &&
		says 'boot and to log in' "$(cat "$T/out")" &&
		same revocations "$(counter revocations)" 0 && expect 9 "$V/good"
}

# It is kept, and a daemon that comes loads it.
daemon_again() {
	local hex daemon status=0
	clean_slate && mkdir -p "$R/conf" "$R/keys" && rm -f /run/execgate/resume &&
		revoke key "$KR/second.pem" &&
		hex=$(sha256sum "$V/h9" | cut -d' ' -f1) && revoke digest "$hex" &&
		says "digest $hex" "$(cat /etc/execgate/revoked)" &&
		expect 9 "$A" netlink-revoke-undo "$hex" &&
		same revocations "$(counter revocations)" 1 || return
	execgated --config "$R/conf" >"$R/log" 2>&1 &
	daemon=$!
	loaded_again && denied "$U/x" revoked && revoke digest --undo "$hex" &&
		revoke key --undo "$KR/second.pem" && expect 9 "$U/x" || status=1
	kill "$daemon"
	wait "$daemon"
	return "$status"
}

loaded_again() {
	local tries
	for ((tries = 0; tries < 100; tries++)); do
		(($(counter revocations) < 2)) || return 0
		sleep 0.1
	done
	echo "the daemon does not load them: $(<"$R/log")"
	return 1
}

# One that cannot be read takes the others with it no more than need be.
damaged_file() {
	local hex
	hex=$(sha256sum "$V/h9" | cut -d' ' -f1)
	printf 'digest %s why not\nkey nonsense\n' "$hex" >"$R/revoked" &&
		expect 1 revoke digest --revoked "$R/revoked" "$hex" &&
		says "$R/revoked:2" "$(cat "$T/out")" &&
		same lines "$(wc -l <"$R/revoked")" 2 &&
		expect 1 revoke list --revoked "$R/revoked" &&
		revoke digest --no-persist --undo "$hex"
}

as_user() {
	says 'refused: EPERM' "$("$A" as 1000 "$A" netlink-revoke-fill 1)" &&
		expect 8 "$A" as 1000 /usr/bin/execgate revoke digest --no-persist \
			"$(sha256sum "$V/h9" | cut -d' ' -f1)" &&
		same revocations "$(counter revocations)" 0
}

# While it is revoked and not, in turn, nothing but yes and revoked is said.
under_storm() {
	local storm round
	clean_slate || return
	"$A" storm 6 "$V/good-d9" &
	storm=$!
	for round in 1 2 3 4 5 6; do
		revoke file --no-persist "$U/x" >/dev/null && expect 126 "$U/x" &&
			revoke file --no-persist --undo "$U/x" >/dev/null &&
			expect 9 "$U/x" || return
	done
	echo "$round rounds"
	expect 9 wait "$storm"
}

# Technique: T1588.003
check 30-key-revoked key
check 30-key-revoked-in-audit key_in_audit
check revoked-key-before-it-comes key_before_it_comes
check revoked-digest digest
check revoked-file file
check revoked-digest-in-catalog digest_in_catalog
check revoked-key-of-catalog key_of_catalog
check revoked-catalog catalog_revoked
check revoked-library library
check revoked-running running
# Technique: none
check revoked-needed-key needed_key
check revoked-after-restart daemon_again
# Technique: T1562.001
check revoked-file-damaged damaged_file
check revoked-as-user as_user
# Technique: none
check revoked-under-storm under_storm
