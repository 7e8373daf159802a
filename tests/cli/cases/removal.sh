# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The packages' scripts before a removal, with a gate that says what it is told to.

mkdir bin
cat >bin/execgate <<'PROGRAM'
#!/bin/sh
echo "execgate $*" >>"$CALLS"
[ "$*" != mode ] || cat "$MODE"
[ -s "$MODE" ]
PROGRAM
cat >bin/modprobe <<'PROGRAM'
#!/bin/sh
echo "modprobe $*" >>"$CALLS"
PROGRAM
chmod 755 bin/*
export CALLS="$PWD/calls" MODE="$PWD/mode"

# removal PACKAGE ACTION MODE: MODE is "" without a gate
removal() {
	printf '%s' "$3" >mode
	: >calls
	PATH=$PWD/bin:$PATH sh "$TOP/debian/$1.prerm" "$2"
}
called() { grep -qxF "$1" calls; }

for package in execgate execgate-dkms; do
	expect 1 "$package, while it enforces" removal "$package" remove enforce
	says "is refused, with the way out" 'execgate mode audit --persist'
	holds "and nothing is changed" test "$(cat calls)" = 'execgate mode'
	expect 0 "an upgrade is not" removal "$package" upgrade enforce
	expect 0 "$package without a gate" removal "$package" remove ''
done
for mode in audit off; do
	expect 0 "removal in $mode" removal execgate remove $mode
	holds "is in audit the next time" called 'execgate mode audit --persist'
	holds "takes the hooks off" called 'execgate mode off'
	holds "and the module out" called 'modprobe -r -q execgate'
done
