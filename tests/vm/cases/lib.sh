# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What the cases are written in. Sourced in the guest by "run".
#
# A row of docs/attacks.md is one call of "deny" (or "allow"), and the same call is
# made three times: with the gate off the attack must work, in audit it must
# work and leave a would-deny event, in enforce it must fail and leave exactly
# one event with the right reason, hook, user, process and file.
#
#   deny NAME [WORD=VALUE]... [-- ATTACK [ARG...]]
#
#   reason=   the one reason of the denial; or "any", in a race
#   hook=     where (default exec); or "any"
#   file=     a file of /suite/files that is copied to $U/x first
#   prepare=  a function that runs after that
#   works=    exit status of an attack that worked (default 9)
#   evil=     what a working attack prints and a refused one must not
#   left=     exit status when refused (default: any but works)
#   refused=  what a refused attack prints (default EPERM, in any spelling)
#   target=   the file that the event must name (default $U/x)
#   uid=      whose the event must be (default 0)
#   many=     how many events in enforce (default 1), or "any": at least one
#   pid=      "exact": the attack's own process (default); "child": one it
#             made; "any": of several processes
#   only=     the machine, as uname -m has it, of which the row is; elsewhere it is
#             counted and told of at the end (default: every machine)
#
# ATTACK is a function or a program (default: attack exec $U/x); as a program it
# replaces the process whose id the event must have.
#
#   allow NAME [file=] [prepare=] [works=] [says=PATTERN] [only=] [-- ATTACK [ARG...]]
#
# is the control: the same in all three modes, and no event at all.
#
#   check NAME FUNCTION [ARG...]
#
# is everything else: it holds when FUNCTION succeeds. "check_module" is the same of a module
# only: built into the kernel there are no programs on the hooks and nothing is unloaded.
#
# A line "# Technique: T1574.006" gives the rows below it, up to the next such line, their
# ATT&CK technique; "none" is for rows that are no attack. docs/attacks.md is made of it.

V=/suite/files
U=/tmp/u
T=/run/suite
A=$V/attack
MODULE=/lib/modules/$(uname -r)/updates/dkms/execgate.ko
mode=
total=0
failures=0
elsewhere=() # rows of another machine, or of a module
position=1 # sequence number of the next event that no case has seen
EVENTS=()

# Is execgate a part of the kernel? Only a module has a state.
built_in() { [[ ! -e /sys/module/execgate/initstate ]]; }

machine=$(uname -m)
case $machine in
aarch64) LOADER=/lib/ld-linux-aarch64.so.1 ;;
*) LOADER=/lib64/ld-linux-x86-64.so.2 ;;
esac
LIBC=/usr/lib/$machine-linux-gnu/libc.so.6

# Under emulation a program with many libraries takes its time to start.
if busybox=$(type -P busybox); then
	cp() { "$busybox" cp "$@"; }
	mv() { "$busybox" mv "$@"; }
	rm() { "$busybox" rm "$@"; }
	stat() { "$busybox" stat "$@"; }
fi

eperm='EPERM|Operation not permitted'

# A case that took long says so: there time is to be saved.
told=0
took() {
	local now
	read -r now _ </proc/uptime
	now=${now%.*}
	((now - told < 10)) || echo "# $1 took $((now - told)) s"
	told=$now
}

ok() {
	total=$((total + 1))
	echo "ok $1"
	took "$1"
}

not_ok() {
	total=$((total + 1))
	took "$1"
	failures=$((failures + 1))
	echo "not ok $1 - $2"
	[[ ! -s $T/out ]] || sed 's/^/  | /' "$T/out" | tail -n 20
}

selected() {
	# shellcheck disable=SC2053 # a pattern is meant
	[[ $1 == $pattern ]]
}

# field JSON NAME: REPLY is that member's value, unquoted
field() {
	REPLY=
	[[ $1 =~ \"$2\":[[:space:]]*(\"([^\"]*)\"|-?[0-9]+|true|false|null) ]] ||
		return 1
	REPLY=${BASH_REMATCH[2]:-${BASH_REMATCH[1]}}
}

# counter NAME: print a member of "execgate status --json"
counter() {
	local json
	json=$(execgate status --json) || true
	field "$json" "$1" && echo "$REPLY"
}

# Of all denials since the module was loaded, each is accounted for once; those of
# tasks that were killed meanwhile are no events.
events_add_up() {
	local json sum=0 emitted suppressed dropped
	json=$(execgate status --json) || true
	[[ $json =~ \"denies\":[[:space:]]*\{([^}]*)\} ]] || return
	field "{${BASH_REMATCH[1]}" interrupted && sum=-$REPLY
	[[ $json =~ \"denies\":[[:space:]]*\{([^}]*)\} ]]
	while [[ ${BASH_REMATCH[1]} =~ :[[:space:]]*([0-9]+)(.*) ]]; do
		sum=$((sum + BASH_REMATCH[1]))
		[[ ${BASH_REMATCH[2]} =~ (.*) ]]
	done
	field "$json" events_emitted && emitted=$REPLY &&
		field "$json" events_suppressed && suppressed=$REPLY &&
		field "$json" events_dropped && dropped=$REPLY || return
	echo "denied $sum: emitted $emitted, suppressed $suppressed, dropped $dropped"
	((emitted + suppressed + dropped == sum))
}

# The events since the last call, into the array EVENTS.
take_events() {
	local last
	EVENTS=()
	"$A" events-from "$position" >"$T/events" || {
		echo "no events: $(<"$T/events")"
		return 1
	}
	mapfile -t EVENTS <"$T/events"
	last=$((${#EVENTS[@]} - 1))
	position=${EVENTS[last]}
	unset "EVENTS[last]"
}

# event_is EVENT NAME VALUE: or say what it is instead
event_is() {
	field "$1" "$2" || { echo "event without $2: $1"; return 1; }
	[[ $REPLY == "$3" ]] || {
		echo "event has $2 $REPLY, not $3"
		return 1
	}
}

patience=100 # fifths of a second

# eventually COMMAND...: another process, the journal for one, comes to it in its own time; else what it said last
eventually() {
	local tries
	for ((tries = 0; tries < patience; tries++)); do
		"$@" >"$T/eventually" 2>&1 && return
		sleep 0.2
	done
	cat "$T/eventually"
	return 1
}

# run_attack ARG...: status, $T/out and $T/pid tell what came of it
run_attack() {
	status=0
	(
		echo "$BASHPID" >"$T/pid"
		exec >"$T/out" 2>&1 </dev/null
		if declare -F "$1" >/dev/null; then
			"$@"
		else
			exec "$@"
		fi
	) || status=$?
	output=$(<"$T/out")
}

# Of the attack that just ran: it worked, as with no gate at all.
judge_worked() {
	if ((status != works)); then
		echo "exit status $status, not $works"
	elif [[ ! $output =~ $evil ]]; then
		echo "its output lacks \"$evil\""
	else
		return 0
	fi
	return 1
}

judge_refused() {
	if [[ -n $left ]] && ((status != left)); then
		echo "exit status $status, not $left"
	elif [[ -z $left ]] && ((status == works || status == 99)); then
		echo "exit status $status"
	elif [[ -n $evil && $output =~ $evil ]]; then
		echo "its output has \"$evil\""
	elif [[ ! $output =~ $refused ]]; then
		echo "its output lacks \"$refused\""
	else
		return 0
	fi
	return 1
}

judge_silent() {
	((${#EVENTS[@]} == 0)) && return
	echo "${#EVENTS[@]} events, not 0"
	return 1
}

# The first event tells of the attack; there is no other one in enforce.
judge_events() {
	local event=${EVENTS[0]-} attacker
	if [[ $mode == enforce && $many != any ]] &&
		((${#EVENTS[@]} != many)); then
		echo "${#EVENTS[@]} events, not $many"
		return 1
	fi
	[[ -n $event ]] || { echo "no event"; return 1; }
	attacker=$(<"$T/pid")
	event_is "$event" mode "$mode" &&
		{ [[ $reason == any ]] || event_is "$event" reason "$reason"; } &&
		{ [[ $hook == any ]] || event_is "$event" hook "$hook"; } &&
		event_is "$event" uid "$uid" || return
	if [[ -n $inode ]]; then
		event_is "$event" ino "$inode" || return
	fi
	if [[ $pid == exact ]]; then
		event_is "$event" pid "$attacker"
	elif [[ $pid == any ]]; then
		return 0
	elif ! { field "$event" pid && ((REPLY > attacker)); }; then
		echo "event has pid $REPLY, not above $attacker"
		return 1
	fi
}

# stage FILE PREPARE ATTACK...: everything up to the end of the attack, and the
# events that it left. Sets status, output, inode and events.
stage() {
	: >"$T/out"
	rm -rf "${U:?}"/*
	if [[ -n $1 ]]; then
		cp "$V/$1" "$U/x" || return
	fi
	"$2" >"$T/out" 2>&1 || { echo "cannot be prepared"; return 1; }
	[[ -z ${target-} ]] || inode=$(stat -L -c %i "$target") || return
	# What the preparation left is not the attack's.
	[[ $2 == : ]] || take_events || return
	run_attack "${@:3}"
	take_events
}

# conclude WHY: nothing is good
conclude() {
	if [[ -z $1 ]]; then
		ok "$mode/$name"
		return
	fi
	printf '%s\n' "${EVENTS[@]:0:3}" >>"$T/out"
	not_ok "$mode/$name" "$1"
}

is_here() {
	[[ $only != "$machine" ]] || return 0
	elsewhere+=("$mode/$name")
	return 1
}

deny() {
	local name=$1 reason='' hook=exec works=9 evil='' left='' uid=0 many=1
	local refused=$eperm file='' prepare=: target=$U/x pid=exact only=$machine
	local status=0 output='' inode='' why=''
	shift
	selected "$name" || return 0
	while (($#)) && [[ $1 != -- ]]; do
		local "$1"
		shift
	done
	if (($#)); then shift; else set -- "$A" exec "$U/x"; fi
	is_here || return 0
	if ! stage "$file" "$prepare" "$@" >"$T/why"; then
		why=$(<"$T/why")
	elif [[ $mode == off ]]; then
		why=$(judge_worked && judge_silent)
	elif [[ $mode == audit ]]; then
		why=$(judge_worked && judge_events)
	else
		why=$(judge_refused && judge_events)
	fi
	conclude "$why"
}

allow() {
	local name=$1 works=9 says='' file='' prepare=: evil='' only=$machine
	local status=0 output='' inode='' why=''
	shift
	selected "$name" || return 0
	while (($#)) && [[ $1 != -- ]]; do
		local "$1"
		shift
	done
	evil=$says
	if (($#)); then shift; else set -- "$A" exec "$U/x"; fi
	is_here || return 0
	if stage "$file" "$prepare" "$@" >"$T/why"; then
		why=$(judge_worked && judge_silent)
	else
		why=$(<"$T/why")
	fi
	conclude "$why"
}

check() {
	local name=$1
	shift
	selected "$name" || return 0
	if ("$@") >"$T/out" 2>&1 </dev/null; then
		ok "$name"
	else
		not_ok "$name" "status $?"
	fi
}

check_module() {
	selected "$1" || return 0
	if built_in; then elsewhere+=("$1"); else check "$@"; fi
}

# expect STATUS COMMAND [ARG...]: for check functions; its output stays
expect() {
	local want=$1 got=0
	shift
	"$@" || got=$?
	((got == want)) && return
	echo "\"$*\" exits with $got, not $want"
	return 1
}

# says PATTERN TEXT
says() {
	[[ $2 =~ $1 ]] && return
	echo "\"$2\" lacks \"$1\""
	return 1
}

# same WHAT A B
same() {
	[[ $2 == "$3" ]] && return
	echo "$1: $2, not $3"
	return 1
}

# kernel_from MAJOR MINOR: is this kernel at least that
kernel_from() {
	local major minor
	IFS=. read -r major minor _ < <(uname -r)
	((major > $1 || (major == $1 && ${minor%%[!0-9]*} >= $2)))
}
