# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Catalogs: unsigned files run because a signed list names them, and only as
# long as it does. What is refused leaves what was loaded as it was.

C=$T/catalogs
mine=(--key /etc/execgate/test/key.pem --cert /etc/execgate/test/cert.pem)
stranger=(--key "$C/other/key.pem" --cert "$C/other/cert.pem")
stranger_key() {
	[[ -e $C/other ]] ||
		execgate key generate --out "$C/other" --no-passphrase --name other
}

# make OUT SEQUENCE FILE...: a signed catalog "case"
make() {
	local out=$1 sequence=$2
	shift 2
	execgate catalog build --no-cache --name case --sequence "$sequence" --sign \
		"${mine[@]}" -o "$C/$out" "$@"
}

# As the administrator, but with no memory of earlier runs.
install() { execgate catalog install --sequences "$C/none" --no-persist "$1"; }

# Into the kernel as it is, past all that user space would say.
kernel_says() { says "$1" "$("$A" netlink-catalog-add "$2")"; }

fresh() {
	mkdir -p "$U" "$C" && cp "$V/h9" "$U/x" && cp "$V/d9" "$U/y"
	execgate catalog remove --no-persist case || true
}

carrier_is() {
	field "$(execgate check --json "$U/x")" carrier && same carrier "$REPLY" "$1"
}

# loaded SEQUENCE: that one and no other
loaded() {
	local json
	json=$(execgate catalog list --json)
	field "$json" sequence && same sequence "$REPLY" "$1" &&
		same catalogs "$(grep -c '"loaded": true' <<<"$json")" 1
}

# The events of all that is judged: one denial with that reason.
one_event() {
	take_events && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason "$1"
}

runs() {
	fresh && expect 126 "$U/x" && make one.cat 10 "$U/x" && take_events &&
		install "$C/one.cat" && expect 9 "$U/x" && expect 9 "$U/x" &&
		carrier_is catalog && loaded 10 && take_events &&
		same events "${#EVENTS[@]}" 0 && same counted "$(counter catalogs)" 1
}

# The digest is the content's, wherever the file is and whatever it is called.
content() {
	cp "$U/x" "$U/other-name" && expect 9 "$U/other-name" &&
		printf x >>"$U/other-name" && take_events &&
		expect 126 "$U/other-name" && one_event unsigned
}

library_and_script() {
	printf '#!/bin/bash\nexit 9\n' >"$U/script" && chmod 755 "$U/script" &&
		cp "$V/evil.so" "$U/lib.so" &&
		expect 126 "$U/script" && make all.cat 11 "$U" && install "$C/all.cat" &&
		expect 9 "$U/script" && take_events &&
		says 'evil ran' "$(LD_PRELOAD="$U/lib.so" "$V/good-d9")" &&
		take_events && same events "${#EVENTS[@]}" 0
}

# The kernel's ASN.1 decoder takes 65,535 bytes: a catalog may have more.
large() {
	local i
	fresh && mkdir -p "$U/many" || return
	for ((i = 0; i < 1600; i++)); do
		printf '#!/bin/bash\nexit 9 # %d\n' "$i" >"$U/many/$i"
	done
	chmod 755 "$U/many/"{0,1599} && make large.cat 12 "$U/many" &&
		(($(stat -c %s "$C/large.cat") > 70000)) && install "$C/large.cat" &&
		expect 9 "$U/many/0" && expect 9 "$U/many/1599" &&
		same digests "$(counter catalog_digests)" 1600
}

# A signature says what a file is for: a library is no program.
wrong_use() {
	fresh && cp "$V/evil.so" "$U/x" && chmod 755 "$U/x" && make lib.cat 12 "$U/x" &&
		install "$C/lib.cat" && take_events && "$U/x"
	one_event wrong-class
}

removed() {
	fresh && make one.cat 13 "$U/x" && install "$C/one.cat" && expect 9 "$U/x" &&
		execgate catalog remove --no-persist case && take_events &&
		expect 126 "$U/x" && one_event unsigned &&
		expect 7 execgate catalog remove --no-persist case
}

# No moment without either: a program of both catalogs always runs.
replaced() {
	local i
	fresh && make both.cat 14 "$U/x" "$U/y" && make only.cat 15 "$U/y" &&
		install "$C/both.cat" && expect 9 "$U/x" && expect 9 "$U/y" || return
	(
		for ((i = 0; i < 40; i++)); do
			"$U/y"
			(($? == 9)) || exit 1
		done
	) &
	install "$C/only.cat" && wait $! && expect 9 "$U/y" && take_events &&
		expect 126 "$U/x" && one_event unsigned && loaded 15
}

# still_there: what "replaced" left
still_there() { loaded 15 && expect 9 "$U/y"; }

older() {
	expect 4 install "$C/both.cat" && kernel_says 'refused: ESTALE' "$C/both.cat" &&
		still_there && expect 126 "$U/x"
}

older_after_remove() {
	execgate catalog remove --no-persist case &&
		kernel_says 'refused: ESTALE' "$C/both.cat" &&
		same counted "$(counter catalogs)" 0 && install "$C/only.cat" && still_there
}

same_again() { install "$C/only.cat" && still_there; }

# bad NAME WHY: $C/bad is refused by the kernel whole, and by the command before
bad() {
	kernel_says "refused: $1" "$C/bad" && still_there
}

cut_anywhere() {
	local size at
	size=$(stat -c %s "$C/only.cat")
	for ((at = 0; at < size; at += 41)); do
		head -c "$at" "$C/only.cat" >"$C/bad"
		kernel_says 'refused: E(BADMSG|INVAL|NODATA|FBIG)' "$C/bad" || return
	done
	still_there
}

# All bits of one byte in turn: whatever the key and so the bytes are, it differs.
changed_anywhere() {
	local bytes at
	mapfile -t bytes < <(busybox od -An -v -t u1 -w1 "$C/only.cat")
	((${#bytes[@]} > 500)) || return
	for ((at = 3; at < ${#bytes[@]}; at += 29)); do
		{
			head -c "$at" "$C/only.cat"
			# shellcheck disable=SC2059 # it is the format that makes a byte
			printf "\\x$(printf %02x $((255 - bytes[at])))"
			tail -c +$((at + 2)) "$C/only.cat"
		} >"$C/bad"
		kernel_says 'refused: E(BADMSG|NOKEY|KEYREJECTED|NOPKG|FBIG|STALE)' "$C/bad" || return
	done
	still_there
}

longer() { cat "$C/only.cat" - <<<x >"$C/bad" && bad EBADMSG; }

# sign_raw IN OUT: by openssl, which does not look at what it signs
sign_raw() {
	openssl cms -sign -binary -nodetach -noattr -nocerts -md sha256 -outform DER \
		-inkey "${mine[1]}" -signer "${mine[3]}" -in "$1" -out "$2"
}

# Signed by the right key, but the entries are not in order.
out_of_order() {
	execgate catalog build --no-cache --name case --sequence 16 -o "$C/m" "$U/x" "$U/y" &&
		head -c 96 "$C/m" >"$C/swapped" &&
		dd if="$C/m" bs=1 skip=144 count=48 >>"$C/swapped" &&
		dd if="$C/m" bs=1 skip=96 count=48 >>"$C/swapped" &&
		tail -c +193 "$C/m" >>"$C/swapped" &&
		same size "$(stat -c %s "$C/swapped")" "$(stat -c %s "$C/m")" &&
		sign_raw "$C/swapped" "$C/bad" && bad EBADMSG
}

no_name() {
	execgate manifest -o "$C/m" "$U/x" && sign_raw "$C/m" "$C/bad" && bad EBADMSG
}

not_signed() {
	execgate catalog build --no-cache --name case --sequence 17 -o "$C/bad" "$U/x" &&
		bad EBADMSG
}

of_stranger() {
	stranger_key && execgate catalog build --no-cache --name case --sequence 18 --sign \
		"${stranger[@]}" -o "$C/bad" "$U/x" &&
		expect 5 install "$C/bad" && bad ENOKEY
}

huge() { truncate -s 257M "$C/bad" && bad EFBIG && rm "$C/bad"; }
nothing() { : >"$C/bad" && bad 'E(BADMSG|INVAL|NODATA)'; }
a_device() { says 'refused: E' "$("$A" netlink-catalog-add /dev/zero)" && still_there; }

as_user() {
	says 'refused: EPERM' "$("$A" as 1000 "$A" netlink-catalog-add "$C/only.cat")" &&
		expect 8 "$A" as 1000 /usr/bin/execgate catalog remove --no-persist case &&
		still_there
}

# A catalog is worth what its key is.
key_gone() {
	fresh && stranger_key && execgate catalog build --no-cache --name second --sequence 1 --sign \
			"${stranger[@]}" -o "$C/second.cat" "$U/x" &&
		execgate key enroll "$C/other/cert.pem" && install "$C/second.cat" &&
		expect 9 "$U/x" && execgate key remove "$C/other/cert.pem" && take_events &&
		expect 126 "$U/x" && one_event unsigned &&
		same counted "$(counter catalogs)" 0
}

# without_hash COMMAND...: that hashes nothing
without_hash() {
	local before
	before=$(counter bytes_hashed) && "$@" &&
		same 'bytes hashed' "$(counter bytes_hashed)" "$before"
}

# denied_unread PROGRAM REASON: it is, without being read
denied_unread() {
	take_events && without_hash expect 126 "$1" && one_event "$2" &&
		! field "${EVENTS[0]}" digest
}

# Anybody can make a file that takes hours to hash, and have it judged.
size_not_listed() {
	local listed
	fresh && make one.cat 20 "$U/x" && install "$C/one.cat" && expect 9 "$U/x" &&
		cp "$V/h9" "$U/huge" && cp "$V/h9" "$U/wraps" &&
		listed=$(stat -c %s "$U/x") && truncate -s 4T "$U/huge" &&
		truncate -s $((listed + (1 << 32))) "$U/wraps" || return
	execgate mode audit && take_events && without_hash expect 9 "$U/huge" &&
		one_event unsigned && execgate mode enforce &&
		denied_unread "$U/huge" unsigned && denied_unread "$U/wraps" unsigned
}

# Of a size that is listed: only the digest tells.
size_listed() {
	local last
	fresh && make one.cat 21 "$U/x" && install "$C/one.cat" && expect 9 "$U/x" &&
		last=$(($(stat -c %s "$U/x") - 1)) && cp "$U/x" "$U/other" &&
		printf x | dd of="$U/other" bs=1 seek="$last" conv=notrunc &&
		take_events && expect 126 "$U/other" && one_event unsigned &&
		event_is "${EVENTS[0]}" digest "$(sha256sum "$U/other" | cut -d' ' -f1)"
}

# Listed as a library, so large that saying "wrong-class" is not worth the hash.
size_of_other_use() {
	fresh && cp "$V/evil.so" "$U/x" && chmod 755 "$U/x" && truncate -s 17M "$U/x" &&
		make lib.cat 22 "$U/x" && install "$C/lib.cat" &&
		denied_unread "$U/x" unsigned &&
		says 'evil ran' "$(LD_PRELOAD="$U/x" "$V/good-d9")"
}

# What a file carries itself is believed about its size too.
size_in_trailer() {
	local size
	mkdir -p "$U" && cp "$V/good-d9" "$U/y" && expect 9 "$U/y" &&
		execgate unsign "$U/y" && size=$(stat -c %s "$U/y") &&
		{ head -c "$size" "$V/good-d9" && printf x &&
			tail -c +$((size + 1)) "$V/good-d9"; } >"$U/x" &&
		chmod 755 "$U/x" && denied_unread "$U/x" digest-mismatch &&
		cp "$V/as-library" "$U/x" && denied_unread "$U/x" wrong-class
}

# with_classes OUT NAME CLASSES FILE KEY CERT: FILE listed for the classes, two
# bytes as printf has them, little endian. The manifest has one identity and one
# entry, whose classes are 44 bytes into it.
with_classes() {
	# shellcheck disable=SC2059 # the format makes the bytes
	execgate catalog build --no-cache --name "$2" --sequence 1 -o "$C/m" "$4" &&
		printf "$3" | dd of="$C/m" bs=1 seek=$((64 + 32 + 44)) conv=notrunc &&
		openssl cms -sign -binary -nodetach -noattr -nocerts -md sha256 \
			-outform DER -inkey "$5" -signer "$6" -in "$C/m" -out "$C/$1"
}

# The highest bit of the classes counts as well: it is listed, but not for this.
debugger_only() {
	fresh && with_classes debugger.cat debugger '\x00\x01' "$U/x" "${mine[1]}" \
			"${mine[3]}" && install "$C/debugger.cat" && take_events &&
		expect 126 "$U/x" && one_event wrong-class || return
	execgate catalog remove --no-persist debugger
}

# The end of a key that vouched for the use takes nothing away, on no day.
in_two_days() {
	local now status=0
	now=$(date +%s) && date -s "@$((now + 2 * 86400))" || return
	"$@" || status=$?
	date -s "@$now" && return "$status"
}

key_ends() {
	fresh && execgate key generate --out "$C/short" --no-passphrase --name short \
		--days 1 && execgate key enroll "$C/short/cert.pem" &&
		with_classes short.cat short '\x01\x00' "$U/x" "$C/short/key.pem" \
			"$C/short/cert.pem" && install "$C/short.cat" &&
		expect 9 "$U/x" && in_two_days expect 9 "$U/x" || return
	execgate catalog remove --no-persist short && install "$C/short.cat" &&
		in_two_days expect 9 "$U/x" || return
	execgate key remove "$C/short/cert.pem"
}

check catalog-runs runs
check catalog-is-of-the-content content
check catalog-library-and-script library_and_script
check catalog-large large
# Technique: T1553.002
check catalog-wrong-use wrong_use
# Technique: none
check catalog-removed removed
check catalog-replaced replaced
check catalog-same-again same_again
# Technique: T1562.010
check catalog-older older
check catalog-older-after-remove older_after_remove
# Technique: T1553.002
check catalog-cut cut_anywhere
check catalog-changed changed_anywhere
check catalog-longer longer
check catalog-out-of-order out_of_order
check catalog-without-name no_name
check catalog-not-signed not_signed
check catalog-of-stranger of_stranger
check catalog-huge huge
check catalog-empty nothing
check catalog-device a_device
# Technique: T1562.001
check catalog-as-user as_user
# Technique: none
check catalog-key-removed key_gone
check catalog-size-not-listed size_not_listed
check catalog-size-listed size_listed
check catalog-size-of-other-use size_of_other_use
check catalog-size-in-trailer size_in_trailer
check catalog-debugger-only debugger_only
check catalog-key-ends key_ends
