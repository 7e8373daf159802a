# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Programs with an interpreter in them, gdb's Python and vim's own: an unsigned script that they
# are told to run works while gate script is off, and is refused with one event while it is on.

E=$S/embedded

embedded_slate() {
	rm -rf "$E" && mkdir "$E" && printf 'print("evil", "ran")\n' >"$E/evil.py" &&
		printf 'echo evil ran\\n\n' >"$E/commands" &&
		printf 'call writefile(["evil ran"], "/dev/stdout")\n' | tee "$E/evil.vim" >"$E/session"
}
# refused_script FILE COMMAND...: its output has "evil ran" if the file was run
refused_script() {
	local file=$E/$1
	shift
	embedded_slate && says 'evil ran' "$(without "$@" 2>&1 </dev/null)" && take_events &&
		shows_not 'evil ran' "$("$@" 2>&1 </dev/null)" && take_events &&
		printf '%s\n' "${EVENTS[@]}" && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason script && event_is "${EVENTS[0]}" hook read &&
		event_is "${EVENTS[0]}" ino "$(stat -c %i "$file")"
}
vim_installed() {
	quiet apt-get update && quiet apt-get install -y --no-install-recommends vim-nox &&
		same "half done" "$(dpkg --audit)" ''
}
# With the scripts of its own package.
vim_edits() {
	printf 'one\n' >"$S/text" && quiet vim -es -u DEFAULTS -c 'syntax on' -c 's/one/two/' -c 'wq' "$S/text" </dev/null &&
		same text "$(<"$S/text")" two
}

# Technique: T1059.006
check scripts-gdb-python refused_script evil.py gdb -q -batch -x "$E/evil.py"
check scripts-gdb-source refused_script evil.py gdb -q -batch -ex "source $E/evil.py"
# Technique: T1059
check scripts-gdb-commands refused_script commands gdb -q -batch -x "$E/commands"
# Technique: none
workload vim-installed vim_installed
workload vim vim_edits
# Technique: T1059
check scripts-vim-source refused_script evil.vim vim -es -u NONE -c "source $E/evil.vim" -c 'qa!'
check scripts-vim-session refused_script session vim -es -u NONE -S "$E/session" -c 'qa!'
