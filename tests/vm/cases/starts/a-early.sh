# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The daemon as an initramfs starts it, over a root that is no more than what it looks at:
# it enforces only if that root would come up, and says why if not.

C=/etc/execgate
L=/var/lib/execgate
good=$V/good
evil=$V/h9
E=$T/early
R=$E/root
entries=/run/execgate/early

unload() { execgate mode off && rmmod execgate; }

# early_machine MODE: the configuration of the initramfs, and a root that would come up
early_machine() {
	unload
	rm -rf "$E" "$L" "$C/execgate.conf.d" "$entries"*
	mkdir -p "$R/sbin" "$R/etc/execgate" "$R$L" "$C/keys" &&
		cp /etc/execgate/test/cert.pem "$C/keys/test.pem" &&
		cp /suite/keys/trusted.pem "$C/keys/trusted.pem" && cp "$good" "$R/sbin/init" &&
		printf '[gate]\nmode = %s\nearly = yes\n' "$1" | tee "$C/execgate.conf" >"$R$C/execgate.conf"
}

# started STATUS: what it says is in REPLY
started() {
	expect "$1" execgated --early "$R" cp /usr/bin/env 2>/dev/null || return
	REPLY=
	[[ ! -e $entries ]] || REPLY=$(<"$entries")
	echo "$REPLY"
}

counted() { [[ -e $R$L/boots ]] && says "attempts $1" "$(<"$R$L/boots")"; }

early_enforces() {
	early_machine enforce && started 0 && says '5 36 the gate is armed in mode enforce' "$REPLY" &&
		says '5 38 [0-9]+ processes run already' "$REPLY" &&
		same mode "$(execgate mode)" enforce && counted 1 &&
		expect 9 "$good" && ! "$evil"
}

# The second one of a boot finds it counted, and the gate as it is.
early_twice() {
	started 0 && same mode "$(execgate mode)" enforce && counted 1
}

early_not_ready() {
	early_machine enforce && cp "$evil" "$R/sbin/init" && started 1 &&
		says '3 37 the boot needs /sbin/init, and the gate would refuse it: unsigned' "$REPLY" &&
		says '3 37 the gate does NOT enforce yet' "$REPLY" &&
		same mode "$(execgate mode)" audit && [[ ! -e $R$L/boots ]]
}

early_switcher() {
	early_machine enforce && cp "$evil" "$E/run-init" &&
		expect 1 execgated --early "$R" "$E/run-init" && same mode "$(execgate mode)" audit &&
		says "the boot needs $E/run-init" "$(<"$entries")"
}

early_not_counted() {
	early_machine enforce && rm -r "${R:?}$L" && started 1 && says '3 21 this boot is not counted' "$REPLY" &&
		same mode "$(execgate mode)" audit
}

early_fell_back() {
	early_machine enforce && printf 'execgate-boots 1\nboot -\nattempts 3\nfell-back 0\n' >"$R$L/boots" &&
		started 1 && says '0 20 NOT ENFORCING: 3 boots' "$REPLY" && same mode "$(execgate mode)" audit
}

# The machine's own configuration is newer than that of the initramfs.
early_follows() {
	early_machine enforce && printf '[gate]\nmode = audit\nearly = yes\n' >"$R$C/execgate.conf" &&
		started 0 && same mode "$(execgate mode)" audit && says 'armed in mode audit' "$REPLY"
}

early_does_not_follow_the_locked() {
	early_machine enforce && echo 'lock = yes' >>"$C/execgate.conf" &&
		printf '[gate]\nmode = audit\n' >"$R$C/execgate.conf" || return
	# Nothing but a boot would end the lock: all else is as if it were there.
	rm "$R/sbin/init" && cp "$evil" "$R/sbin/init" && started 1 && says 'the boot needs /sbin/init' "$REPLY"
}

early_off_in_root() {
	early_machine enforce && printf '[gate]\nmode = enforce\n' >"$R$C/execgate.conf" && started 0 &&
		same said "$REPLY" '' && [[ ! -e /sys/module/execgate ]]
}

early_no_module() {
	local status=0
	early_machine enforce && mv "$MODULE" "$E/module.ko" || return
	started 1 || status=1
	mv "$E/module.ko" "$MODULE"
	same status $status 0 && says '2 7 nothing is gated: ' "$REPLY" &&
		says '3 37 nothing is gated before the root switch' "$REPLY"
}

early_files() {
	early_machine enforce && cp /suite/keys/trusted.key "$C/keys/secret.pem" || return
	same files "$(execgated --early-files | tr '\n' ' ')" \
		"$C/execgate.conf $C/keys/test.pem $C/keys/trusted.pem " &&
		printf '[gate]\nmode = enforce\n' >"$C/execgate.conf" &&
		same files "$(expect 7 execgated --early-files)" ''
}

mkdir -p "$C/keys" && cp -a "$C" "$T/early-saved"
check early-enforces early_enforces
check early-twice early_twice
check early-not-ready early_not_ready
check early-switcher early_switcher
check early-not-counted early_not_counted
check early-fell-back early_fell_back
check early-follows early_follows
check early-locked early_does_not_follow_the_locked
check early-off-in-root early_off_in_root
check early-no-module early_no_module
check early-files early_files
unload >/dev/null 2>&1
rm -rf "$C" "$L" && cp -a "$T/early-saved" "$C"
