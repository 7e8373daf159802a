# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The module refuses to load where it could not gate, and says why in the log.


# refused_with PATTERN MODULE [PARAMETER...]
refused_with() {
	local pattern=$1 lines
	shift
	lines=$(dmesg | wc -l)
	if insmod "$@"; then
		rmmod execgate
		echo "it was loaded"
		return 1
	fi
	says "$pattern" "$(dmesg | tail -n +$((lines + 1)) | grep execgate)" &&
		expect 6 execgate status
}

without_btf() {
	"$A" without-btf "$MODULE" "$T/execgate.ko" &&
		refused_with BTF "$T/execgate.ko"
}

# A kernel that does not let root turn ftrace off needs no pin.
ftrace_off_before() {
	if (echo 0 >/proc/sys/kernel/ftrace_enabled) 2>"$T/why"; then
		refused_with ftrace "$MODULE"
		local status=$?
		echo 1 >/proc/sys/kernel/ftrace_enabled
		return "$status"
	fi
	kernel_from 7 0 && says 'busy|Operation not|Invalid' "$(<"$T/why")" &&
		insmod "$MODULE" && execgate mode off && rmmod execgate
}

not_loaded() {
	expect 6 execgate status && expect 6 execgate doctor &&
		expect 6 execgate mode enforce &&
		expect 6 execgate check "$V/h9" &&
		expect 6 execgate denials --kernel
}

check command-without-module not_loaded
check module-wrong-mode refused_with 'none of off' "$MODULE" mode=permissive
check module-without-btf without_btf
# Technique: T1562.001
check 93-ftrace-off-before ftrace_off_before
