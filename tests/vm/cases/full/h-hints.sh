# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The command that the journal advises when the daemon is gone, run as "journalctl -x" shows it,
# in the state that wrote the entry. Those about denials are in trust/h-hints.sh.

H=$T/hints
seconds=0

# advice EVENT: the commands of its newest entry, which is of this state
advice() {
	journalctl -b -x --no-pager -n 1 --since="@$seconds" -t execgated EXECGATE_EVENT="$1" |
		sed -n 's/^--     //p' >"$H/advice" && [[ -s $H/advice ]]
}

# advised EVENT COMMAND...: these are the commands, and the event is told of in a while
advised() {
	local event=$1
	shift
	eventually advice "$event" || return
	same "advice of $event" "$(<"$H/advice")" "$(printf '%s\n' "$@")"
}

# state COMMAND...: what comes after it is the state's
state() {
	seconds=$(($(date +%s) + 1))
	while (($(date +%s) < seconds)); do sleep 0.1; done
	"$@"
}

typed() { (cd / && bash -c "$1"); }

hint_stopped() {
	state systemctl stop execgated && cp "$V/h9" "$U/stopped" && expect 126 "$U/stopped" &&
		advised stopped 'execgate denials --kernel' &&
		says "$U/stopped" "$(typed 'execgate denials --kernel')"
	systemctl start execgated
}

mkdir -p "$H"
check full-hint-stopped hint_stopped
