# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# G. Root turns other things off to turn the gate off. And modes.

still_denies() {
	expect 126 "$V/h9" && expect 9 "$V/good" && expect 0 execgate status
}

# EBUSY by the module's pin, or by a kernel that refuses by itself. Built in, no hook needs it.
ftrace_off() {
	if built_in; then
		echo 0 >/proc/sys/kernel/ftrace_enabled && still_denies &&
			echo 1 >/proc/sys/kernel/ftrace_enabled
		return
	fi
	local output
	output=$( (echo 0 >/proc/sys/kernel/ftrace_enabled) 2>&1) && {
		echo "ftrace was turned off"
		return 1
	}
	says 'busy|Operation not|Invalid' "$output" && still_denies &&
		same ftrace "$(cat /proc/sys/kernel/ftrace_enabled)" 1
}

tracing_off() {
	echo 0 >/sys/kernel/tracing/tracing_on && still_denies &&
		echo 1 >/sys/kernel/tracing/tracing_on
}

bpf_files_removed() {
	mount -t bpf bpf /sys/fs/bpf
	rm -rf /sys/fs/bpf/*
	still_denies
}

# Under a storm of signed execs no change of mode denies one of them.
modes_under_storm() {
	local storm round
	"$A" storm 12 "$V/good" &
	storm=$!
	for round in 1 2 3; do
		execgate mode audit && execgate mode enforce &&
			execgate mode off && execgate mode enforce || return
	done
	echo "$round rounds"
	expect 9 wait "$storm" && still_denies
}

rmmod_refused() {
	expect 1 rmmod execgate && still_denies
}

parameter_is_read_only() {
	(echo off >/sys/module/execgate/parameters/mode) && return 1
	still_denies
}

# Links of tracing programs cannot be detached through a descriptor.
bpf_links_stay() { expect 3 "$A" bpf-detach && still_denies; }

# What a process holds from before strict it keeps, and doctor names it.
held_from_before() {
	local pid json named warned
	"$A" hold-code >"$T/hold" &
	pid=$!
	until grep -q holding "$T/hold"; do
		kill -0 "$pid" || return
	done
	named=$(expect 12 execgate profile --check strict) &&
		warned=$(execgate profile strict 2>&1) && json=$(execgate doctor --json)
	kill "$pid" && execgate profile standard || return
	says "attack: executable memory without a file .class may-jit.*process $pid,.*--class program,may-jit .*attack" \
		"$(tr '\n' ' ' <<<"$named")" &&
		says "attack is refused executable memory .*process $pid\), as it is not signed as may-jit" "$warned" || return
	says "executable memory without a file from before[^\"]*$pid \(attack\)" "$json" &&
		says "open for writing from before[^\"]*$pid \(attack\)" "$json"
}

# Technique: T1562.001
check 93-ftrace-off ftrace_off
check 93-tracing-off tracing_off
check 95-bpf-files-removed bpf_files_removed
check 96-rmmod-while-gating rmmod_refused
check_module 95-bpf-links-stay bpf_links_stay
check parameter-is-read-only parameter_is_read_only
# Technique: none
check modes-under-storm modes_under_storm
# Technique: T1055
check held-from-before held_from_before
