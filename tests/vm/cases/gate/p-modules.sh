# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Preflight and the modules that the kernel's own keys do not vouch for. Debian's
# own module is dummy; "unsigned" is the same without its signature.

updates=$(realpath "/lib/modules/$(uname -r)/updates")
M=$T/modules

# group_of FILE: the group of the report that names it, or nothing
group_of() {
	local json
	json=$(execgate preflight --json | tr -d '\n' | tr -s ' ')
	json=${json//\{ \"critical\"/$'\n'\"critical\"}
	grep -F "\"path\": \"$1\"" <<<"$json" || true
}

module_named() {
	local group
	cp "$V/unsigned.ko" "$updates/x.ko"
	group=$(group_of "$updates/x.ko")
	says '"reason": "unsigned"' "$group" &&
		says '"hook": "kernel-read"' "$group" &&
		says '"updates"' "$group" && says '"critical": false' "$group"
}

# The command that it names does mend it: the gate lets it be loaded.
module_mended() {
	local group XDG_CONFIG_HOME=$M/config
	# Where the key is elsewhere, it is to be named; where one is, the command is whole.
	group=$(group_of "$updates/x.ko")
	field "$group" mend && echo "$REPLY" && [[ $REPLY != "execgate sign $updates/x.ko" ]] || return
	export XDG_CONFIG_HOME
	mkdir -p "$XDG_CONFIG_HOME/execgate" &&
		cp /etc/execgate/test/{key,cert}.pem "$XDG_CONFIG_HOME/execgate/" || return
	group=$(group_of "$updates/x.ko")
	field "$group" mend && echo "$REPLY" &&
		same mend "$REPLY" "execgate sign $updates/x.ko" &&
		expect 0 bash -c "$REPLY" || return
	same group "$(group_of "$updates/x.ko")" '' &&
		expect 0 insmod "$updates/x.ko" && rmmod dummy && rm "$updates/x.ko"
}

debian_module_not_named() {
	cp "$V/dummy.ko" "$updates/x.ko"
	same group "$(group_of "$updates/x.ko")" '' &&
		expect 0 insmod "$updates/x.ko" && rmmod dummy && rm "$updates/x.ko"
}

# self_sign FILE: as DKMS does without Secure Boot, with a key of this machine
self_sign() {
	local size
	rm -rf "$M/dkms"
	# Its certificate does not say that it is for code signing, as Debian 12's.
	mkdir -p "$M/dkms" &&
		printf '[req]\ndistinguished_name = dn\n[dn]\n' >"$M/req.cnf" &&
		openssl req -config "$M/req.cnf" -new -x509 -newkey ec -pkeyopt \
			ec_paramgen_curve:P-256 -nodes -days 100 \
			-subj '/CN=DKMS module signing key' \
			-keyout "$M/dkms/key.pem" -out "$M/dkms/cert.pem" &&
		openssl cms -sign -binary -noattr -nocerts -md sha256 \
			-outform DER -in "$V/unsigned.ko" -inkey "$M/dkms/key.pem" \
			-signer "$M/dkms/cert.pem" -out "$M/signature" || return
	size=$(stat -c %s "$M/signature")
	{
		cat "$V/unsigned.ko" "$M/signature"
		printf '\0\0\2\0\0\0\0\0\0\0'
		printf "\\x$(printf %x $((size >> 8)))\\x$(printf %x $((size & 255)))"
		printf '~Module signature appended~\n'
	} >"$1"
}

self_signed_named() {
	local group
	mkdir -p /var/lib/dkms
	self_sign "$updates/dkms/x.ko" &&
		openssl x509 -in "$M/dkms/cert.pem" -outform DER \
			-out /var/lib/dkms/mok.pub || return
	group=$(group_of "$updates/dkms/x.ko")
	says '"reason": "unknown-signer"' "$group" &&
		expect 1 insmod "$updates/dkms/x.ko" || return
	field "$group" mend &&
		same mend "$REPLY" 'execgate key enroll --modules /var/lib/dkms/mok.pub' &&
		expect 5 execgate key enroll --no-persist /var/lib/dkms/mok.pub &&
		expect 0 bash -c "$REPLY" || return
	same group "$(group_of "$updates/dkms/x.ko")" '' &&
		expect 0 insmod "$updates/dkms/x.ko" && rmmod dummy
}

# with_gate_off COMMAND...: while the gate for modules is off
with_gate_off() {
	local status=0
	execgate gate module off >/dev/null && "$@" || status=$?
	execgate gate module on >/dev/null || return
	return "$status"
}

# One that stands by its name in modules-load.d, and one that is loaded.
configured_named() {
	local group
	cp "$V/unsigned.ko" "$updates/dummy.ko" && depmod_now || return
	mkdir -p /etc/modules-load.d
	printf '# comment\n\ndummy\n' >/etc/modules-load.d/x.conf
	group=$(group_of "$updates/dummy.ko")
	says '"modules-load"' "$group" || return
	with_gate_off insmod "$updates/dummy.ko" || return
	group=$(group_of "$updates/dummy.ko")
	says '"loaded"' "$group" && says '"critical": false' "$group"
	rmmod dummy
}

# busybox has one of its own, which knows nothing of folders' order.
depmod_now() {
	ln -sf /usr/bin/kmod "$M/depmod" && "$M/depmod" "$(uname -r)"
}

# Of a profile without that gate modules are not asked about.
gate_off_not_asked() {
	with_gate_off group_of "$updates/dummy.ko" >"$M/group"
	same group "$(<"$M/group")" ''
}

no_overlay() {
	! grep -q '^overlay ' /proc/modules || rmmod overlay
}

# As in the debug kernel.
overlay_built_in() {
	grep -q '/overlay\.ko$' "/lib/modules/$(uname -r)/modules.builtin"
}

mount_overlay() {
	mkdir -p "$M"/{lower,upper,work,merged} &&
		{ overlay_built_in || insmod "$updates/overlay.ko"; } &&
		mount -t overlay -o "lowerdir=$M/lower,upperdir=$M/upper,workdir=$M/work" \
			overlay "$M/merged"
}

# A file system of /etc/fstab is on a module that would be refused at boot.
mount_is_critical() {
	local group stock
	stock=$(find "/lib/modules/$(uname -r)/kernel/" -name overlay.ko)
	no_overlay && { cat "$stock"; echo; } >"$updates/overlay.ko" &&
		depmod_now && with_gate_off mount_overlay || return
	echo "overlay $M/merged overlay defaults 0 0" >/etc/fstab
	group=$(group_of "$updates/overlay.ko")
	says '"critical": true' "$group" && says '"role": "mount"' "$group" &&
		execgate mode audit >/dev/null || return
	expect 12 execgate mode enforce >"$T/rescue-out" 2>&1 || return
	cat "$T/rescue-out"
	says "overlay.ko +\(mount\)" "$(<"$T/rescue-out")" || return
	echo "overlay $M/merged overlay nofail 0 0" >/etc/fstab
	expect 0 execgate mode enforce
}

# No boot needs the file of a file system that is built in.
built_in_is_not() {
	local group
	cp "$V/unsigned.ko" "$updates/overlay.ko" && depmod_now && mount_overlay ||
		return
	echo "overlay $M/merged overlay defaults 0 0" >/etc/fstab
	group=$(group_of "$updates/overlay.ko")
	says '"critical": false' "$group" && says '"updates"' "$group"
}

modules_clean() {
	local fingerprint
	umount "$M/merged" 2>/dev/null
	no_overlay
	rm -rf "$updates"/{dummy,overlay,x}.ko "$updates/dkms/x.ko" /etc/fstab \
		/etc/modules-load.d /var/lib/dkms
	depmod_now
	fingerprint=$(execgate key list --json | tr -d '\n' |
		grep -o '[^{]*DKMS[^}]*' | grep -o '[0-9a-f]\{64\}' | head -n 1)
	execgate key remove "$fingerprint" && execgate mode enforce
}

mkdir -p "$M"
check preflight-module-named module_named
check preflight-module-mended module_mended
check preflight-module-of-debian debian_module_not_named
check preflight-module-self-signed self_signed_named
check preflight-module-configured configured_named
check preflight-module-gate-off gate_off_not_asked
if overlay_built_in; then
	check preflight-module-built-in built_in_is_not
else
	check preflight-module-of-mount mount_is_critical
fi
modules_clean >/dev/null 2>&1 || true
take_events >/dev/null
