# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Byte code of Python: what packages' sources make is in the catalog, and whatever
# somebody else wrote is not read. Each attack works without the gate.

mode=enforce
local_key=(--key /etc/execgate/local/key.pem --cert /etc/execgate/local/cert.pem)
B=$S/pyc

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
made_anew() {
	local before
	bytecode_slate && compiled "$B/evil.txt" "$B/__pycache__/good.cpython-313.pyc" && listed_module &&
		(cd "$B" && cp good.py source.txt && touch -r good.py source.txt) || return
	# Of the same source under its own name, as py3compile makes it.
	without python3 -c 'import py_compile, sys; py_compile.compile(sys.argv[1], doraise=True)' "$B/good.py" &&
		take_events || return
	before=$(refused_reads)
	same printed "$(imported good)" fine && same refused "$(refused_reads)" "$before" && unrefused true
}
# The time and the size in it are those of the source.
beside_source() {
	local before
	bytecode_slate && compiled "$B/evil.txt" "$B/__pycache__/good.cpython-313.pyc" && listed_module &&
		same printed "$(without imported good)" evil && take_events || return
	before=$(refused_reads)
	same printed "$(imported good)" fine && same refused "$(refused_reads)" "$((before + 1))" && unrefused true
}
in_place_of_source() {
	local before
	bytecode_slate && same printed "$(without imported alone)" evil && take_events || return
	before=$(refused_reads)
	says 'Error' "$(imported alone)" && same refused "$(refused_reads)" "$((before + 1))" && unrefused true
}
as_program() {
	bytecode_slate && same printed "$(without python3 "$B/alone.pyc")" evil && take_events || return
	says 'Operation not permitted' "$(python3 "$B/alone.pyc" 2>&1)" && take_events &&
		same events "${#EVENTS[@]}" 1 && event_is "${EVENTS[0]}" reason script && event_is "${EVENTS[0]}" hook read
}
unlisted_source() {
	bytecode_slate && same printed "$(without imported good)" fine || return
	rm -f "$B"/__pycache__/* && take_events && says 'Error' "$(imported good)" && take_events &&
		same events "${#EVENTS[@]}" 1 && event_is "${EVENTS[0]}" reason script
}

check scripts-bytecode-of-packages packages_read
check scripts-bytecode-unlisted-source unlisted_source
check scripts-bytecode-made-anew made_anew
check scripts-bytecode-beside-source beside_source
check scripts-bytecode-in-place-of-source in_place_of_source
check scripts-bytecode-as-program as_program
