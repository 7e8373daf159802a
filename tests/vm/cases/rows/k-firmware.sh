# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# G. Firmware, for a driver of ours: none of Debian's that loads any has a device
# in QEMU.

F=/lib/firmware/wanted
S=/sys/module/firmware_wanted/parameters/load
P=/sys/class/firmware/firmware_wanted

driver() {
	[[ ! -e $S ]] || return 0
	mkdir -p /lib/firmware && cp "$V/firmware_wanted.ko" "$T/driver" &&
		execgate sign --class module --key /etc/execgate/test/key.pem \
			--cert /etc/execgate/test/cert.pem "$T/driver" &&
		insmod "$T/driver" && rm "$T/driver"
}

some() { rm -f "$F" && head -c 5000 "$V/blob" >"$F"; }
signed_firmware() {
	some && execgate sign --class firmware --key /etc/execgate/test/key.pem \
		--cert /etc/execgate/test/cert.pem "$F"
}
signed_as_library() {
	some && execgate sign --class library --key /etc/execgate/test/key.pem \
		--cert /etc/execgate/test/cert.pem "$F"
}
signed_and_changed() {
	signed_firmware &&
		printf x | dd of="$F" bs=1 seek=3000 conv=notrunc 2>/dev/null
}

# To the driver: the kernel reads the file in the writer's place.
load() { echo wanted >"$S" && return 9; }
hand_over() {
	echo 1 >"$P/loading" && cat "$F" >"$P/data" && echo 0 >"$P/loading" &&
		return 9
}

firmware=(reason=firmware hook=kernel-bytes target="$F")

driver >"$T/out" 2>&1 || not_ok "$mode/firmware-driver" "it cannot be loaded"
# Before the others: what was refused leaves an upload that can only fail.
allow firmware-gate-off prepare=some -- load
allow firmware-handed-over-gate-off prepare=some -- hand_over
gate firmware on || not_ok "$mode/firmware-gate" "it cannot be set"
# Technique: T1542.002
deny firmware-unsigned "${firmware[@]}" prepare=some -- load
deny firmware-changed "${firmware[@]}" prepare=signed_and_changed -- load
deny firmware-of-other-class "${firmware[@]}" prepare=signed_as_library \
	-- load
allow firmware-signed prepare=signed_firmware -- load
deny firmware-handed-over reason=firmware hook=kernel-data target='' \
	prepare=signed_firmware -- hand_over
gate firmware off
