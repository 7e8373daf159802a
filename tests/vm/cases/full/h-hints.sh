# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Each command that the journal advises about the daemon itself, run as "journalctl -x" shows
# it, in the state that wrote the entry. Those about denials are in trust/h-hints.sh.

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
mode_is() { same mode "$(execgate mode)" "$1"; }

hint_stopped() {
	state systemctl stop execgated && cp "$V/h9" "$U/stopped" && expect 126 "$U/stopped" &&
		advised stopped 'execgate denials --kernel' &&
		says "$U/stopped" "$(typed 'execgate denials --kernel')"
	systemctl start execgated
}

hint_audit() {
	state execgate mode audit && advised not-enforcing 'execgate doctor' &&
		says 'FAIL +enforcement: NOT ENFORCING' "$(typed 'execgate doctor')" &&
		advised mode-changed 'execgate mode enforce' && typed 'execgate mode enforce' &&
		mode_is enforce
}

# All files of /etc and /var that the daemon reads and cannot understand, at once.
hint_files() {
	local sequences=/var/lib/execgate/sequences
	! [[ -e $sequences ]] || mv "$sequences" "$H/sequences" || return
	tee /etc/execgate/{keys/odd.pem,catalogs/odd.cat,revoked,constrained} "$sequences" <<<none &&
		state systemctl reload execgated &&
		advised key-rejected 'execgate key list' &&
		says odd.pem "$(typed 'execgate key list')" &&
		advised catalog-rejected 'execgate catalog verify FILE' &&
		expect 4 typed 'execgate catalog verify /etc/execgate/catalogs/odd.cat' &&
		advised sequences-failed "findmnt -T /var/lib/execgate; cat $sequences" &&
		says none "$(typed "$(<"$H/advice")")" &&
		advised constrain-failed 'execgate constrain list' &&
		typed 'execgate constrain list' &&
		advised revocations-failed 'systemctl reload execgated' 'execgate revoke list'
}

# With the files mended, as the last of these entries goes on.
hint_mended() {
	rm -f /etc/execgate/{keys/odd.pem,catalogs/odd.cat,revoked,constrained} \
		/var/lib/execgate/sequences
	! [[ -e $H/sequences ]] || mv "$H/sequences" /var/lib/execgate/ || return
	state typed 'systemctl reload execgated' && typed 'execgate revoke list' || (($? == 7)) &&
		expect 0 execgate status --login && ! advice revocations-failed && mode_is enforce
}

hint_trial() {
	execgate mode audit && state execgate mode enforce --for 60s &&
		advised deadline-held 'execgate mode confirm' && typed 'execgate mode confirm' &&
		mode_is enforce
}

mkdir -p "$H"
check full-hint-stopped hint_stopped
check full-hint-audit hint_audit
check full-hint-files hint_files
check full-hint-files-mended hint_mended
check full-hint-trial hint_trial
execgate mode enforce >/dev/null
