# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Constrained users and units: the file that keeps them. There is no module.

constrain() { "$EXECGATE" constrain "$1" --constrained constrained "${@:2}"; }

expect 0 "a user is constrained" constrain add nobody
prints "it is from the next boot on" 'Constrained: user nobody (65534), from the next boot on'
holds "it is kept by number" grep -qx 'user 65534 nobody' constrained
expect 0 "again, by number" constrain add 65534
holds "it is kept once" test "$(grep -c 65534 constrained)" = 1
expect 0 "a number that is nobody's" constrain add 4294967294
holds "it is kept without a name" grep -qx 'user 4294967294' constrained
expect 0 "a unit" constrain add php@8.service
prints "it needs a line of its own" 'ExecStartPre=+/usr/bin/execgate constrain add --no-persist %n'
holds "it is kept" grep -qx 'unit php@8.service' constrained
expect 0 "a unit as JSON" constrain add --json a.slice
json "all is said" '.kind == "unit" and .name == "a.slice" and .constrained and .persisted and
	(.loaded | not)'

expect 2 "not root" constrain add root
expect 2 "nor by number" constrain add 0
expect 7 "no such user" constrain add no.such.user
expect 7 "the number of none" constrain add 4294967295
expect 7 "no unit is called so" constrain add a/b.service
expect 7 "nor so" constrain add .service
expect 2 "nobody" constrain add
expect 2 "two" constrain add nobody a.service
expect 6 "without the file there must be a module" constrain add --no-persist nobody

expect 6 "all are listed, and the module is missed" constrain list
prints "a user" 'user nobody (65534)  kept, NOT loaded'
prints "a unit" 'unit php@8.service  kept, NOT loaded'
expect 6 "as JSON" constrain list --json
json "four" '.constrained | length == 4'
json "a number" '.constrained[1].uid == 4294967294'

expect 0 "one is free" constrain remove nobody
holds "it is gone" test -z "$(grep nobody constrained)"
expect 7 "once" constrain remove nobody
echo 'user 0 root' >>constrained
expect 0 "if somebody wrote it there" constrain remove root
echo 'user www-data' >>constrained
cp constrained before
expect 1 "a file that is not understood" constrain add nobody
holds "is not touched" cmp before constrained
