# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# G. Ways around the hooks that exist only on some kernels.

if kernel_from 6 14; then
	# Technique: T1059
	deny at-execve-check file=h9 hook=exec-check reason=unsigned works=0 \
		-- "$A" exec-check "$U/x"
	allow at-execve-check-signed file=good works=0 \
		-- "$A" exec-check "$U/x"
	deny at-execve-check-script file=script hook=exec-check reason=unsigned \
		works=0 -- "$A" exec-check "$U/x"
fi

# The kernel itself starts programs: for a crash, for a protocol it lacks.
evil_helper() {
	printf '#!/bin/bash\necho evil >%s/evil\n' "$T" >"$U/x" &&
		chmod 755 "$U/x" && rm -f "$T/evil"
}

helper_ran() {
	local tries
	for ((tries = 0; tries < 20; tries++)); do
		[[ ! -e $T/evil ]] || return 9
		sleep 0.1
	done
	echo "refused: EPERM, for all that is seen"
	return 3
}

crash() {
	local old
	old=$(</proc/sys/kernel/core_pattern)
	echo "|$U/x" >/proc/sys/kernel/core_pattern
	(ulimit -c unlimited && kill -SEGV "$BASHPID")
	echo "$old" >/proc/sys/kernel/core_pattern
	helper_ran
}

module_wanted() {
	local old
	old=$(</proc/sys/kernel/modprobe)
	echo "$U/x" >/proc/sys/kernel/modprobe
	mount -t nonesuch none "$T/m" 2>/dev/null
	echo "$old" >/proc/sys/kernel/modprobe
	helper_ran
}

# Technique: T1546
deny 92-core-pattern prepare=evil_helper reason=unsigned pid=any -- crash
deny 92-modprobe-path prepare=evil_helper reason=unsigned pid=any many=any \
	-- module_wanted
