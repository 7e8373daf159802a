# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Byte code of Python: what packages' sources make is in the catalog, and whatever
# somebody else wrote is not read. Each attack works without the gate.

mode=enforce
local_key=(--key /etc/execgate/local/key.pem --cert /etc/execgate/local/cert.pem)
B=$S/pyc

# A few of the standard library's are refused whenever Python starts.
refused_by() {
	local before
	before=$(refused_reads) && "$@" >"$S/out" 2>&1
	echo "$(($(refused_reads) - before))"
}
refused_reads() { execgate status --json | tr -d ' \n' | sed 's/.*"denies":{[^}]*"script":\([0-9]*\).*/\1/'; }

# compiled SOURCE TARGET: what a source has as a name ending in .py, Python may not read
compiled() {
	python3 -c 'import py_compile, sys
py_compile.compile(sys.argv[1], cfile=sys.argv[2], doraise=True)' "$@"
}
imported() { (cd "$B" && python3 -c "import $1" 2>&1); }
listed_module() {
	execgate catalog build --no-cache --name pyc --sign "${local_key[@]}" -o "$S/pyc.cat" "$B/good.py" &&
		execgate catalog install --no-persist --sequences "$S/none" "$S/pyc.cat"
}
bytecode_slate() {
	rm -rf "$B" && mkdir -p "$B/__pycache__" && echo 'print("fine")' >"$B/good.py" &&
		echo 'print("evil")' >"$B/evil.txt" && touch -d @1700000000 "$B/good.py" "$B/evil.txt" &&
		compiled "$B/evil.txt" "$B/alone.pyc" && take_events
}
# without COMMAND...: the gate
without() {
	local status=0
	execgate gate script off >/dev/null || return
	"$@" || status=$?
	execgate gate script on >/dev/null && return "$status"
}

# Two of the standard library's 600 are not the same twice, whoever makes them.
packages_read() {
	local before
	python3 -c 'import json, ssl, email.mime.text' && take_events || return
	before=$(refused_reads)
	python3 -c 'import json, ssl, email.mime.text, http.client, decimal, tarfile, sqlite3' &&
		echo "$(($(refused_reads) - before)) refused" && (($(refused_reads) - before <= 4)) && unrefused true
}
# The time and the size in it are those of the source.
beside_source() {
	local usual
	bytecode_slate && compiled "$B/evil.txt" "$B/__pycache__/good.cpython-313.pyc" && listed_module &&
		same printed "$(without imported good)" evil && usual=$(refused_by imported sys) && take_events &&
		same refused "$(refused_by imported good)" "$((usual + 1))" && same printed "$(<"$S/out")" fine &&
		unrefused true
}
in_place_of_source() {
	local usual
	bytecode_slate && same printed "$(without imported alone)" evil && usual=$(refused_by imported sys) &&
		take_events && same refused "$(refused_by imported alone)" "$((usual + 1))" &&
		says 'PermissionError' "$(<"$S/out")" && unrefused true
}
# Python tries it as an archive, too: each time it is told of.
as_program() {
	bytecode_slate && same printed "$(without python3 "$B/alone.pyc")" evil && take_events || return
	says 'Operation not permitted' "$(python3 "$B/alone.pyc" 2>&1)" && take_events &&
		same events "${#EVENTS[@]}" 2 && event_is "${EVENTS[0]}" reason script &&
		event_is "${EVENTS[1]}" reason script && event_is "${EVENTS[0]}" hook read &&
		event_is "${EVENTS[0]}" ino "$(stat -c %i "$B/alone.pyc")"
}
unlisted_source() {
	bytecode_slate && same printed "$(without imported good)" fine || return
	rm -f "$B"/__pycache__/* && take_events && says 'Error' "$(imported good)" && take_events &&
		same events "${#EVENTS[@]}" 1 && event_is "${EVENTS[0]}" reason script
}

check scripts-bytecode-of-packages packages_read
check scripts-bytecode-unlisted-source unlisted_source
check scripts-bytecode-beside-source beside_source
check scripts-bytecode-in-place-of-source in_place_of_source
check scripts-bytecode-as-program as_program
