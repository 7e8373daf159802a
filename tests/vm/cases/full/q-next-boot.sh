# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A machine that enforces is told before it boots a kernel that would not gate, at each
# login and by doctor, and in the journal when it does not enforce now.

N=$T/next
release=99.0-next-amd64
module=$(compgen -G "/lib/modules/$(uname -r)/updates/dkms/execgate.ko*")

# told PATTERN: by doctor, which fails, at a login, and when a kernel is installed: by our hook
# there, as dkms takes its minute to find that it has no such kernel.
hooks=execgate
told() {
	local status=0
	execgate doctor >"$N/doctor" || status=$?
	cat "$N/doctor"
	same "status of doctor" "$status" 1 && says "FAIL +next boot: $1" "$(<"$N/doctor")" &&
		says "next boot will NOT ENFORCE: $1" \
			"$(run-parts --lsbsysinit /etc/update-motd.d)" &&
		says "NOT ENFORCE: $1" \
			"$(run-parts --regex="$hooks" --arg="$release" /etc/kernel/postinst.d 2>&1)" &&
		expect 1 execgate status --login && expect 0 execgate status
}

# Nothing is said on a machine that is as it should be.
silent() {
	expect 0 execgate doctor && expect 0 execgate status --login &&
		same notice "$(execgate status --login)" "" &&
		same motd "$(/etc/update-motd.d/05-execgate)" ""
}

# Once with all hooks.
missing() {
	mkdir -p /boot && : >"/boot/vmlinuz-$release" &&
		hooks=. told "there is NO module execgate for the kernel $release"
}

foreign() {
	mkdir -p "/lib/modules/$release/updates/dkms" &&
		cp "$module" "/lib/modules/$release/updates/dkms/" &&
		depmod "$release" && told "the module execgate was built for another kernel"
}

# Debian's link names what was installed last, older or not.
older_linked() {
	rm -rf "/boot/vmlinuz-$release" "/lib/modules/$release"
	: >"/boot/vmlinuz-$(uname -r)"
	: >/boot/vmlinuz-5.10.0-old
	says 'warn +other kernel' "$(execgate doctor)" && expect 0 execgate doctor || return
	ln -sfn boot/vmlinuz-5.10.0-old /vmlinuz || return
	told "there is NO module execgate for the kernel 5.10.0-old"
}

# The kernel's lists of modules: depmod takes a minute under emulation to make them all again,
# and none at all for one module.
relisted() { cp "$N/lists"/* "/lib/modules/$(uname -r)/"; }

# Unpacked, for the guest has no library that would unpack it.
without_btf() {
	local plain=${module%.ko*}.ko
	rm -f /boot/vmlinuz-* /vmlinuz
	cp "$module" "$N/" || return
	case $module in
	*.xz) xz -dc "$module" >"$N/plain.ko" ;;
	*) cp "$module" "$N/plain.ko" ;;
	esac
	rm "$module" && objcopy --remove-section .BTF "$N/plain.ko" "$plain" &&
		depmod "$(uname -r)" "$plain" && told "the module execgate has no BTF" || return
	rm "$plain" && cp "$N/${module##*/}" "$module" && relisted
}

blacklisted() {
	echo 'blacklist execgate' >/etc/modprobe.d/suite.conf
	told "a line of modprobe.d keeps the module"
}

gone() {
	rm -f /etc/modprobe.d/suite.conf
	mv "$module" "$N/" && told "there is NO module execgate for the kernel $(uname -r | tr + .)"
}

said_in_journal() {
	journalctl -o cat -t execgated -p alert EXECGATE_EVENT=not-enforcing \
		EXECGATE_CAUSE="$1" | grep 'NOT ENFORCING'
}

# By hand it is no error, but no machine that is configured so is silent about it.
by_hand() {
	execgate mode audit && eventually said_in_journal by-hand &&
		says 'somebody has set another mode' "$(execgate status --login)" &&
		says '! NOT ENFORCING' "$(execgate status)" &&
		expect 10 execgate status --login && expect 1 execgate doctor
	execgate mode enforce
}

stopped() { ! systemctl is-active execgated; }

# Unloaded, with the daemon there and then with it gone.
no_module() {
	execgate mode off && rmmod execgate && eventually said_in_journal no-module &&
		says 'module execgate is not loaded' "$(execgate status --login)" &&
		expect 6 execgate status --login && expect 6 execgate doctor &&
		says 'FAIL +enforcement: NOT ENFORCING' "$(execgate doctor)" &&
		systemctl stop execgated && eventually stopped &&
		says 'NOT ENFORCING' "$(/etc/update-motd.d/05-execgate)"
	systemctl start execgated && same mode "$(execgate mode)" enforce
}

# as UID COMMAND...
as() { setpriv --reuid="$1" --regid="$1" --clear-groups "${@:2}"; }

# The module is new, as after a boot. When the daemon says that it is ready, and what comes
# after sysinit.target may start, the user is constrained.
constrained_first() {
	local status=0 before
	before=$(systemctl show --property=Before --value execgated)
	says '(^| )sysinit.target( |$)' "$before" && expect 9 as 33 "$A" anon-rwx &&
		execgate constrain add 33 && execgate mode off && rmmod execgate &&
		systemctl restart execgated || return
	as 33 "$A" anon-rwx || status=$?
	((status != 9 && status != 99)) && same mode "$(execgate mode)" enforce &&
		says 'user www-data .33.  loaded, kept' "$(execgate constrain list)" &&
		execgate constrain remove 33 && expect 9 as 33 "$A" anon-rwx
}

# The configuration is damaged: what was in force stays, also for the next daemon.
damaged() {
	local file=/etc/execgate/execgate.conf.d/10-test-ground.conf
	cp "$file" "$N/conf" && : >"$file" && execgate mode off && rmmod execgate &&
		systemctl restart execgated || return
	same mode "$(execgate mode)" enforce &&
		says "$file is gone, or says nothing" "$(execgate status --login)" &&
		expect 1 execgate doctor && journalctl -o cat EXECGATE_EVENT=enforce-held | grep gone
	cp "$N/conf" "$file" && systemctl reload execgated && eventually silent
}

mkdir -p "$N/lists" && cp "/lib/modules/$(uname -r)"/modules.* "$N/lists/"
check full-next-boot-silent silent
check full-next-boot-missing missing
check full-next-boot-foreign foreign
check full-next-boot-older older_linked
check full-next-boot-without-btf without_btf
check full-next-boot-blacklisted blacklisted
check full-next-boot-gone gone
[[ -e $module ]] || mv "$N/${module##*/}" "$module"
relisted
rm -rf "/lib/modules/$release" /boot/vmlinuz-* /vmlinuz /etc/modprobe.d/suite.conf
check full-not-enforcing-by-hand by_hand
check full-not-enforcing-without-module no_module
# Technique: T1059
check full-constrained-first constrained_first
# Technique: none
check full-damaged-configuration damaged
