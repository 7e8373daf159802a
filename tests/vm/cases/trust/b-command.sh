# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The command line as a script sees it: exit codes, and who may ask.


status_codes() {
	expect 0 execgate status && expect 0 execgate mode enforce &&
		expect 0 execgate mode audit && expect 10 execgate status &&
		expect 0 execgate mode off && expect 11 execgate status &&
		expect 0 execgate mode enforce && expect 0 execgate status &&
		expect 2 execgate mode permissive
}

# check_code STATUS FILE REASON
check_code() {
	local json
	expect "$1" execgate check "$V/$2" || return
	json=$(execgate check --json "$V/$2")
	field "$json" reason && same reason "$REPLY" "$3"
}

# As what it looks like, unless it is said: the classes are those of the hooks.
check_class() {
	local file=$1 reason=$2 hook=${3-} json
	json=$(execgate check --json ${hook:+--hook "$hook"} "$V/$file")
	field "$json" reason && same reason "$REPLY" "$reason"
}

# Asking is not running: no event, nothing counted as denied.
check_is_silent() {
	take_events && execgate check "$V/h9"
	take_events && same events "${#EVENTS[@]}" 0
}

denials_codes() {
	"$V/h9"
	expect 0 execgate denials --kernel &&
		expect 7 execgate denials --kernel --reason kexec &&
		expect 2 execgate denials --kernel --reason nonsense
}

user_refused() {
	local before
	before=$(execgate status --json | tr -d '\n')
	field "$before" mode && before=$REPLY
	expect 8 "$A" as 1000 /usr/bin/execgate "$@" &&
		field "$(execgate status --json)" mode &&
		same mode "$REPLY" "$before"
}

# Not the command line but what is behind it.
user_refused_by_kernel() {
	says EPERM "$("$A" as 1000 "$A" "$@")"
}

# Root of a user namespace has every capability, but not here.
namespace_refused() {
	says refused: "$("$A" as 1000 /usr/bin/unshare -Urn "$A" "$@")" &&
		says EPERM "$("$A" as 1000 /usr/bin/unshare -Ur "$A" "$@")"
}

# Whether the gate is on is for everybody; what it trusts is not.
user_status() {
	local output
	output=$(expect 0 "$A" as 1000 /usr/bin/execgate status) &&
		says 'Mode: *enforce' "$output" && [[ $output != *Keys:* ]]
}

root_may() { expect 9 "$A" "$@"; }

check exit-codes-of-status status_codes
check check-signed check_code 0 good allowed
check check-unsigned check_code 3 h9 unsigned
check check-changed check_code 4 changed digest-mismatch
check check-malformed check_code 4 indefinite malformed
check check-forged check_code 4 twin bad-signature
check check-stranger check_code 5 stranger unknown-signer
check check-weak check_code 5 sha1 weak-algorithm
check check-script check_code 0 good-script allowed
check check-class-of-exec check_class as-library wrong-class
check check-class-of-script check_class as-script wrong-class
check check-class-of-mmap check_class as-library allowed mmap
check check-class-of-mmap-script check_class as-script wrong-class mmap
check check-no-such-file expect 7 execgate check /no/such/file
check check-is-silent check_is_silent
check exit-codes-of-denials denials_codes
check verify-signed expect 0 execgate verify \
	--cert /suite/keys/trusted.pem "$V/good"
check verify-unsigned expect 3 execgate verify "$V/h9"
check verify-changed expect 4 execgate verify \
	--cert /suite/keys/trusted.pem "$V/changed"
check user-status user_status
for command in 'mode audit' 'check /suite/files/good' \
	'key list' 'key remove /suite/keys/trusted.pem' \
	'key enroll /suite/keys/second.pem' 'denials --kernel'; do
	# Technique: T1562.001
	# shellcheck disable=SC2086 # words are meant
	check "user-${command%% /*}" user_refused $command
done
for command in netlink-status netlink-keys netlink-events 'netlink-mode 0' \
	'netlink-check /suite/files/good' \
	'netlink-key-add /suite/keys/second.der'; do
	# shellcheck disable=SC2086
	check "user-${command%% *}" user_refused_by_kernel $command
	# shellcheck disable=SC2086
	check "user-namespace-${command%% *}" namespace_refused $command
done
for command in netlink-status netlink-keys netlink-events \
	'netlink-check /suite/files/good'; do
	# shellcheck disable=SC2086
	check "root-${command%% *}" root_may $command
done

# What a message should not have: trailing bytes, reserved fields, wrong sizes.
malformed() { says 'refused: E(INVAL|RANGE|OPNOTSUPP)' "$("$A" netlink-malformed "$1")"; }
# Technique: none
check netlink-well-formed expect 9 "$A" netlink-malformed nothing
for how in reserved flags unknown short long range not-nested behind; do
	# Technique: T1068
	check "netlink-malformed-$how" malformed "$how"
done

# Who may not ask for events may not listen to them either.
join_needs_more() { says 'refused: EPERM' "$("$A" netlink-join)"; }
# Technique: none
check events-need-more-than-net-admin join_needs_more
