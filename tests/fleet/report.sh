# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# "execgate report": the page of a machine that tests/fleet/made.c makes up, and of this one.
# That a browser draws it is lane report-browser.

page() { /usr/bin/python3 "$TOP/tests/fleet/report.py" "$@"; }

"$MADE" report >full.html
"$MADE" report-json >full.json
holds "a full machine: well formed, alone, and as the JSON says" page full.html full.json
holds "days before the first are not in it" test "$(jq '[.days[]] | length' full.json)" = 30
holds "days are by reason, denied and reported apart" test \
	"$(jq -c '.days[-1], .days[-2]' full.json | tr '\n' ' ')" = \
	'{"day":"2026-11-30","denied":{"unsigned":1},"reported":{}} {"day":"2026-11-29","denied":{},"reported":{"malformed":2}} '
holds "limits: gates that are off" grep -q 'Gate terminal is off: code that is typed at a terminal' full.html
holds "limits: a key that ends soon, and none that is revoked" test \
	"$(jq '[.limits[] | select(test("of the keys"))]' full.json | tr -d ' \n')" = '["1ofthekeysendwithin60days."]'
holds "limits: not what holds" sh -c \
	'! grep -e "<li>.*not locked" -e "<li>.*not enforce" -e "<li>No signed policy" full.html'
holds "a hostile name is text, escaped" grep -qF \
	'&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;\x22\x5c\x0a\x1b[2J\xe2\x80\xaegnp.exe\xff' full.html

# The judge that is trusted here would tell.
sed 's/height="200.00"/height="100.00"/' full.html >other.html
holds "a bar that is too low is told of" sh -c '! /usr/bin/python3 "$1" other.html full.json 2>/dev/null' sh \
	"$TOP/tests/fleet/report.py"
sed 's,</h1>,</h1><script>1</script>,' full.html >other.html
holds "a script is told of" sh -c '! /usr/bin/python3 "$1" other.html full.json 2>/dev/null' sh \
	"$TOP/tests/fleet/report.py"

# This machine has no denials, and perhaps no module.
expect 0 "--html -o: no failure" "$EXECGATE" report --html -o here.html
expect 0 "--json" "$EXECGATE" report --json
cp out here.json
holds "this machine: as the JSON says" page here.html here.json
expect 0 "to standard output" "$EXECGATE" report
holds "to standard output: the same page" page out here.json
expect 0 "--json of a file" "$EXECGATE" report --json -o here.html
json "--json of a file says it all the same" '.days | length == 30'
if [ ! -e /sys/module/execgate ]; then
	holds "without the module: says so" grep -q 'The module is not loaded: everything runs' here.html
fi
expect 2 "an argument" "$EXECGATE" report now
