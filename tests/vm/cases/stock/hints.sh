# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A hint is run in the state that printed it, as it was printed, and mends that state.
#
#   state                            who prints                command that is run
#   nothing is trusted yet           why FILE OF A PACKAGE     execgate setup
#   a file of nobody                 why FILE                  execgate sign FILE
#   the same                         preflight FILE            execgate sign FILE
#   its name needs quotes            why FILE                  execgate sign 'FILE'
#   the catalog of apt is gone       why FILE OF A PACKAGE     /usr/libexec/execgate-apt refresh
#   a script of logins, of nobody    mode enforce, refused     execgate sign FILE
#   mode off                         doctor                    execgate mode audit
#   and others of doctor's, below

# hint_of COMMAND...: the first that it prints, of "why" and of "preflight"
hint_of() {
	local json name text
	json=$("$@" --json | tr -d '\n')
	for name in command mend; do
		text='"'$name'": *"(([^"\\]|\\.)*)"' # with what JSON escapes
		[[ $json =~ $text ]] || continue
		text=${BASH_REMATCH[1]//\\\"/\"}
		echo "${text//\\\\/\\}"
		return
	done
	echo "none in $json"
	return 1
}

# hinted COMMAND...: that hint, typed by root, who may be anywhere
hinted() {
	local hint
	hint=$(hint_of "$@") && echo "$hint" && (cd / && bash -c "$hint")
}

hint_before_setup() {
	same hint "$(hint_of execgate why /usr/bin/passwd)" 'execgate setup'
}

nobodys() { cp "$V/h9" "$1" && printf x >>"$1" && chmod 755 "$1" && expect 3 execgate check "$1"; }

hint_of_nobodys() {
	nobodys /root/hinted && same hint "$(hint_of execgate why /root/hinted)" \
		'execgate sign /root/hinted' && hinted execgate why /root/hinted &&
		expect 0 execgate check /root/hinted
}

hint_of_preflight() {
	nobodys /root/hinted && expect 12 execgate preflight /root/hinted &&
		hinted execgate preflight /root/hinted && expect 0 execgate preflight /root/hinted
}

hint_quoted() {
	nobodys "/root/it's one" && hinted execgate why "/root/it's one" &&
		expect 0 execgate check "/root/it's one"
}

hint_of_package() {
	execgate catalog remove local && expect 3 execgate check /usr/bin/passwd &&
		same hint "$(hint_of execgate why /usr/bin/passwd)" \
			'/usr/libexec/execgate-apt refresh' &&
		hinted execgate why /usr/bin/passwd && expect 0 execgate check /usr/bin/passwd
}

# What "->" stands before.
arrows() { "$@" 2>&1 | sed -n 's/^ *-> //p'; }

hint_of_enforce() {
	local hint script=/etc/update-motd.d/99-hinted status=0
	nobodys "$script" && expect 12 execgate mode enforce >"$T/said" 2>&1 || status=1
	cat "$T/said"
	hint=$(sed -n 's/^ *-> //p' "$T/said")
	((status == 0)) && same hint "$hint" "execgate sign $script" && (cd / && bash -c "$hint") &&
		execgate mode enforce && same mode "$(execgate mode)" enforce || status=1
	rm -f "$script"
	execgate mode audit && return "$status"
}

doctor_says() { arrows execgate doctor | grep -Fx -- "$1"; }

# mends HINT COMMAND...: the command makes a state that doctor gives the hint in; typed,
# it ends that state
mends() {
	local hint=$1
	shift
	! doctor_says "$hint" && "$@" && doctor_says "$hint" && bash -c "$hint" &&
		! doctor_says "$hint"
}

damage_record() { echo damaged >/var/lib/execgate/enforced; }

hints_of_doctor() {
	mends 'execgate mode audit' execgate mode off && same mode "$(execgate mode)" audit &&
		mends 'execgate gate mmap on' execgate gate mmap off &&
		mends 'systemctl start execgated' systemctl stop execgated &&
		mends 'systemctl enable execgate-boot-ok' systemctl disable execgate-boot-ok &&
		mends 'systemctl enable execgated' systemctl disable execgated &&
		mends 'systemctl reload execgated' damage_record &&
		systemctl is-enabled execgated execgate-boot-ok
}
