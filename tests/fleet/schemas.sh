# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# "execgate denials --format": denials of every reason and hook, out of a journal, are of the
# shape that the public schemas have. $EXECGATE, $MADE and $TOP are of tests/fleet/run.

remote=/lib/systemd/systemd-journal-remote
mkdir journal
"$MADE" journal >entries && "$remote" -o journal/system.journal entries 2>/dev/null
count=$(grep -c '^MESSAGE_ID$' entries)
holds "there are denials ($count)" test "$count" -ge 42

for schema in ecs ocsf; do
	expect 0 "$schema" "$EXECGATE" denials --directory journal --format $schema
	cp out $schema
	holds "$schema: one line for each" test "$(wc -l <$schema)" -eq "$count"
	holds "$schema: ASCII, whatever names hold" bash -c '! LC_ALL=C grep -q "[^ -~]" $1' sh $schema
	holds "$schema: of its shape" "$TOP/tests/fleet/schemas.py" $schema $schema
done

# of SCHEMA WHAT FILTER: true for the first, or where FILTER says which
of() { holds "$1: $2" jq -se "$3" "$1"; }
of ecs "a denial" '.[0] | .event.type == ["denied"] and .event.outcome == "failure" and
	.event.code == "digest-mismatch" and .event.sequence == 1 and
	."@timestamp" == "2026-11-30T00:53:21.000000000Z" and .process.pid == 11 and
	.user.id == "1000" and .file.inode == "18446744073709551615" and
	.file.hash.sha256 == ("cd" * 32) and .execgate.count == 3 and .host.hostname == "gate7" and
	.process.parent.pid == 10 and .execgate.login_uid == 1001 and .container.name == "web" and
	.container.id == ("0123456789abcdef" * 4) and .container.runtime == "podman" and
	.container.image.name == "docker.io/library/nginx:1" and .execgate.real_dev == "8:2"'
of ecs "what audit let run" '[.[] | select(.execgate.mode == "audit")] | length > 10 and
	all(.event.type == ["allowed"] and .event.outcome == "success")'
of ocsf "a denial" '.[0] | .action == "Denied" and .disposition == "Blocked" and .count == 3 and
	.time == 1796000001000 and .finding_info.analytic.name == "digest-mismatch" and
	.evidences[0].process.pid == 11 and .evidences[0].file.hashes[0].value == ("cd" * 32) and
	.evidences[0].process.parent_process.pid == 10 and
	.unmapped.container.image.name == "docker.io/library/nginx:1" and
	.unmapped.cgroup == 4294967303 and .device.hostname == "gate7"'
of ocsf "what audit let run" '[.[] | select(.unmapped.mode == "audit")] | length > 10 and
	all(.action == "Allowed" and .disposition == "Logged" and .is_alert == false)'
of ecs "each has an id of its own, but for repetitions" \
	"[.[].event.id] | unique | length == $count"
of ocsf "each has an id of its own, but for repetitions" \
	"[.[].finding_info.uid] | unique | length == $count"

# Each field that an event has is in the table, and nothing is lost on the way.
holds "every field of events is mapped" cmp \
	<(sed -n '/define EXECGATE_EVENT_FIELDS/,/^$/p' "$TOP/kernel/uapi/linux/execgate.h" | tr -d '\n' |
		grep -oE 'X\([A-Z0-9_]+, [A-Z0-9]+, [a-z0-9_]+, [A-Z0-9_]+, (EVENT|BOTH)' |
		cat - <(sed -n '/define EXECGATE_FOUND_FIELDS/,/^$/p' \
			"$TOP/userspace/lib/netlink/event.h" | grep -oE 'X\([A-Z_]+,') |
		sed -E 's/X\(([A-Z0-9_]+),.*/\1/' | sort) \
	<(sed -nE '/define EXECGATE_FIELD_MAP/,/^$/s/^\tX\(([A-Z0-9_]+), .*/\1/p' \
		"$TOP/userspace/lib/fleet/export.h" | sort)
rows() {
	sed -n '/define EXECGATE_FIELD_MAP/,/^$/p' "$TOP/userspace/lib/fleet/export.h" | tr -d '\n\\\t' |
		grep -oE 'X\([A-Z0-9_]+, [A-Z]+, *"[^"]+", *[A-Z]+, *"[^"]+"\)' |
		sed -E 's/X\(([A-Z0-9_]+), [A-Z]+, *"([^"]+)", *[A-Z]+, *"([^"]+)"\)/| `EXECGATE_\1` | `\2` | `\3` |/' |
		sed 's/EXECGATE_TIME`/EXECGATE_TIME_NSEC`/'
}
holds "docs/fleet.md has the same table" cmp <(rows) \
	<(grep '^| `EXECGATE_' "$TOP/docs/fleet.md")
paths() { jq -r 'paths(scalars) | map(strings) | join(".")' "$1" | sort -u; }
for column in 2:ecs 3:ocsf; do
	missing=$(rows | cut -d'|' -f$((${column%:*} + 1)) | tr -d ' `' | while read -r path; do
		paths ${column#*:} | grep -qE "^${path//./\\.}(\$|\\.)" || echo "$path"
	done)
	holds "${column#*:}: each path of the table is written $missing" test -z "$missing"
done

# The checks that are trusted here would tell.
jq -c '.event.colour = "red"' ecs >wrong
holds "a field that ECS does not have is told of" sh -c '! "$1" ecs wrong' sh "$TOP/tests/fleet/schemas.py"
jq -c '.process.pid = "11"' ecs >wrong
holds "a wrong type in ECS is told of" sh -c '! "$1" ecs wrong' sh "$TOP/tests/fleet/schemas.py"
jq -c 'del(.evidences[0].file.name)' ocsf >wrong
holds "what OCSF requires is told of" sh -c '! "$1" ocsf wrong' sh "$TOP/tests/fleet/schemas.py"
jq -c '.disposition = "Allowed"' ocsf >wrong
holds "a wrong caption in OCSF is told of" sh -c '! "$1" ocsf wrong' sh "$TOP/tests/fleet/schemas.py"

expect 0 "--format with --json is the same" "$EXECGATE" denials --json --directory journal --format ecs
holds "and has no schema of ours" cmp out ecs
expect 0 "--reason" "$EXECGATE" denials --directory journal --format ecs --reason sealed
holds "--reason: one" test "$(wc -l <out)" -eq 1
for wanted in 'container web' 'container 0123456789ab' 'unit libpod-*'; do
	expect 0 "--${wanted% *}" "$EXECGATE" denials --json --directory journal --"${wanted% *}" "${wanted#* }"
	holds "--$wanted: those and no others" test "$(wc -l <out)" -eq "$(grep -c '^EXECGATE_CONTAINER$' entries)"
done
# "-n" counts those that are wanted, though others come behind them.
expect 0 "--container with -n" "$EXECGATE" denials --json --directory journal --container web -n 2
holds "--container with -n: the last two" test "$(jq -s length out)" -eq 2
expect 7 "a part of a name" "$EXECGATE" denials --directory journal --container we
expect 7 "a part of an id that is not its beginning" "$EXECGATE" denials --directory journal --container 123456
expect 7 "another unit" "$EXECGATE" denials --directory journal --unit libpod
expect 0 "text" "$EXECGATE" denials --directory journal -n 2
holds "text: the container" grep -qF '    in container web (docker.io/library/nginx:1)' out
holds "text: the path of the host" grep -qF '    on the host /var/storage/diff/tmp/' out
expect 0 "our own words" "$EXECGATE" denials --json --directory journal -n 1
json "they name the machine that denied" '.host == "gate7" and .reason == "unmarked"'
expect 2 "a format that is none" "$EXECGATE" denials --format cef
says "names the formats" 'formats are ecs, ocsf'
expect 2 "--format with --group" "$EXECGATE" denials --format ecs --group
expect 2 "--directory with --kernel" "$EXECGATE" denials --directory journal --kernel
says "names the two" '--kernel does not go with --directory'
expect 7 "a folder that is not there" "$EXECGATE" denials --directory nowhere
says "a folder that is not there: says so" 'the journal nowhere cannot be opened'
mkdir empty
expect 7 "a folder without a journal" "$EXECGATE" denials --directory empty
says "a folder without a journal: says so" 'no such denial in the journal empty'

# An entry that root did not write is not a denial, whatever it says.
mkdir forged
sed 's/^_UID=0$/_UID=1000/' entries >entries.forged
"$remote" -o forged/system.journal entries.forged 2>/dev/null
expect 7 "entries that root did not write" "$EXECGATE" denials --directory forged
