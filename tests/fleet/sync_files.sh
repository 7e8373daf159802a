# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Rules of a server of Santa's protocol, and the signed files that they name: nothing is
# loosened, and no rule is lost. $EXECGATE and $TOP are of tests/fleet/run.

. "$TOP/tests/fleet/sync_lib.sh"

cp signer.crt trust/signer.catalogs.policy.pem
mkdir tree && cp "$EXECGATE" tree/tool
files=https://localhost:$port/files

# catalog FILE NAME SEQUENCE [KEY]
catalog() {
	"$EXECGATE" catalog build --no-cache --name "$2" --sequence "$3" --sign --key "${4:-signer}.key" \
		--cert "${4:-signer}.crt" -o "server/files/$1" tree >build.log 2>&1 || cat build.log
}
# policy FILE NAME VERSION MODE
policy() {
	"$EXECGATE" policy make --mode "$4" --profile basic --name "$2" --version "$3" -o object >build.log 2>&1 &&
		"$EXECGATE" policy sign --key signer.key --cert signer.crt -o "server/files/$1" object \
			>build.log 2>&1 || cat build.log
}
digest() { sha256sum "server/files/$1" | cut -c-64; }
# rule FILE [TYPE [POLICY [URL]]]
rule() {
	printf '{"identifier": "%s", "rule_type": "%s", "policy": "%s", "custom_url": "%s"}' \
		"$(digest "$1")" "${2:-BINARY}" "${3:-ALLOWLIST}" "${4-$files/$1}"
}
# pages PAGE...: each a list of rules
pages() {
	local IFS=,
	printf '"pages": [%s]' "$*"
}
here() { # here NAME SEQUENCE: which catalog this machine has
	"$EXECGATE" --json catalog show "catalogs/$1.cat" 2>/dev/null | jq -e ".sequence == $2"
}
nothing_installed() { [ ! -e catalogs ] && [ ! -e kept/policy ] && [ "$(ls trust)" = signer.catalogs.policy.pem ]; }
why() { jq -e "[.ignored[] | select(.why | test(\"$1\"))] | length == 1" out; }

catalog tools-1 tools 1
catalog tools-2 tools 2
catalog tools-3 tools 3
catalog strange tools 9 stranger
catalog games games 1
policy web-5 web 5 enforce
policy web-6 web 6 enforce
policy other-9 other 9 audit
settings catalogs=tools

# --- The server's own word
one=$(printf '1%.0s' {1..64})
again "$(pages "[{\"identifier\": \"$one\", \"rule_type\": \"BINARY\", \"policy\": \"ALLOWLIST\"},
	{\"identifier\": \"$one\", \"rule_type\": \"CERTIFICATE\", \"policy\": \"ALLOWLIST\", \"custom_msg\": \"good\"}]")"
expect 0 "digests that are to be allowed" sync --json
holds "allow nothing" nothing_installed
holds "and it says why" why 'a digest that nobody signed'
again "$(pages "[$(rule tools-1 BINARY BLOCKLIST),$(rule tools-1 CERTIFICATE SILENT_BLOCKLIST),$(rule tools-1 BINARY REMOVE)]")"
expect 0 "digests that are to be denied" sync --json
holds "deny nothing" nothing_installed
holds "and it says why" why 'a denial that nobody signed'
again "$(pages '[7, null, {}, {"identifier": 7}, {"identifier": "x", "rule_type": "BINARY", "policy": "ALLOWLIST"},
	{"identifier": "EQHXZ8M8AV", "rule_type": "TEAMID", "policy": "ALLOWLIST"}]')"
expect 0 "rules that are none" sync --json
holds "are counted" jq -e '[.ignored[].rules] | add == 6' out
again "$(pages 7)"
expect 1 "a list that is none" sync
again '"pages": [[]], "endless": true'
expect 1 "pages without end" sync
says "come to one" 'this sync ends here'
again "$(pages "[$(rule tools-1 BINARY ALLOWLIST "https://elsewhere.example/tools-1")]")"
expect 0 "a file elsewhere" sync --json
holds "is not asked for" not_asked files
holds "and it says why" why 'not below what files of sync.conf says'

# --- Catalogs
again "$(pages "[$(rule strange)]")"
expect 5 "a catalog that a stranger signed" sync
holds "is not installed" nothing_installed
head -c -1 server/files/tools-1 >server/files/short
again "$(pages "[$(rule short)]")"
expect 4 "half a catalog" sync
cp server/files/games server/files/swapped
again "$(pages "[$(rule swapped)]")"
cp server/files/tools-1 server/files/swapped
expect 4 "another file than the rule says" sync
says "says so" 'it has another SHA-256'
again "$(pages "[$(rule games)]")"
expect 1 "a catalog that this machine does not have" sync
says "says what to do" 'name it in catalogs of sync.conf'
holds "nothing of all that is installed" nothing_installed

again "$(pages "[$(rule tools-2)]")"
expect 0 "a catalog that sync.conf names" sync
prints "says so" '1 files installed'
holds "is installed" here tools 2
holds "as the server has it" cmp catalogs/tools.cat server/files/tools-2
plan "$(pages "[$(rule tools-2)]")"
expect 0 "the rule once more" sync
holds "nothing is fetched" not_asked files
rm catalogs/tools.cat
plan "$(pages "[$(rule tools-2)]")"
expect 0 "after somebody removed the catalog" sync
holds "a repeated rule does not bring it back" test ! -e catalogs/tools.cat
again "$(pages "[$(rule tools-2)]")" && sync >/dev/null
plan "$(pages "[$(rule tools-3),$(rule tools-1)]")"
expect 0 "a newer and an older one" sync --json
holds "the newer is installed" here tools 3
holds "the older is not" why 'older than what this machine had'
again "$(pages "[$(rule tools-1),$(rule tools-2)]")"
expect 0 "older ones, to a machine whose state was lost" sync
holds "loosen nothing" here tools 3
settings
catalog tools-4 tools 4
again "$(pages "[$(rule tools-4)]")"
expect 0 "a newer one of a catalog that this machine has, which sync.conf does not name" sync
holds "is installed" here tools 4

# --- A server that says each rule once
settings "catalogs=tools games"
games=1
for fault in "404" "503 503 503 503 503" "close close close close close close close close close close" huge gzip 302; do
	catalog "games-${fault%% *}" games $((++games))
	# shellcheck disable=SC2086
	again "$(pages "[$(rule "games-${fault%% *}")]" "[]")" "$(faults files $fault)"
	rm -f catalogs/games.cat
	sync >/dev/null 2>&1
	holds "$fault for a file: not installed" test ! -e catalogs/games.cat
	plan
	expect 0 "$fault: the next sync, with no rule" sync
	holds "$fault: installs it" here games "$games"
done
truncate -s 70M server/files/large
again "$(pages "[$(rule large)]")"
expect 1 "a file without end" sync
says "comes to one" 'answers with more than 67108864 bytes'
again "$(pages "[$(rule games)]")" "$(faults files 404)"
sync >/dev/null 2>&1
plan "$(pages "[$(rule games BINARY REMOVE)]")"
expect 0 "a rule that is taken back before it counted" sync
holds "is forgotten" not_asked files

# --- Policies
again "$(pages "[$(rule other-9)]")"
expect 1 "a policy of other machines" sync
says "says what to do" 'set policy in sync.conf'
holds "is not kept" test ! -e kept/policy
settings policy=web
again "$(pages "[$(rule web-6)]")"
expect 0 "one of this machine's" sync
holds "is kept" cmp kept/policy server/files/web-6
again "$(pages "[$(rule web-5),$(rule other-9)]")"
expect 1 "an older one, and one of other machines that is looser" sync
holds "change nothing" cmp kept/policy server/files/web-6
settings
again "$(pages "[$(rule other-9)]")"
expect 1 "that of other machines, where sync.conf names none" sync
holds "changes nothing, either" cmp kept/policy server/files/web-6

# --- Keys
cp stranger.crt server/files/
again "$(pages "[$(rule stranger.crt CERTIFICATE)]")"
expect 1 "a certificate" sync
says "says what to do" 'keys are not taken from the server'
settings keys=yes
again "$(pages "[$(rule stranger.crt CERTIFICATE)]")"
expect 1 "with keys=yes, without the module" sync
says "says why" 'only the module can tell'
holds "no key is added" test "$(ls trust)" = signer.catalogs.policy.pem

# --- Who the machine is, is shown to the server and to no other
settings "headers=$PWD/headers" "certificate=$PWD/machine.crt" "key=$PWD/machine.key" catalogs=tools
printf 'X-Secret: s3cret\n' >headers && chmod 600 headers
catalog tools-5 tools 5
again "$(pages "[$(rule tools-5)]")"
expect 0 "with headers and a certificate" sync
holds "the server sees both" jq -se 'map(select(.stage != "files")) | length > 0 and
	all(.secret == "s3cret" and .client == "machine-7")' server/requests
holds "a file is asked for with neither" jq -se 'map(select(.stage == "files")) | length == 1 and
	all(.secret == null and .client == false)' server/requests
holds "the machine tells how many files it has" test "$(jq -r '.done | length' state/state)" -eq 1
holds "nothing half done is left" test "$(ls state)" = state

end_server
