# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Nobody is locked out: preflight, enforce on trial, failed boots; and from a
# denial to a decision. The mode is enforce again at the end.

K=(--key /etc/execgate/test/key.pem --cert /etc/execgate/test/cert.pem)
R=$T/rescue
conf=$R/conf

mode_is() { same mode "$("$A" netlink-mode-name)" "$1"; }

eventually() {
	local tries
	for ((tries = 0; tries < 300; tries++)); do
		"$@" >"$T/eventually" 2>&1 && return
		sleep 0.2
	done
	cat "$T/eventually" "$R/log"
	return 1
}

# unsigned FILE: a program that works and that nobody signed, unlike any other:
# a catalog trusts content, whatever its name
unsigned() {
	rm -f "$1"
	cp /bin/true "$1" && execgate unsign "$1" >/dev/null &&
		printf '%s' "$1" >>"$1"
}

daemon_pid() { cat "$R/pid"; }
daemon_lives() { kill -0 "$(daemon_pid)" && [[ -e /run/execgate/resume ]]; }
daemon_gone() { ! kill -0 "$(daemon_pid)"; }

# A case is a subshell: what outlives it is known by its file.
# run_daemon LOG OPTION...: it tells the socket when it has read all, and each time
# that it has read it anew
run_daemon() {
	local log=$1
	shift
	if [[ ! -S $R/notify ]]; then
		"$A" notified "$R/notify" >"$R/notified" 2>&1 &
		disown
		eventually test -S "$R/notify"
	fi
	: >"$R/notified"
	NOTIFY_SOCKET=$R/notify execgated "$@" >"$log" 2>&1 &
	echo "$!" >"$R/pid"
	disown
}

times_ready() { (($(grep -c '^READY=1' "$R/notified") >= $1)); }

# reload: the daemon reads all anew, and is through with it
reload() {
	local ready
	ready=$(grep -c '^READY=1' "$R/notified")
	kill -HUP "$(daemon_pid)" && eventually times_ready $((ready + 1))
}

start_daemon() {
	run_daemon "$R/log" --config "$conf"
	eventually daemon_lives
}

stop_daemon() {
	[[ -e $R/pid ]] && daemon_lives || return 0
	kill -9 "$(daemon_pid)"
	eventually daemon_gone
}

no_deadline() { ! compgen -G '/run/execgate/deadline.*'; }

names_unsigned() {
	unsigned "$R/tree/prog"
	expect 12 execgate preflight "$R/tree" >"$R/out" || return
	cat "$R/out"
	says "$R/tree/prog" "$(<"$R/out")" && says unsigned "$(<"$R/out")" &&
		says "execgate sign --key KEY $R/tree/prog" "$(<"$R/out")"
}

# The command that it names does mend it. No key is where keys are looked for, so it
# leaves that one word to whoever has the key.
mends() {
	local json command
	json=$(execgate preflight --json "$R/tree" | tr -d '\n')
	field "$json" mend && [[ $REPLY == *' --key KEY '* ]] || return
	command=${REPLY/ --key KEY / ${K[*]} }
	expect 0 bash -c "$command" && expect 0 execgate preflight "$R/tree"
}

names_interpreter() {
	unsigned "$R/tree/interpreter"
	printf '#!%s/tree/interpreter\n' "$R" >"$R/tree/script"
	chmod 755 "$R/tree/script"
	execgate sign "${K[@]}" "$R/tree/script" || return
	expect 12 execgate preflight "$R/tree/script" >"$R/out" || return
	says tree/interpreter "$(<"$R/out")"
	rm "$R/tree/script" "$R/tree/interpreter"
}

finds_running() {
	local other
	cp "$V/h9" "$R/slow" && cp /bin/sleep "$R/tree/running" &&
		execgate unsign "$R/tree/running" && execgate mode audit || return
	"$R/tree/running" 600 &
	other=$!
	execgate preflight >"$R/out"
	kill "$other"
	cat "$R/out"
	says tree/running "$(<"$R/out")"
}

second_run_is_cheap() {
	local first second
	execgate preflight >/dev/null
	first=$(counter bytes_hashed)
	execgate preflight >/dev/null
	second=$(counter bytes_hashed)
	((second - first < 1000000)) || {
		echo "hashed $((second - first)) bytes again"
		return 1
	}
}

# with_bad_shell COMMAND...: while /bin/sh is a program that nobody signed
with_bad_shell() {
	local status=0
	cp /bin/bash "$R/sh" && execgate unsign "$R/sh" &&
		ln -sfn "$R/sh" /bin/sh || return
	"$@" || status=$?
	ln -sfn busybox /bin/sh
	return "$status"
}

enforce_refused() {
	execgate mode audit || return
	with_bad_shell expect 12 execgate mode enforce >"$R/out" 2>&1 ||
		{ cat "$R/out"; return 1; }
	says "$R/sh" "$(<"$R/out")" && says shell "$(<"$R/out")" && mode_is audit
}

enforce_for_refused() {
	execgate mode audit && with_bad_shell expect 12 \
		execgate mode enforce --for 60s && mode_is audit && no_deadline
}

enforce_forced() {
	execgate mode audit &&
		with_bad_shell expect 0 execgate mode enforce --force &&
		mode_is enforce
}

for_without_daemon() {
	execgate mode audit && expect 6 execgate mode enforce --for 60s &&
		mode_is audit && no_deadline
}

falls_back() {
	expect 0 execgate mode enforce --for 5s && eventually mode_is audit &&
		eventually no_deadline && says "nobody confirmed" "$(<"$R/log")"
}

confirmed() {
	expect 0 execgate mode enforce --for 60s && mode_is enforce &&
		[[ -e /run/execgate/deadline.held ]] &&
		expect 0 execgate mode confirm && no_deadline &&
		mode_is enforce && expect 7 execgate mode confirm
}

# Another mode, set by hand, ends the trial.
overruled() {
	expect 0 execgate mode enforce --for 60s && execgate mode audit &&
		no_deadline && mode_is audit
}

# The daemon dies, the time passes, its successor honours it.
survives_daemon() {
	execgate mode audit && execgate mode enforce --for 5s || return
	stop_daemon
	[[ -e /run/execgate/deadline.held ]] || return
	eventually deadline_over && mode_is enforce || return
	start_daemon && eventually mode_is audit && eventually no_deadline
}

# Seconds since boot, of both; sleep is not counted in a guest that has none.
deadline_over() {
	local now
	read -r now _ </proc/uptime
	((${now%.*} * 1000000000 > $(</run/execgate/deadline.held)))
}

# boot N: as after the Nth boot, when the daemon comes
boot() {
	stop_daemon
	umount /proc/sys/kernel/random/boot_id 2>/dev/null
	printf '00000000-0000-0000-0000-%012d\n' "$1" >"$R/boot_id"
	mount --bind "$R/boot_id" /proc/sys/kernel/random/boot_id &&
		execgate mode off >/dev/null && start_daemon
}

boots_fall_back() {
	local i
	rm -f /var/lib/execgate/boots
	printf '[gate]\nmode = enforce\n' >"$conf/execgate.conf"
	for i in 1 2 3; do
		boot "$i" && eventually mode_is enforce || return
	done
	boot 4 && eventually mode_is audit && says "NOT ENFORCING" "$(<"$R/log")"
}

# Nor in the boot after that, nor when the daemon is restarted or reloaded.
stays_back() {
	stop_daemon
	start_daemon && eventually times_ready 1 && mode_is audit && reload &&
		mode_is audit && boot 5 && eventually mode_is audit
}

decided_anew() {
	expect 0 execgate mode enforce && boot 6 && eventually mode_is enforce
}

healthy_boots_count_not() {
	local i
	for i in 7 8 9 10 11; do
		boot "$i" && eventually mode_is enforce &&
			expect 0 execgate mode healthy || return
	done
}

# A boot that is healthy in audit says nothing about enforce.
audit_is_not_healthy() {
	local i
	for i in 12 13 14; do
		boot "$i" && eventually mode_is enforce || return
	done
	boot 15 && eventually mode_is audit && expect 0 execgate mode healthy &&
		boot 16 && eventually mode_is audit
}

attempts_configured() {
	printf '[gate]\nmode = enforce\nboot_attempts = 1\n' \
		>"$conf/execgate.conf"
	rm -f /var/lib/execgate/boots
	boot 17 && eventually mode_is enforce && boot 18 &&
		eventually mode_is audit
}

# The rescue of a machine that does not boot in enforce: whatever is configured,
# and however the last boots went.
cmdline_rescues() {
	local status=0
	printf '[gate]\nmode = enforce\n' >"$conf/execgate.conf"
	rm -f /var/lib/execgate/boots
	echo "$(</proc/cmdline) execgate.mode=audit" >"$R/cmdline"
	mount --bind "$R/cmdline" /proc/cmdline || return
	boot 19 && eventually mode_is audit &&
		says 'execgate.mode=audit' "$(<"$R/log")" &&
		eventually times_ready 1 && mode_is audit ||
		status=1
	umount /proc/cmdline
	((status == 0)) && boot 20 && eventually mode_is enforce
}

# With no mode in it nothing may be guessed but what harms nobody.
cmdline_without_mode() {
	local status=0
	echo "execgate.mode=enforec" >"$R/cmdline"
	mount --bind "$R/cmdline" /proc/cmdline || return
	boot 21 && eventually mode_is audit || status=1
	umount /proc/cmdline
	return $status
}

end_boots() {
	stop_daemon
	umount /proc/sys/kernel/random/boot_id
	execgate mode enforce
}

# deny NAME: an unsigned program that has just been denied
denied() {
	unsigned "$R/$1"
	expect 126 "$R/$1"
}

why_file() {
	denied w || return
	expect 0 execgate why "$R/w" >"$R/out" && cat "$R/out" &&
		says unsigned "$(<"$R/out")" &&
		says "execgate sign --key KEY $R/w" "$(<"$R/out")" &&
		expect 7 execgate why /no/such/file
}

why_event() {
	local sequence
	denied w || return
	sequence=$(($("$A" netlink-next) - 1))
	expect 0 execgate why "$sequence" >"$R/out" &&
		says "$R/w" "$(<"$R/out")" && expect 7 execgate why 99999999
}

# A tmpfs is as good as a disk, whoever mounted it, and a file on it is called what it is.
# The sentence about FUSE tells rootless containers what to use instead.
why_file_system() {
	local sequence out
	mkdir -p "$R/tmpfs" "$T/m" && mount -t tmpfs tmpfs "$R/tmpfs" &&
		cp "$V/good" "$V/h9" "$R/tmpfs/" && expect 9 "$R/tmpfs/good" &&
		expect 126 "$R/tmpfs/h9" && out=$(execgate why "$R/tmpfs/h9") &&
		umount "$R/tmpfs" || return
	says 'h9: unsigned' "$out" && [[ ! $out =~ 'file system' ]] || return
	expect 9 "$A" as 1000 /usr/bin/unshare -Urm "$BASH" -c \
		"mount -t tmpfs tmpfs $T/m && cp $V/good $T/m/x && exec $T/m/x" &&
		chmod 666 /dev/fuse || return
	"$A" as 1000 /usr/bin/unshare -Urm "$A" fuse "$T/m" "$V/good" "$V/good"
	sequence=$(($("$A" netlink-next) - 1))
	out=$(execgate why "$sequence") && echo "$out" && says ': untrusted-fs' "$out" &&
		says 'its file system, or who mounted it, is not trusted with code' \
			"$(execgate denials --kernel --reason untrusted-fs)" &&
		says 'remove mount_program from storage.conf' "$out"
}

# Newest first: the one that is signed, the one that is listed, the ignored.
reviewed() {
	denied ignored && denied listed && denied signed || return
	printf 's\nc\ni\nq\n' |
		expect 0 execgate review --kernel "${K[@]}" >"$R/out" 2>&1
	cat "$R/out"
	says "1 signed, 1 in the catalog, 1 ignored" "$(<"$R/out")"
}

wanted_runs() {
	expect 0 "$R/signed" && expect 0 "$R/listed" &&
		expect 126 "$R/ignored" &&
		says 'Carrier: *catalog' "$(expect 0 execgate verify "$R/listed")"
}

remembered() {
	local json
	json=$(execgate review --kernel --json | tr -d '\n ')
	says '"count":[0-9]*,"state":"ignored"' "$json" &&
		says '"count":[0-9]*,"state":"allowed-now"' "$json" || return
	denied ignored || return
	printf 'q\n' | execgate review --kernel | tee "$R/out"
	[[ ! $(<"$R/out") =~ $R/ignored ]]
}

# What is in the catalog stays there when more is added, unless it changed.
reviewed_again() {
	denied more || return
	cp /bin/false "$R/listed" && execgate unsign "$R/listed"
	printf 'c\nq\n' | execgate review --kernel "${K[@]}" >"$R/out" 2>&1
	cat "$R/out"
	expect 0 "$R/more" && expect 126 "$R/listed" &&
		says "has changed since" "$(<"$R/out")"
}

execgate key enroll /suite/keys/trusted.pem >/dev/null # of $A
mkdir -p "$R/tree" "$conf" /var/lib/execgate
printf '[gate]\nmode = audit\n' >"$conf/execgate.conf"
check preflight-critical expect 0 execgate preflight --critical
check preflight-names-unsigned names_unsigned
check preflight-command-mends mends
check preflight-names-interpreter names_interpreter
check preflight-finds-running finds_running
check preflight-second-run-is-cheap second_run_is_cheap
check enforce-refused enforce_refused
check enforce-for-refused enforce_for_refused
check enforce-forced enforce_forced
check for-without-daemon for_without_daemon
execgate mode audit >/dev/null
if start_daemon; then
	check for-falls-back falls_back
	check for-confirmed confirmed
	check for-overruled overruled
	check for-survives-daemon survives_daemon
	check boots-fall-back boots_fall_back
	check boots-stay-back stays_back
	check boots-decided-anew decided_anew
	check boots-healthy-count-not healthy_boots_count_not
	check boots-audit-is-not-healthy audit_is_not_healthy
	check boots-attempts-configured attempts_configured
	check boots-command-line-rescues cmdline_rescues
	check boots-command-line-without-mode cmdline_without_mode
else
	not_ok daemon "does not start: $(<"$R/log")"
fi
end_boots >/dev/null 2>&1
check why-file why_file
check why-event why_event
check why-file-system why_file_system
check review-decides reviewed
check review-wanted-runs wanted_runs
check review-remembers remembered
check review-again reviewed_again
execgate catalog remove reviewed >/dev/null
