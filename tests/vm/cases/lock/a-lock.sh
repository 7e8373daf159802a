# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A locked gate against root. In order: nothing here can be undone.

L=$T/lock
still_denies() {
	expect 126 "$V/h9" && expect 9 "$V/good" && expect 0 execgate status
}

# refused COMMAND...: for the lock's sake, and the gate is as it was
refused() {
	local output status=0
	output=$("$@" 2>&1) || status=$?
	echo "$output"
	((status == 8)) && says 'locked until the next boot' "$output" &&
		still_denies
}

needs_enforce() {
	execgate mode audit && expect 1 execgate lock &&
		says 'only a gate that enforces' "$(execgate lock 2>&1)" &&
		execgate mode enforce && says '"locked": false' "$(execgate status --json)"
}

as_user() {
	says 'refused: EPERM' "$("$A" as 1000 "$A" netlink-lock)" &&
		expect 8 "$A" as 1000 /usr/bin/execgate lock
}

# A kernel may be built without the system call (CONFIG_X86_IOPL_IOPERM), as the debug
# kernel is: it refuses to all, and that is all that is to be seen.
has_ports() { grep -q ' io_bitmap_share$' /proc/kallsyms; }
lacks_ports() { ! has_ports && says 'refused: ENOSYS' "$("$A" ports)"; }

# What root may do before, so that what is refused after is the lock's work.
before() {
	mkdir -p "$L" && execgate key enroll --no-persist "$K2/second.pem" &&
		execgate key remove "$K2/second.pem" &&
		execgate revoke digest --no-persist "$digest" &&
		execgate revoke digest --no-persist --undo "$digest" &&
		execgate gate raw-disk on && execgate gate raw-disk off &&
		expect 9 "$A" bpf-programs && expect 9 "$A" raw /dev/mem &&
		{ lacks_ports || expect 9 "$A" ports; }
}

# BPF programs that could answer for the gate: root may load them until it is
# locked. In order: a function of the kernel that is not to be called any more, a
# hook that answers first, a hook of which an error says "allowed", others.
answering=(
	'bpf-fmod-ret security_inode_free'
	'bpf-fmod-ret security_task_prctl'
	'bpf-fmod-ret security_bprm_check'
	'bpf-lsm bprm_check_security'
	'bpf-lsm task_prctl'
	'bpf-struct-ops'
)
looking=('bpf-fentry security_bprm_check' bpf-socket-filter)

# expect_each STATUS ATTACK...
expect_each() {
	local attack want=$1
	shift
	for attack; do
		echo "$attack"
		# shellcheck disable=SC2086 # words
		expect "$want" "$A" $attack || return
	done
}

bpf_before() { expect_each 9 "${answering[@]}" "${looking[@]}"; }

# bpf_event: the one since the last look, and it can be listed
bpf_event() {
	take_events && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason bpf &&
		event_is "${EVENTS[0]}" hook bpf-load &&
		event_is "${EVENTS[0]}" mode enforce &&
		event_is "${EVENTS[0]}" uid 0 &&
		field "${EVENTS[0]}" digest && says '^[0-9a-f]{64}$' "$REPLY"
}

bpf_refused() {
	local attack
	take_events || return
	# Of the last two nothing comes on these kernels, but that is not the lock's.
	for attack in "${answering[@]}" bpf-override 'bpf-freplace other'; do
		expect_each 3 "$attack" && bpf_event || return
	done
	expect_each 9 "${looking[@]}" && take_events &&
		same events "${#EVENTS[@]}" 0 && still_denies
}

# A catalog lists one of them, and no other, and not on another hook.
bpf_listed() {
	take_events && expect 3 "$A" bpf-lsm bprm_check_security && bpf_event || return
	execgate catalog build --no-cache --name bpf --sequence 1 --bpf "$REPLY" --sign \
		--key /etc/execgate/test/key.pem \
		--cert /etc/execgate/test/cert.pem -o "$L/bpf.cat" &&
		expect 9 "$A" netlink-catalog-add "$L/bpf.cat" &&
		expect 9 "$A" bpf-lsm bprm_check_security && take_events &&
		same events "${#EVENTS[@]}" 0 &&
		expect 3 "$A" bpf-lsm task_prctl && bpf_event
}

# The gate's kfuncs are nobody else's, locked or not, and nothing takes the place
# of its programs, which have no types.
kfunc_refused() {
	says 'refused: EINVAL \(load\)' "$("$A" bpf-freplace)" &&
		says 'refused: EACCES \(load\)' "$("$A" bpf-kfunc)" && still_denies
}

# Whoever was on a hook before the gate is still asked.
prctl_shared() {
	expect 9 "$A" bpf-prctl-first 'execgate mode off && execgate mode enforce'
}

locks() {
	execgate lock && execgate lock && says '"locked": true' "$(execgate status --json)" &&
		still_denies
}

# one_event COMMAND...: it is refused, and that is one event for that reason
one_event() {
	local reason=$1
	shift
	take_events && refused "$@" && take_events || return
	# still_denies starts an unsigned program, which is an event of its own.
	same events "${#EVENTS[@]}" 2 && event_is "${EVENTS[0]}" reason "$reason" &&
		event_is "${EVENTS[0]}" hook policy &&
		event_is "${EVENTS[0]}" mode enforce && event_is "${EVENTS[0]}" uid 0 &&
		event_is "${EVENTS[1]}" reason unsigned
}

# Row 100: one event each, whoever asks.
told_once() {
	one_event locked execgate mode audit && one_event locked execgate mode off &&
		one_event locked execgate gate exec off && take_events &&
		says 'refused: EPERM' "$("$A" netlink-mode 1)" && take_events &&
		same events "${#EVENTS[@]}" 1 && event_is "${EVENTS[0]}" reason locked &&
		event_is "${EVENTS[0]}" hook policy
}

# Advice does not send anybody where the lock is: it says so, of what is refused.
after_boot() { execgate why --reason "$1" | grep -B1 'The gate is locked'; }
advice() {
	local reason
	for reason in anon-exec inject; do
		says "execgate gate $reason off" "$(after_boot "$reason")" &&
			execgate gate "$reason" on && refused execgate gate "$reason" off || return
	done
	says 'execgate key enroll CERTIFICATE' "$(after_boot unknown-signer)" &&
		says '"after_boot": *true' "$(execgate why --reason inject --json)" &&
		same "nothing else" "$(after_boot unsigned)" ""
}
unlocked_advice() { same unlocked "$(after_boot anon-exec)" ""; }

# A signature helps to tighten, or to say the same: not to loosen.
signed() {
	expect 9 "$A" netlink-policy-load "$V/policy-100" && take_events || return
	says 'refused: EPERM' "$("$A" netlink-policy-load "$V/policy-200")" &&
		take_events && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason locked &&
		event_is "${EVENTS[0]}" identity_version 200 &&
		event_is "${EVENTS[0]}" ino "$(stat -c %i "$V/policy-200")" || return
	refused execgate policy load --force "$V/policy-200" && take_events &&
		says 'refused: EPERM' "$("$A" netlink-policy-load "$V/policy-20")" &&
		take_events && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason policy-version && still_denies
}

policy() {
	refused execgate mode audit && refused execgate mode off &&
		refused execgate gate exec off && refused execgate profile basic &&
		says 'refused: EPERM' "$("$A" netlink-mode 0)" &&
		says 'refused: EPERM' "$("$A" netlink-mode 1)" && still_denies
}

tightening() {
	execgate gate seal on && execgate gate raw-disk on &&
		refused execgate gate raw-disk off && execgate mode enforce
}

keys() {
	local before
	before=$(counter keys)
	refused execgate key enroll --no-persist "$K2/second.pem" &&
		says 'refused: EPERM' "$("$A" netlink-key-add "$K2/second.der")" &&
		same keys "$(counter keys)" "$before" &&
		expect 0 execgate key enroll "$K2/trusted.pem"
}

# A CA that was enrolled before still makes leaves trusted, within what it is for;
# nobody else does, and none is enrolled.
leaves() {
	expect 126 "$V/leaf-signed" &&
		expect 9 "$A" netlink-leaf-add "$K2/leaf.der" 0 &&
		expect 9 "$V/leaf-signed" && take_events &&
		says 'refused: ENOKEY' "$("$A" netlink-leaf-add "$K2/leaf-self.der" 0)" &&
		take_events && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason unknown-signer || return
	execgate key remove "$K2/leaf.pem" && expect 126 "$V/leaf-signed" &&
		says 'refused: EACCES' "$("$A" netlink-leaf-add "$K2/leaf.der" 16)" &&
		says 'refused: EPERM' "$("$A" netlink-key-add "$K2/leaf.der")" &&
		one_event locked execgate key enroll --no-persist --ca "$K2/ca-twin.pem" &&
		one_event locked execgate key enroll --no-persist --ca --for files,kernel \
			"$K2/ca.pem" &&
		execgate key enroll --no-persist --leaf "$K2/leaf.pem" &&
		expect 9 "$V/leaf-signed"
}

# told_locked COMMAND...: as one_event, for when the program that reads events may
# not run
told_locked() {
	local before
	before=$(counter events_emitted)
	expect 8 "$@" && same events "$(counter events_emitted)" $((before + 1)) &&
		event_is "$(execgate denials --kernel --json -n 1)" reason locked
}

# Nobody widens what a key is for, by whatever steps; less is for anybody.
purposes() {
	# That lists the same program, by another key.
	execgate catalog remove --no-persist clock &&
		one_event locked execgate key enroll --no-persist --for code,policy,modules \
		"$K2/trusted.pem" &&
		execgate key enroll --no-persist --for catalogs,kernel \
			"$K2/trusted.pem" && expect 126 "$V/good" &&
		told_locked execgate key enroll --no-persist --for code \
			"$K2/trusted.pem" &&
		told_locked execgate key enroll --no-persist --for files \
			"$K2/trusted.pem" && expect 126 "$V/good"
}

revocations() {
	execgate revoke digest --no-persist "$digest" &&
		refused execgate revoke digest --no-persist --undo "$digest" &&
		same revocations "$(counter revocations)" 1
}

# More are constrained, and nobody is set free.
constrained() {
	execgate constrain add --no-persist 1234 &&
		refused execgate constrain remove --no-persist 1234 &&
		says 'user 1234' "$(execgate constrain list)"
}

# Raised and never lowered, whatever becomes of the file that keeps them.
versions() {
	local locker=(--key /etc/execgate/test/key.pem --cert /etc/execgate/test/cert.pem)
	cp "$V/h9" "$U/old" && cp "$V/h9" "$U/new" &&
		execgate sign "${locker[@]}" --identity org.example/locked --version 4 \
			"$U/old" &&
		execgate sign "${locker[@]}" --identity org.example/locked --version 5 \
			"$U/new" && expect 9 "$U/old" &&
		execgate revoke version org.example/locked 5 && expect 126 "$U/old" &&
		expect 9 "$U/new" &&
		refused execgate revoke version --undo org.example/locked || return
	execgate revoke version org.example/locked 1 && rm /etc/execgate/revoked &&
		expect 126 "$U/old" && expect 9 "$U/new" &&
		says 'org.example/locked below 5' "$(execgate revoke list)"
}

# A signed catalog says no more than a signature on each of its files would.
catalogs() {
	cp "$V/d9" "$U/y" && expect 126 "$U/y" &&
		execgate catalog build --no-cache --name locked --sequence 2 --sign \
			--key /etc/execgate/test/key.pem \
			--cert /etc/execgate/test/cert.pem -o "$L/two.cat" "$U/y" &&
		expect 9 "$A" netlink-catalog-add "$L/two.cat" && expect 9 "$U/y"
}

programs() {
	expect 3 "$A" bpf-programs && says 'got 0' "$(cat "$T/out")" &&
		expect 3 "$A" bpf-detach && still_denies
}

tracing() {
	(echo 0 >/proc/sys/kernel/ftrace_enabled) 2>/dev/null
	still_denies
}

unloaded() {
	expect 1 rmmod execgate && still_denies
}

modules() {
	expect 1 insmod "$V/unsigned.ko" && insmod "$V/dummy.ko" && rmmod dummy
}

# locked_door ATTACK...: one event, and nothing of the kernel's own lockdown
locked_door() {
	take_events && says 'refused: EPERM' "$("$@")" && take_events &&
		same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason lockdown &&
		event_is "${EVENTS[0]}" hook kernel-unsigned &&
		event_is "${EVENTS[0]}" mode enforce
}
doors() {
	says '\[none\]' "$(cat /sys/kernel/security/lockdown)" &&
		locked_door "$A" raw /dev/mem &&
		{ lacks_ports || locked_door "$A" ports; } &&
		says 'refused while locked: /dev/mem' "$(dmesg)"
}

kernel_loaded() { expect 3 "$A" kexec-load && still_denies; }

told() {
	local output
	output=$(execgate doctor --json) || true
	says 'locked until the next boot' "$output" &&
		says 'none that can answer instead of the gate' "$output" &&
		says 'root: kernel lockdown' "$output" &&
		says 'root: writing to mounted disks' "$output" &&
		says 'test/key.pem is the private key of a key that is trusted' "$output" &&
		says 'bdev_allow_write_mounted=0' "$output"
}

# The kernel's own doors, closed by the same command.
lockdown() {
	execgate lock --lockdown &&
		says '\[integrity\]' "$(cat /sys/kernel/security/lockdown)" &&
		still_denies
}

# By force, which no reference stops, in both ABIs; and no other module either.
# Without force they go.
forced() {
	expect 1 rmmod -f execgate &&
		says 'refused: EPERM' "$("$A" delete-module execgate)" &&
		says 'refused: EPERM' "$("$A" i386-delete-module execgate)" &&
		insmod "$V/dummy.ko" &&
		says 'refused: EPERM' "$("$A" delete-module dummy)" &&
		rmmod dummy && expect 0 execgate status && expect 126 "$V/h9" &&
		expect 9 "$V/good"
}

K2=/suite/keys
digest=$(printf '%064d' 7)
mkdir -p "$U"
execgate key enroll --for code,policy "$K2/trusted.pem" >/dev/null ||
	not_ok lock/setup enrol
execgate key enroll --no-persist --ca --for files "$K2/ca.pem" >/dev/null ||
	not_ok lock/setup enrol
[[ -e /sys/kernel/security/lockdown ]] ||
	mount -t securityfs none /sys/kernel/security
# No clock opens or closes it, and what is signed still comes in.
at_any_clock() {
	local day now status=0
	for day in 1970-01-02 2000-01-01 2040-01-01 2106-02-08; do
		now=$(date +%s) && date -s "$day" || return
		rm -f "$L/fresh" && cp "$V/good" "$L/fresh" && still_denies &&
			expect 9 "$L/fresh" &&
			expect 9 "$A" netlink-catalog-add "$L/clock.cat" || status=$?
		date -s "@$now" && ((status == 0)) || return 1
	done
}

clock() {
	execgate catalog build --no-cache --name clock --sequence 1 --sign \
		--key /etc/execgate/test/key.pem --cert /etc/execgate/test/cert.pem \
		-o "$L/clock.cat" "$V/good" && at_any_clock
}

# The way out of a machine that lets nothing run is none out of the lock.
parameter_refused() {
	take_events
	(echo audit >/sys/module/execgate/parameters/mode_now) && return 1
	take_events && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason locked &&
		event_is "${EVENTS[0]}" hook policy && still_denies
}

check lock-needs-enforce needs_enforce
# Technique: T1562.001
check lock-as-user as_user
# Technique: none
check lock-before before
check lock-advice-before unlocked_advice
check lock-bpf-before bpf_before
# Technique: T1562.001
check lock-bpf-kfunc kfunc_refused
check lock-prctl-shared prctl_shared
# Technique: none
check lock locks
# Technique: T1562.001
check lock-bpf-refused bpf_refused
# Technique: none
check lock-bpf-listed bpf_listed
# Technique: T1562.001
check 100-policy policy
check 100-policy-event told_once
# Technique: none
check lock-tightening tightening
# Technique: T1562.010
check 100-signed-policy signed
# Technique: T1553.004
check lock-keys keys
check lock-leaves leaves
# Technique: T1562.001
check lock-revocations revocations
check lock-constrained constrained
check lock-versions versions
# Technique: T1562.010
check lock-catalogs catalogs
# Technique: T1562.001
check lock-clock clock
check lock-mode-file parameter_refused
check lock-bpf-programs programs
check lock-tracing tracing
# Technique: T1547.006
check lock-modules modules
# Technique: T1014
check lock-kexec kernel_loaded
# Technique: T1562.001
check 96-locked unloaded
# Technique: none
check lock-doctor told
# Technique: T1014
check lock-kernel-doors doors
# Technique: T1562.001
check 96-locked-by-force forced
# Technique: T1014
check lock-lockdown lockdown
# Technique: none
check lock-advice advice
# Technique: T1553.004
# Last: it takes from the key that others need.
check lock-purposes purposes
