# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# No clock stops what was good, or starts what was not; and the way out of a gate
# that lets nothing run, with a shell that is open.

KEYS=/etc/execgate/test
C=$T/time
# With a dead battery, of a board without one, in 2038 and 32 bits later.
clocks=(1970-01-02 2000-01-01 2040-01-01 2106-02-08)
late=2240000000 # in 2040, after the end of every key here
parameter=/sys/module/execgate/parameters/mode_now

# at DAY COMMAND...: while the clock says so; then it is right again
at() {
	local up began now status=0
	read -r began _ </proc/uptime
	now=$(date +%s) && date -s "$1 12:00:00" || return
	"${@:2}" || status=$?
	read -r up _ </proc/uptime
	date -s "@$((now + ${up%.*} - ${began%.*}))" && return "$status"
}

# one_denial FILE REASON
one_denial() {
	take_events && expect 126 "$1" && take_events &&
		same events "${#EVENTS[@]}" 1 && event_is "${EVENTS[0]}" reason "$2"
}

# What was judged before runs, and what is judged only now does as well.
still_good() {
	date
	expect 9 "$C/cached" && cp "$V/good" "$C/fresh" && expect 9 "$C/fresh" &&
		cp "$C/listed" "$C/fresh" && expect 9 "$C/fresh" &&
		cp "$V/h9" "$C/x" && one_denial "$C/x" unsigned &&
		execgate mode audit && execgate mode enforce && expect 9 "$C/cached"
}

build() {
	mkdir -p "$C/conf" && cp "$V/good" "$C/cached" && cp "$V/h9" "$C/listed" &&
		printf listed >>"$C/listed" &&
		printf '[gate]\nmode = enforce\n' >"$C/conf/execgate.conf" &&
		execgate catalog build --no-cache --name time --sign --key $KEYS/key.pem \
			--cert $KEYS/cert.pem -o "$C/time.cat" "$C/listed"
}

any_clock() {
	local day
	expect 9 "$C/cached" && execgate catalog install --no-persist "$C/time.cat" || return
	for day in "${clocks[@]}"; do
		at "$day" still_good || return
	done
	still_good && execgate catalog remove --no-persist time
}

daemon_enforces() {
	kill -0 "$1" && says '"mode": "enforce"' "$(execgate status --json)"
}

# The daemon loads the module, the keys, a catalog, and sets the mode.
booted() {
	local daemon status=0 tries
	execgate mode off && rmmod execgate || return
	execgated --config "$C/conf" >"$C/log" 2>&1 &
	daemon=$!
	for ((tries = 0; tries < 600; tries++)); do
		daemon_enforces "$daemon" >"$C/why" 2>&1 && break
		sleep 0.1
	done
	position=1
	daemon_enforces "$daemon" && cp "$V/good" "$C/fresh" && expect 9 "$C/fresh" &&
		cp "$C/listed" "$C/fresh" && expect 9 "$C/fresh" &&
		cp "$V/h9" "$C/x" && one_denial "$C/x" unsigned || status=$?
	kill "$daemon"
	wait "$daemon"
	((status == 0)) || cat "$C/log"
	return "$status"
}

boot_any_clock() {
	local day
	execgate key enroll --json /suite/keys/trusted.pem >/dev/null &&
		execgate catalog install "$C/time.cat" || return
	for day in "${clocks[@]}"; do
		rm -f /var/lib/execgate/boots /run/execgate/resume
		at "$day" booted || return
	done
	execgate catalog remove time
}

# signed_late FILE: what it says of its time is after the end of the key
signed_late() {
	cp "$V/h9" "$1" && printf '%s' "$1" >>"$1" &&
		SOURCE_DATE_EPOCH=$late execgate manifest -o "$C/m" "$1" &&
		openssl cms -sign -binary -nodetach -noattr -nocerts -md sha256 \
			-outform DER -signer $KEYS/cert.pem -inkey $KEYS/key.pem \
			-in "$C/m" -out "$C/m.cms" &&
		execgate attach --cms "$C/m.cms" "$1"
}

# It works without the gate, and in audit; no clock makes it good.
late_signature() {
	local day
	signed_late "$C/late" && execgate mode off && expect 9 "$C/late" &&
		execgate mode audit && take_events && expect 9 "$C/late" &&
		take_events && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason expired &&
		execgate mode enforce && one_denial "$C/late" expired || return
	for day in "${clocks[@]}"; do
		at "$day" one_denial "$C/late" expired || return
	done
	expect 5 execgate verify "$C/late"
}

late_catalog() {
	SOURCE_DATE_EPOCH=$late execgate catalog build --no-cache --name late \
		-o "$C/late.manifest" "$C/listed" &&
		expect 5 execgate catalog sign --key $KEYS/key.pem \
			--cert $KEYS/cert.pem -o "$C/late.cat" "$C/late.manifest" &&
		openssl cms -sign -binary -nodetach -noattr -nocerts -md sha256 \
			-outform DER -signer $KEYS/cert.pem -inkey $KEYS/key.pem \
			-in "$C/late.manifest" -out "$C/late.cat" || return
	expect 5 execgate catalog install --no-persist "$C/late.cat" &&
		says 'refused: EKEYEXPIRED' "$("$A" netlink-catalog-add "$C/late.cat")" &&
		at 2000-01-01 expect 5 execgate catalog install --no-persist "$C/late.cat"
}

# A file of the future makes no catalog that is worth nothing.
future_file() {
	cp "$C/listed" "$C/future" && touch -d 2050-01-01 "$C/future" &&
		execgate catalog build --no-cache --name future --sign \
			--key $KEYS/key.pem --cert $KEYS/cert.pem -o "$C/future.cat" \
			"$C/future" &&
		execgate catalog install --no-persist "$C/future.cat" &&
		expect 9 "$C/future" && execgate catalog remove --no-persist future
}

sign_new() { cp "$V/h9" "$C/$1" && printf '%s' "$1" >>"$C/$1" && execgate sign \
	--key $KEYS/key.pem --cert $KEYS/cert.pem "$C/$1"; }

# With a key that has ended nothing new is signed; with a clock that is behind it is.
sign_by_clock() {
	at 2040-01-01 expect 5 sign_new ended && one_denial "$C/ended" unsigned &&
		at 2000-01-01 sign_new behind && expect 9 "$C/behind" &&
		at 2040-01-01 expect 9 "$C/behind"
}


# Everything denies: not one program can be started, only builtins work.
builtins_only() {
	local now
	take_events
	execgate key enroll --no-persist $KEYS/cert.pem >/dev/null
	execgate gate reverify on && execgate mode enforce &&
		execgate revoke key --no-persist --force $KEYS/cert.pem || return
	# This shell runs already. From here on not one program starts.
	(/bin/date) && return 1
	read -r now <$parameter && same mode "$now" enforce || return
	echo audit >$parameter || return
	read -r now <$parameter && same mode "$now" audit || return
	date && execgate revoke key --no-persist --undo $KEYS/cert.pem &&
		execgate gate reverify off && execgate mode enforce && take_events
}

words() {
	local word
	for word in '' enforec 'audit off' 1 auditt; do
		(echo "$word" >$parameter) && return 1
		read -r REPLY <$parameter && same mode "$REPLY" enforce || return
	done
	echo off >$parameter && expect 9 "$C/x" && (printf enforce >$parameter) &&
		position=$("$A" netlink-next) && one_denial "$C/x" unsigned
}

# The file is root's; and root without the capability may not either.
not_root() {
	"$A" as 1000 /bin/sh -c "echo audit >$parameter" && return 1
	chmod 666 $parameter && "$A" as 1000 /bin/sh -c "echo audit >$parameter" && return 1
	chmod 600 $parameter
	read -r REPLY <$parameter && same mode "$REPLY" enforce
}

# Not while it is loaded, nor by the kernel command line: that is mode=.
at_load() {
	execgate mode off && rmmod execgate && (insmod "$MODULE" mode_now=off) && return 1
	insmod "$MODULE" mode=off && execgate key enroll --no-persist $KEYS/cert.pem \
		/suite/keys/trusted.pem && execgate mode enforce
}

# It is told before the end of a key, and after, in all places.
told_of_end() {
	local daemon status=0 tries
	execgate status --json >"$C/status" && execgate doctor >"$C/doctor"
	rm -f /var/lib/execgate/boots /run/execgate/resume
	execgated --config "$C/conf" >"$C/log" 2>&1 &
	daemon=$!
	for ((tries = 0; tries < 600; tries++)); do
		[[ ! $(<"$C/log") =~ $1 ]] || break
		kill -0 "$daemon" || break
		sleep 0.1
	done
	says "$1" "$(<"$C/status")" && says "$1" "$(<"$C/doctor")" &&
		says "$1" "$(<"$C/log")" || status=$?
	kill "$daemon"
	wait "$daemon"
	return "$status"
}

key_ends() {
	rm -rf "$C/ends" && execgate key generate --out "$C/ends" --no-passphrase \
		--name "soon over" --days 25 && execgate key enroll "$C/ends/cert.pem" || return
	told_of_end 'soon over.* ends in 2[45] days' &&
		at "$(date -d "@$(($(date +%s) + 20 * 86400))" +%F)" \
			told_of_end 'soon over.* ends in [45] days' &&
		at 2040-01-01 told_of_end 'soon over.* ended on 20' || return
	execgate key remove "$C/ends/cert.pem"
}

# The key that this guest signs with lies here, for all who are root.
doctor_finds_key() {
	execgate doctor >"$C/doctor"
	says "$KEYS/key.pem is the private key" "$(<"$C/doctor")" || return
	mkdir -p /etc/execgate/local && execgate key generate --out /etc/execgate/local \
		--no-passphrase --name local && execgate doctor >"$C/doctor"
	[[ ! $(<"$C/doctor") =~ local/key.pem ]] || return
	execgate key enroll /etc/execgate/local/cert.pem && execgate doctor >"$C/doctor"
	says "/etc/execgate/local/key.pem is the private key.*root can sign" "$(<"$C/doctor")" || return
	openssl pkcs8 -topk8 -in /etc/execgate/local/key.pem -passout pass:secret \
		-out /etc/execgate/local/locked.pem &&
		mv /etc/execgate/local/locked.pem /etc/execgate/local/key.pem &&
		execgate doctor >"$C/doctor"
	[[ ! $(<"$C/doctor") =~ local/key.pem ]] || return
	# DKMS keeps its own as DER or PEM, with the name mok.key.
	mkdir -p /var/lib/dkms && openssl pkey -in $KEYS/key.pem -outform DER \
		-out /var/lib/dkms/mok.key && chmod 644 /var/lib/dkms/mok.key &&
		execgate doctor >"$C/doctor"
	says "/var/lib/dkms/mok.key is the private key.*others than root" "$(<"$C/doctor")" || return
	rm /var/lib/dkms/mok.key
	execgate key remove /etc/execgate/local/cert.pem && rm -r /etc/execgate/local
}

build || not_ok time-setup "no catalog"
check time-any-clock any_clock
check time-boot-any-clock boot_any_clock
# Technique: T1588.003
check time-late-signature late_signature
check time-late-catalog late_catalog
# Technique: none
check time-future-file future_file
check time-sign-by-clock sign_by_clock
check time-key-ends key_ends
check doctor-finds-keys doctor_finds_key
check recovery-builtins-only builtins_only
check recovery-words words
# Technique: T1562.001
check recovery-not-root not_root
# Technique: none
check recovery-not-at-load at_load
