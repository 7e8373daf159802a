# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Constrained users and units, with the interpreter of u-script.sh. Each attack works for
# the user, then not while the user is constrained, and for the neighbour all the time.
# Technique: T1059

cgroups=/sys/fs/cgroup
unit=$cgroups/held.service
own=33 other=1001

# as UID COMMAND...
as() { setpriv --reuid="$1" --regid="$1" --clear-groups "${@:2}"; }

constrain() { execgate constrain "$1" --no-persist "$2" >/dev/null; }

# Nobody is constrained; texts of the user's own, and root's script that reads them.
constrain_slate() {
	constrain remove "$own" 2>/dev/null
	script_slate && script_interpreter "${script_rules[@]}" 'reads constrained' &&
		printf '#!/bin/bash\n. %s\n' "$U/evil.txt" >"$U/reads.sh" && chmod 755 "$U/reads.sh" &&
		execgate sign "${script_signer[@]}" "$U/reads.sh" &&
		chown "$own" "$U/evil.txt" && take_events
}

# told REASON HOOK FILE [UID]: one event, which says so where the gate is off for others
constrain_told() {
	script_told "$1" "$2" "$3" && event_is "${EVENTS[0]}" uid "${4:-$own}" &&
		{ [[ $1 == script ]] || event_is "${EVENTS[0]}" constrained true; }
}

# refused REASON HOOK FILE UID COMMAND...: once told of; 99 is an attack that broke
constrain_refused() {
	local status=0
	take_events || return
	"${@:5}" || status=$?
	((status != 9 && status != 99)) && constrain_told "${@:1:4}"
}

# attack REASON HOOK FILE COMMAND...
constrain_attack() {
	local told=("${@:1:3}")
	shift 3
	constrain_slate && expect 9 as "$own" "$@" && expect 9 as "$other" "$@" &&
		script_quiet && constrain add "$own" &&
		constrain_refused "${told[@]}" "$own" as "$own" "$@" &&
		expect 9 as "$other" "$@" && script_quiet && constrain remove "$own" &&
		expect 9 as "$own" "$@" && script_quiet
}

# Of a file of root's, the group's bits are the mask of an access list, too.
constrain_shared() {
	constrain_slate && chown 0:0 "$U/evil.txt" && chmod 644 "$U/evil.txt" &&
		constrain add "$own" && expect 9 as "$own" "$U/shell" "$U/reads.sh" && script_quiet &&
		chmod 664 "$U/evil.txt" && constrain_refused script read "$U/evil.txt" "$own" \
			as "$own" "$U/shell" "$U/reads.sh" && constrain remove "$own"
}

constrain_inline() { constrain_attack inline-script exec "$U/shell" "$@"; }
constrain_memory() { constrain_attack "$1" "$2" "$A" "$A" "${@:3}"; }

# system(3) of a program, whose /bin/sh has rules.
constrain_system() {
	local status=0 sh
	constrain_slate && sh=$(readlink /usr/bin/sh) && ln -sfn "$U/shell" /usr/bin/sh || return
	# shellcheck disable=SC2016 # awk
	{ expect 9 as "$own" busybox awk 'BEGIN { exit system("exit 9") }' &&
		constrain add "$own" &&
		constrain_refused inline-script exec "$U/shell" "$own" \
			as "$own" busybox awk 'BEGIN { exit system("exit 9") }' &&
		expect 9 as "$other" busybox awk 'BEGIN { exit system("exit 9") }'; } || status=1
	ln -sfn "$sh" /usr/bin/sh
	return "$status"
}

# A set-user-id program keeps the real user; what it executes has both.
constrain_setuid() {
	constrain_slate && cp -p "$(type -P env)" "$U/env" && cp -p "$A" "$U/attack" &&
		chmod 4755 "$U/env" "$U/attack" && take_events &&
		expect 9 as "$own" "$U/env" "$U/shell" -c 'exit 9' &&
		expect 9 as "$own" "$U/attack" anon-rwx && constrain add "$own" &&
		constrain_refused inline-script exec "$U/shell" "$own" \
			as "$own" "$U/env" "$U/shell" -c 'exit 9' &&
		constrain_refused anon-exec mmap "$U/attack" "$own" \
			as "$own" "$U/attack" anon-rwx
}

# The other way round: a program of the user's that somebody else runs.
constrain_setuid_to() {
	constrain_slate && cp -p "$A" "$U/attack" && chown "$own" "$U/attack" &&
		chmod 4755 "$U/attack" && take_events &&
		expect 9 as "$other" "$U/attack" anon-rwx && constrain add "$own" &&
		constrain_refused anon-exec mmap "$U/attack" "$other" \
			as "$other" "$U/attack" anon-rwx
}

# Root of a namespace of its own, with ids that are the user's by newuidmap only.
in_namespace() { "$A" subordinate "$own" "$@"; }
constrain_namespace() {
	constrain_slate && expect 9 in_namespace "$U/shell" -c 'exit 9' && script_quiet &&
		constrain add "$own" &&
		constrain_refused inline-script exec "$U/shell" 100000 \
			in_namespace "$U/shell" -c 'exit 9'
}

# in_unit CGROUP COMMAND...: somebody moves there first, as root
in_unit() { (echo "$BASHPID" >"$1/cgroup.procs" && "${@:2}"); }
unit_slate() {
	rmdir "$unit/inner" "$unit" 2>/dev/null
	constrain_slate && mkdir "$unit" "$unit/inner"
}

# Whoever it is, root too, and below it; not outside.
constrain_unit() {
	local shell=("$U/shell" -c 'exit 9')
	unit_slate && expect 9 in_unit "$unit" "${shell[@]}" && constrain add held.service &&
		constrain_refused inline-script exec "$U/shell" 0 in_unit "$unit" "${shell[@]}" &&
		constrain_refused inline-script exec "$U/shell" "$other" \
			in_unit "$unit/inner" as "$other" "${shell[@]}" &&
		constrain_refused anon-exec mmap "$A" "$own" \
			in_unit "$unit" as "$own" "$A" anon-rwx &&
		expect 9 "${shell[@]}" && expect 9 as "$own" "${shell[@]}" && script_quiet &&
		constrain remove held.service && expect 9 in_unit "$unit" "${shell[@]}" &&
		script_quiet
}

# A rootless container of the unit: below it, with ids of a namespace of its own.
constrain_container() {
	local payload=$unit/libpod-payload-1 shell=("$U/shell" -c 'exit 9') status=0
	unit_slate && mkdir "$payload" &&
		expect 9 in_unit "$payload" in_namespace "${shell[@]}" && script_quiet &&
		constrain add held.service &&
		constrain_refused inline-script exec "$U/shell" 100000 \
			in_unit "$payload" in_namespace "${shell[@]}" || status=1
	rmdir "$payload" && return "$status"
}

# It stays in its cgroup, whatever it tries: to move, a new session, a child.
constrain_leaving() {
	# shellcheck disable=SC2016 # of the shell inside
	local leaves=(/bin/bash -c 'echo $$ >/sys/fs/cgroup/cgroup.procs; exec "$@"' bash
		"$U/shell" -c 'exit 9')
	unit_slate && expect 9 in_unit "$unit" as "$own" "${leaves[@]}" &&
		constrain add held.service &&
		constrain_refused inline-script exec "$U/shell" "$own" \
			in_unit "$unit" as "$own" "${leaves[@]}" &&
		constrain_refused inline-script exec "$U/shell" "$own" \
			in_unit "$unit" as "$own" setsid "$U/shell" -c 'exit 9'
}

# A unit that starts again has another cgroup, and the old one leaves the set.
constrain_again() {
	local shell=("$U/shell" -c 'exit 9') before
	unit_slate && constrain add held.service || return
	before=$(execgate constrain list | grep -c unit)
	rmdir "$unit/inner" "$unit" && mkdir "$unit" && take_events &&
		expect 9 in_unit "$unit" "${shell[@]}" && script_quiet &&
		constrain add held.service &&
		constrain_refused inline-script exec "$U/shell" 0 in_unit "$unit" "${shell[@]}" &&
		same units "$(execgate constrain list | grep -c unit)" "$before" &&
		rmdir "$unit" && mkdir "$unit/" && constrain add "$own" && constrain remove "$own" &&
		same units "$(execgate constrain list | grep -c unit)" 0
}

# What the user may not have written is data still, and what is signed runs.
constrain_allowed() {
	constrain_slate && constrain add "$own" && take_events &&
		expect 9 as "$own" "$U/shell" "$U/good.sh" &&
		expect 0 as "$own" "$U/shell" </dev/null &&
		expect 9 as "$own" /bin/bash -c 'exit 9' && script_quiet
}

constrain_in_audit() {
	local mode=audit status=0
	constrain_slate && constrain add "$own" && execgate mode audit && take_events &&
		expect 9 as "$own" "$U/shell" -c 'exit 9' &&
		constrain_told inline-script exec "$U/shell" || status=1
	execgate mode enforce
	return "$status"
}

# The gate comes back with them.
constrain_off_and_on() {
	constrain_slate && constrain add "$own" && execgate mode off &&
		expect 9 as "$own" "$U/shell" -c 'exit 9' && execgate mode enforce &&
		constrain_refused inline-script exec "$U/shell" "$own" \
			as "$own" "$U/shell" -c 'exit 9' &&
		constrain_refused anon-exec mmap "$A" "$own" as "$own" "$A" anon-rwx
}

# With nobody constrained the hook that only this needs is not asked.
constrain_free() {
	local before
	constrain_slate && before=$(counter mmap-addr) && expect 9 "$A" anon-rwx &&
		same calls "$(counter mmap-addr)" "$before" && constrain add "$own" &&
		expect 9 "$A" anon-rwx && [[ $(counter mmap-addr) != "$before" ]] &&
		constrain remove "$own" && before=$(counter mmap-addr) &&
		expect 9 "$A" anon-rwx && same calls "$(counter mmap-addr)" "$before"
}

# Of interpreters only, and for a task that asks for it itself.
constrain_securebits() {
	constrain_slate || return
	if ! kernel_from 6 14; then
		expect 3 "$A" securebits 1024 "$U/shell" -c 'exit 9'
		return
	fi
	expect 9 "$A" securebits 512 "$U/shell" -c 'exit 9' && script_quiet &&
		constrain_refused inline-script exec "$U/shell" "$own" \
			as "$own" "$A" securebits 1024 "$U/shell" -c 'exit 9' &&
		expect 9 as "$own" "$A" securebits 1024 "$U/shell" "$U/good.sh" &&
		expect 9 as "$own" "$A" securebits 1024 "$A" anon-rwx && script_quiet &&
		constrain_refused script read "$U/evil.txt" "$own" \
			as "$own" "$A" securebits 256 "$U/shell" "$U/reads.sh"
}

# The words of the command; and who may say them.
constrain_command() {
	local file=$T/constrained list
	constrain_slate && rm -f "$file" &&
		expect 2 execgate constrain add root &&
		expect 7 execgate constrain add nosuchuser &&
		expect 7 execgate constrain add --no-persist absent.service &&
		expect 0 execgate constrain add --constrained "$file" nobody &&
		expect 0 execgate constrain add --constrained "$file" absent.service &&
		list=$(execgate constrain list --constrained "$file") &&
		says 'user nobody \(65534\) +loaded, kept' "$list" &&
		says 'unit absent.service +kept, NOT loaded' "$list" &&
		expect 8 as "$own" execgate constrain add --no-persist 33 &&
		expect 0 execgate constrain remove --constrained "$file" nobody &&
		expect 7 execgate constrain remove --constrained "$file" nobody &&
		expect 0 execgate constrain remove --constrained "$file" absent.service &&
		says 'Nobody is constrained' "$(execgate constrain list --constrained "$file")"
}

# why says that others may.
constrain_why() {
	constrain_slate && constrain add "$own" && take_events || return
	as "$own" "$U/shell" -c 'exit 9'
	take_events && field "${EVENTS[0]}" sequence &&
		says 'For others it would have run' "$(execgate why "$REPLY")"
}

check constrain-inline constrain_inline "$U/shell" -c 'exit 9'
check constrain-inline-cluster constrain_inline "$U/shell" -ec 'exit 9'
check constrain-pipe constrain_inline /bin/bash -c 'echo exit 9 | "$0"' "$U/shell"
check constrain-here-document constrain_inline /bin/bash -c '"$0" <<<"exit 9"' "$U/shell"
check constrain-session constrain_inline setsid "$U/shell" -c 'exit 9'
check constrain-fork constrain_inline /bin/bash -c '( ( "$0" -c "exit 9"; exit $? ); exit $? )' "$U/shell"
check constrain-root-inside constrain_inline unshare -r "$U/shell" -c 'exit 9'
check constrain-system constrain_system
check constrain-sourced constrain_attack script read "$U/evil.txt" "$U/shell" "$U/reads.sh"
check constrain-sourced-shared constrain_shared
check constrain-map constrain_memory anon-exec mmap anon-rwx
check constrain-map-shared constrain_memory anon-exec mmap anon-shared
check constrain-brk constrain_memory anon-exec mmap-addr brk-implied
check constrain-ptrace constrain_memory inject ptrace attach
check constrain-traceme constrain_memory inject traceme traceme
check constrain-vm-write constrain_memory inject ptrace vm-write
check constrain-setuid constrain_setuid
check constrain-setuid-to constrain_setuid_to
check constrain-namespace constrain_namespace
check constrain-unit constrain_unit
check constrain-container constrain_container
check constrain-leaving constrain_leaving
check constrain-again constrain_again
check constrain-allowed constrain_allowed
check constrain-in-audit constrain_in_audit
check constrain-off-and-on constrain_off_and_on
check constrain-free constrain_free
check constrain-securebits constrain_securebits
check constrain-command constrain_command
check constrain-why constrain_why
constrain remove "$own" 2>/dev/null
rmdir "$unit/inner" "$unit" 2>/dev/null
