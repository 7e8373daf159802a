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
#   mode off                         doctor                    execgate mode audit

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

hint_of_doctor() {
	local hint='execgate mode audit'
	execgate mode off && execgate doctor | sed -n 's/^ *-> //p' | grep -x "$hint" || return
	$hint && same mode "$(execgate mode)" audit &&
		! execgate doctor | sed -n 's/^ *-> //p' | grep -x "$hint"
}
