# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Signed policies: what is taken and what is not, what they bind, and that they
# never go back, also across boots. The module is loaded anew at the end, with no
# signed policy, in mode enforce.

P=$T/policy
R=$P # of the daemon that p-rescue.sh starts and stops

# What is in force, as one text.
now_is() {
	local json
	json=$(execgate status --json | tr -d '\n ')
	[[ $json =~ \"mode\":\"([a-z]*)\" ]] && REPLY=${BASH_REMATCH[1]}
	[[ $json =~ \"deviations\":(\[[^]]*\]) ]] && REPLY+=" ${BASH_REMATCH[1]}"
}

# in_force VERSION: 0 = none
in_force() {
	local json
	if (($1 == 0)); then
		expect 7 execgate policy show
		return
	fi
	json=$(execgate policy show --json | tr -d '\n')
	field "$json" version && same version "$REPLY" "$1"
}

load() { expect 9 "$A" netlink-policy-load "$V/policy-$1"; }

# one REASON: exactly one event since the last, about the policy
one() {
	take_events && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason "$1" &&
		event_is "${EVENTS[0]}" hook policy &&
		event_is "${EVENTS[0]}" mode enforce && event_is "${EVENTS[0]}" uid 0
}

# refuses FILE ERRNO REASON: past all that user space would say; and nothing is
# any other than before
refuses() {
	local before
	now_is && before=$REPLY && take_events &&
		says "refused: $2" "$("$A" netlink-policy-load "$V/policy-$1")" &&
		one "$3" && event_is "${EVENTS[0]}" ino "$(stat -c %i "$V/policy-$1")" &&
		now_is && same policy "$REPLY" "$before" && return
	echo "at policy-$1"
	return 1
}

# unsigned_refused COMMAND...: for the signed policy's sake
unsigned_refused() {
	local before output status=0
	now_is && before=$REPLY && take_events || return
	output=$("$@" 2>&1) || status=$?
	echo "$output"
	same status "$status" 8 && says 'signed policy' "$output" &&
		says 'execgate.mode=audit' "$output" && one policy-signed && now_is &&
		same policy "$REPLY" "$before"
}

hostile() {
	local file
	for file in "$V"/policy-bad-*; do
		file=${file##*/policy-}
		refuses "$file" EBADMSG malformed || return
	done
	refuses 4737 EFBIG too-large && refuses cut EBADMSG malformed &&
		refuses appended EBADMSG malformed && refuses object EBADMSG malformed &&
		refuses empty EBADMSG unsigned && refuses garbage EBADMSG malformed &&
		refuses 8193 EFBIG too-large && refuses sha1 ENOPKG weak-algorithm &&
		in_force 0
}

strangers() {
	refuses 90-stranger ENOKEY unknown-signer &&
		refuses changed-mode EKEYREJECTED bad-signature &&
		refuses changed-signature EKEYREJECTED bad-signature &&
		refuses 25-second ENOKEY unknown-signer && in_force 0
}

not_a_file() {
	take_events && says 'refused: EBADMSG' "$("$A" netlink-policy-load "$V")" &&
		one not-regular && says 'refused: EBADF' "$("$A" netlink-policy-load /dev/full)"
	mkdir -p "$U" && cp "$V/policy-as-trailer" "$U/x" && take_events &&
		expect 126 "$U/x" && take_events && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason malformed
}

as_user() {
	take_events && says 'refused: EPERM' \
		"$("$A" as 1000 "$A" netlink-policy-load "$V/policy-10")" &&
		take_events && same events "${#EVENTS[@]}" 0 && in_force 0
}

# A key for code is none for policies: nor for one that would end all of this.
not_by_code() {
	refuses 10 EACCES wrong-purpose && refuses 21-off EACCES wrong-purpose &&
		field "${EVENTS[0]}" signer && in_force 0 || return
	expect 5 execgate policy load "$V/policy-10" &&
		says 'execgate key enroll --for' \
			"$(execgate policy load "$V/policy-10" 2>&1)" && take_events
}

# All of it at once, and looser too: the first one has nothing to go by.
loads() {
	local json
	execgate key enroll --no-persist --for code,policy "$KR/second.pem" || return
	mode_is enforce && take_events && load 10 && in_force 10 && mode_is audit &&
		take_events && same events "${#EVENTS[@]}" 0 || return
	json=$(execgate status --json | tr -d '\n ')
	says '"signed_policy":.*"version":10,' "$json" &&
		says 'suite, version 10, signed by' "$(execgate status)" &&
		says 'suite, version 10, in force' "$(execgate doctor)"
}

# runs_as VERSION STATUS: what is signed as such a version of org.example/tool
runs_as() {
	cp "$V/h9" "$U/x" && execgate sign --key /etc/execgate/test/key.pem \
		--cert /etc/execgate/test/cert.pem --identity org.example/tool --version "$1" \
		"$U/x" && expect "$2" "$U/x"
}

# floor_undone STATUS PATTERN: take the floor of a hand back, as root would
floor_undone() {
	local output status=0
	output=$(execgate revoke version --no-persist --undo org.example/tool 2>&1) ||
		status=$?
	echo "$output"
	same status "$status" "$1" && says "$2" "$output"
}

# An old version runs until a policy says that it counts no longer. Whatever root
# removes, and whatever a later policy says, that stays; by hand it is only raised.
floors() {
	local output
	mkdir -p "$U" && execgate mode enforce && runs_as 4 9 && take_events || return
	output=$(execgate policy load --force "$V/policy-12-floors") && echo "$output" &&
		says 'floor: org.example/tool: from version 5 on, was: all versions' "$output" &&
		in_force 12 && says 'Floor: *org.example/tool: from version 5 on' \
		"$(execgate policy show)" && says 'mode audit.*, 2 floors' "$(execgate status)" &&
		execgate mode enforce && take_events && expect 126 "$U/x" && take_events &&
		same events "${#EVENTS[@]}" 1 && event_is "${EVENTS[0]}" reason rollback &&
		runs_as 5 9 && says 'org.example/tool below 5' "$(execgate revoke list)" || return
	rm -f /etc/execgate/policy /etc/execgate/revoked
	floor_undone 8 'the signed policy in force says' && runs_as 4 126 &&
		execgate revoke version --no-persist org.example/tool 9 && runs_as 8 126 &&
		floor_undone 0 '' && runs_as 8 9 && runs_as 4 126 || return
	load 13-lower && execgate mode enforce && runs_as 4 126 && runs_as 5 9 &&
		load 14-none && execgate mode enforce && runs_as 4 126 && in_force 14 &&
		floor_undone 0 '' && runs_as 4 9 && execgate mode audit && take_events
}

# Files that it takes to boot would be of versions below a floor. This is told before the
# kernel is asked, so another key than one for policies will do.
floor_needed() {
	local json output status=0 key=/etc/execgate/test
	mkdir -p "$U" && json=$(execgate check --json /bin/bash) &&
		field "$json" identity && execgate policy make --mode audit --version 4000000000 --sign \
			--floor "$REPLY 1000" --key "$key/key.pem" \
			--cert "$key/cert.pem" -o "$U/needed.policy" || return
	output=$(execgate policy load "$U/needed.policy" 2>&1) || status=$?
	echo "$output"
	same status "$status" 12 && says 'boot and to log in' "$output" && in_force 10
}

# as UID COMMAND...
as() { setpriv --reuid="$1" --regid="$1" --clear-groups "${@:2}"; }

# freed STATUS: root sets the user free
freed() { expect "$1" execgate constrain remove --no-persist 33; }

# A broken service makes memory executable, until a policy constrains its user. Then root
# does not set it free, and whatever a later policy says, it stays until root does. The
# neighbour is not touched.
users() {
	local status=0 listed
	execgate mode enforce && take_events && expect 9 as 33 "$A" anon-rwx &&
		take_events && same events "${#EVENTS[@]}" 0 && load 15-users && in_force 15 &&
		says 'Constrained: *user 33' "$(execgate policy show)" &&
		execgate mode enforce && take_events || return
	as 33 "$A" anon-rwx || status=$?
	((status != 9 && status != 99)) && take_events && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason anon-exec && event_is "${EVENTS[0]}" uid 33 &&
		event_is "${EVENTS[0]}" constrained true && expect 9 as 1001 "$A" anon-rwx &&
		take_events && same events "${#EVENTS[@]}" 0 || return
	freed 8 && one policy-signed && listed=$(execgate constrain list) &&
		says 'user 33' "$listed" && says 'user 4294967294' "$listed" &&
		execgate mode audit && freed 8 && take_events && load 16-none && in_force 16 &&
		says 'user 33' "$(execgate constrain list)" && freed 0 &&
		expect 0 execgate constrain remove --no-persist 4294967294 &&
		execgate mode enforce && expect 9 as 33 "$A" anon-rwx && execgate mode audit &&
		take_events && same events "${#EVENTS[@]}" 0
}

# It is the least: more is for anybody to set, and to take back.
binds() {
	execgate mode enforce && execgate gate raw-disk on &&
		execgate gate raw-disk off && execgate profile strict &&
		execgate profile standard && execgate mode audit || return
	unsigned_refused execgate mode off && unsigned_refused execgate gate seal off &&
		unsigned_refused execgate profile basic && take_events &&
		says 'refused: EPERM' "$("$A" netlink-mode 0)" && one policy-signed &&
		mode_is audit
}

# Or root would make himself one for the next policy, and this one bound nobody.
own_key_refused() {
	local output status=0
	take_events
	output=$(execgate key enroll --no-persist --for policy "$KR/stranger.pem" \
		2>&1) || status=$?
	same status "$status" 8 && says 'signed policy says enforce' "$output" &&
		one policy-signed && refuses 90-stranger ENOKEY unknown-signer &&
		execgate key enroll --no-persist --for code "$KR/stranger.pem" &&
		refuses 90-stranger EACCES wrong-purpose && take_events || return
	status=0
	execgate key enroll --no-persist --for code,policy "$KR/stranger.pem" ||
		status=$?
	same status "$status" 8 && one policy-signed &&
		refuses 90-stranger EACCES wrong-purpose &&
		execgate key remove "$KR/stranger.pem"
}

never_back() {
	load 20 && in_force 20 && mode_is enforce && expect 126 "$V/h9" || return
	own_key_refused &&
		refuses 10 EPERM policy-version && refuses 19 EPERM policy-version &&
		event_is "${EVENTS[0]}" identity_version 19 &&
		event_is "${EVENTS[0]}" identity suite &&
		refuses 20-other EPERM policy-version &&
		refuses 20-name EPERM policy-version && unsigned_refused execgate mode audit
}

# Nor is a BPF program loaded that could answer for the gate, once it says enforce.
bpf_free() { expect 9 "$A" bpf-lsm bprm_check_security; }

bpf_bound() {
	take_events && expect 3 "$A" bpf-lsm bprm_check_security && take_events &&
		same events "${#EVENTS[@]}" 1 && event_is "${EVENTS[0]}" reason bpf &&
		event_is "${EVENTS[0]}" hook bpf-load && expect 9 "$A" bpf-socket-filter
}

# Raised by whoever may, and not lowered again.
version_bound() {
	local output status=0
	execgate revoke version --no-persist org.example/bound 5 &&
		execgate revoke version --no-persist org.example/bound 6 || return
	output=$(execgate revoke version --no-persist --undo org.example/bound 2>&1) ||
		status=$?
	same status "$status" 8 && says 'signed policy says enforce' "$output" &&
		says 'org.example/bound below 6' "$(execgate revoke list)"
}

# The same, by whomever it is signed: what was tightened since stays.
again() {
	execgate gate firmware on && take_events && load 20 && load 20-again && take_events &&
		same events "${#EVENTS[@]}" 0 && in_force 20 &&
		same firmware "$(execgate gate firmware)" on
}

commands_say() {
	local output
	expect 4 execgate policy load "$V/policy-10" &&
		output=$(execgate policy load "$V/policy-10" 2>&1)
	says 'version 20 is in force' "$output" || return
	expect 4 execgate policy load "$V/policy-bad-mode-3" &&
		expect 5 execgate policy load --force "$V/policy-90-stranger" &&
		expect 3 execgate policy load "$V/policy-object" &&
		expect 1 execgate mode enforce --for 60s &&
		says 'nothing to try' "$(execgate mode enforce --for 60s 2>&1)" &&
		says 'as it was' "$(execgate policy load "$V/policy-20")"
}

explained() {
	local output sequence
	take_events
	execgate mode audit 2>/dev/null
	one policy-signed && field "${EVENTS[0]}" sequence && sequence=$REPLY &&
		output=$(execgate why "$sequence") && echo "$output" &&
		says 'mode and gates: policy-signed' "$output" &&
		says 'execgate policy show' "$output" || return
	execgate policy load "$V/policy-10" 2>/dev/null
	one policy-version && field "${EVENTS[0]}" sequence &&
		says 'policy make --sign' "$(execgate why "$REPLY")" &&
		says 'policy-10' "$(execgate denials --kernel -n 1)"
}

# Taking trust away tightens, whatever was signed with it.
key_goes() {
	load 25-second && in_force 25 &&
		execgate revoke key --no-persist "$KR/second.pem" && in_force 25 &&
		refuses 26-second EKEYREVOKED revoked && mode_is enforce &&
		unsigned_refused execgate mode audit || return
	execgate revoke key --no-persist --undo "$KR/second.pem" &&
		execgate key remove "$KR/second.pem" && in_force 25 &&
		mode_is enforce && unsigned_refused execgate mode audit &&
		refuses 26-second ENOKEY unknown-signer
}

newer_loosens() {
	local output
	output=$(execgate policy load "$V/policy-30" 2>&1) && echo "$output" &&
		says 'looser: mode audit was enforce' "$output" && in_force 30 &&
		mode_is audit && same seal "$(execgate gate seal)" off
}

# --- across boots: a module that is loaded anew has forgotten everything

policy_daemon() {
	run_daemon "$P/log" --config "$P"
	eventually daemon_lives
}

# new_boot [POLICY-OFF]: without a signed policy the mode goes off by itself
new_boot() {
	stop_daemon
	if (($#)); then load "$1" || return; fi
	execgate mode off >/dev/null && rmmod execgate &&
		modprobe execgate mode=off && policy_daemon
}

logged() { says "$1" "$(<"$P/log")"; }
version_kept() { same kept "$(</var/lib/execgate/policy-version)" "$1 policy"; }

# The policy is the least of it: what the configuration adds counts too.
boots_with() {
	printf '[gate]\nmode = audit\nprofile = basic\nfirmware = on\n' >"$P/execgate.conf"
	cp "$V/policy-20" "$P/policy"
	new_boot 31-off && eventually mode_is enforce && in_force 20 &&
		logged 'signed policy suite, version 20, is in force' &&
		logged 'the mode of .* is not applied' &&
		logged 'the profile of .* is not applied' &&
		eventually same firmware "$(execgate gate firmware)" on &&
		same seal "$(execgate gate seal)" on &&
		same raw-disk "$(execgate gate raw-disk)" on && version_kept 20
}

# enrolled_as FROM TO: rename the file of the kept key
enrolled_as() {
	local keys=/etc/execgate/keys id
	id=$(openssl x509 -in "$KR/trusted.pem" -outform DER | sha256sum)
	mv "$keys/${id:0:16}$1.pem" "$keys/${id:0:16}$2.pem"
}

# Upgraded: the key is for code, from when that was for policies, and the policy was
# in force. It is again; but not one that never was, nor by a key that was told so.
boots_after_upgrade() {
	local words=.files.catalogs.kernel
	enrolled_as $words.policy '' && new_boot 31-off && eventually in_force 20 &&
		mode_is enforce && logged 'from when keys for code were for policies' ||
		return
	rm /var/lib/execgate/policy-version
	new_boot 31-off && eventually logged 'trusted to sign something else' &&
		in_force 0 || return
	echo 20 policy >/var/lib/execgate/policy-version
	enrolled_as '' $words && new_boot && eventually mode_is enforce && in_force 0 &&
		logged 'trusted to sign something else' && held || return
	enrolled_as $words $words.policy && new_boot && eventually in_force 20
}

# A daemon that comes back, or reads it all again, changes nothing.
restarts() {
	execgate gate anon-exec on && take_events && stop_daemon && policy_daemon &&
		eventually times_ready 1 && mode_is enforce && in_force 20 &&
		take_events && same events "${#EVENTS[@]}" 0 && reload &&
		mode_is enforce && in_force 20 && take_events &&
		same events "${#EVENTS[@]}" 0
}

# The kernel knows nothing of the boot before; the daemon does.
older_put_back() {
	cp "$V/policy-10" "$P/policy"
	new_boot 21-off && eventually mode_is enforce && in_force 0 &&
		logged 'is older than a policy that was in force before' && version_kept 20 &&
		held
}

# What it said stays, not only the mode: that it is gone is no decision.
held() {
	logged '(enforce stays|what it said (stays|is))' && same seal "$(execgate gate seal)" on &&
		same raw-disk "$(execgate gate raw-disk)" on
}

taken_away() {
	rm "$P/policy"
	new_boot && eventually mode_is enforce && in_force 0 && logged 'is gone' && held
}

# Cut, or signed by nobody who is trusted: the kernel does not take it.
damaged() {
	head -c 200 "$V/policy-20" >"$P/policy"
	new_boot && eventually mode_is enforce && in_force 0 && held || return
	LC_ALL=C sed 's/suite/suitf/' "$V/policy-20" >"$P/policy"
	new_boot && eventually mode_is enforce && in_force 0 &&
		logged 'is not in force any more, but what it said is' &&
		same seal "$(execgate gate seal)" on
}

# By a word, and not by the lack of one.
taken_away_on_purpose() {
	local conf=/etc/execgate/execgate.conf.d
	rm -f "$P/policy" /var/lib/execgate/policy-version
	execgate mode --persist audit && rm "$conf/90-mode.conf" &&
		new_boot && eventually mode_is audit && in_force 0
}

# Nobody is locked out: the kernel command line, then boots that failed.
rescued() {
	local status=0
	cp "$V/policy-20" "$P/policy"
	echo "$(</proc/cmdline) execgate.mode=audit" >"$P/cmdline"
	mount --bind "$P/cmdline" /proc/cmdline || return
	new_boot && eventually mode_is audit && in_force 0 &&
		logged 'is NOT in force in this boot' &&
		doctor_of 20 'version 20, is not in force' && execgate mode enforce &&
		execgate mode audit || status=1
	umount /proc/cmdline
	return $status
}

falls_back() {
	printf 'execgate-boots 1\nboot 0\nattempts 3\nfell-back 0\n' \
		>/var/lib/execgate/boots
	new_boot && eventually mode_is audit && in_force 0 &&
		logged 'NOT ENFORCING' && execgate mode enforce && kill -HUP "$(daemon_pid)" &&
		eventually in_force 20
	rm -f /var/lib/execgate/boots
}

# Installed by the command, for the next boot.
persists() {
	rm -f "$P/policy" /var/lib/execgate/{policy-version,enforced}
	new_boot 22-off && eventually mode_is audit && in_force 0 &&
		execgate policy load --force --persist \
		--policy "$P/policy" "$V/policy-20" && in_force 20 && version_kept 20 &&
		cmp "$P/policy" "$V/policy-20" && reload &&
		in_force 20
}

# doctor_of POLICY PATTERN: of /etc/execgate, with that policy in it
doctor_of() {
	local told
	cp "$V/policy-$1" /etc/execgate/policy && told=$(execgate doctor)
	rm /etc/execgate/policy
	says "$2" "$told"
}

# Whose word counts in the next boot: the stricter one's, file or policy.
next_boot_told() {
	local conf=/etc/execgate/execgate.conf.d/10-test-ground.conf status=0
	cp "$conf" "$T/conf" && printf '[gate]\nmode = audit\n' >"$conf" &&
		doctor_of 20 'mode enforce is kept for the next boot' &&
		doctor_of 10 'mode is enforce now, but .* says audit for the next boot' &&
		printf '[gate]\nmode = enforce\n' >"$conf" &&
		doctor_of 10 'mode enforce is kept for the next boot' || status=1
	cp "$T/conf" "$conf"
	return $status
}

policy_over() {
	stop_daemon
	rm -rf "$P/policy" /var/lib/execgate/{policy-version,enforced}
	load 22-off && rmmod execgate && modprobe execgate mode=off &&
		{ execgate key enroll --no-persist /etc/execgate/test/cert.pem || true; } &&
		{ execgate key enroll --for code "$KR/trusted.pem" || true; } &&
		execgate mode enforce
}

mkdir -p "$P"
execgate key remove "$KR/second.pem" >/dev/null 2>&1
execgate mode enforce >/dev/null
check policy-none in_force 0
# Technique: T1553.006
check policy-not-by-code not_by_code
execgate key enroll --for code,policy "$KR/trusted.pem" >/dev/null ||
	not_ok policy-setup "the key is not for policies"
take_events >/dev/null
check policy-hostile hostile
check policy-strangers strangers
check policy-not-a-file not_a_file
check policy-as-user as_user
# Technique: none
check policy-loads loads
check policy-floor-needed floor_needed
# Technique: T1562.010
check policy-floors floors
# Technique: T1059
check policy-users users
# Technique: none
check policy-bpf-free bpf_free
# Technique: T1562.001
check policy-binds binds
# Technique: T1562.010
check 100-older-policy never_back
# Technique: T1562.001
check policy-bpf-bound bpf_bound
# Technique: T1562.010
check policy-version-bound version_bound
# Technique: none
check policy-again again
check policy-commands commands_say
check policy-explained explained
# Technique: T1562.001
check policy-key-goes key_goes
# Technique: none
check policy-newer-loosens newer_loosens
check policy-boots-with boots_with
check policy-boots-after-upgrade boots_after_upgrade
check policy-daemon-restarts restarts
# Technique: T1562.010
check 100-older-policy-boot older_put_back
# Technique: T1562.001
check policy-taken-away taken_away
check policy-damaged damaged
# Technique: none
check policy-taken-away-on-purpose taken_away_on_purpose
check policy-rescued rescued
check policy-falls-back falls_back
check policy-persists persists
check policy-next-boot-told next_boot_told
if ! policy_over >"$T/out" 2>&1; then not_ok policy-over "$(<"$T/out")"; fi
position=1
take_events >/dev/null
