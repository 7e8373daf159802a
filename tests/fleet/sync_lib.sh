# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced by tests/fleet/sync*.sh: keys, a journal, the server, and what the cases say.

# --- Certificates of the server and of this machine, and keys that sign
certificate() { # certificate NAME SUBJECT CA [OPTION...]
	openssl req -new -newkey rsa:2048 -nodes -keyout "$1.key" -subj "/CN=$2" -out "$1.csr" 2>/dev/null
	openssl x509 -req -in "$1.csr" -CA "$3.pem" -CAkey "$3.key" -CAcreateserial -days 30 -out "$1.crt" \
		-extfile <(printf '%s\n' "${@:4}") 2>/dev/null
	cat "$1.crt" "$1.key" >"$1.pem"
}
for ca in ca other-ca; do
	openssl req -x509 -newkey rsa:2048 -nodes -keyout $ca.key -subj "/CN=$ca" -days 30 -out $ca.pem 2>/dev/null
done
mkdir -p server/files
certificate server localhost ca subjectAltName=DNS:localhost
certificate machine machine-7 ca extendedKeyUsage=clientAuth
mv server.pem server/ && cp ca.pem server/
for key in signer stranger; do
	openssl req -x509 -newkey rsa:2048 -nodes -keyout $key.key -subj "/CN=$key" -days 30 -out $key.crt \
		-addext basicConstraints=critical,CA:FALSE -addext keyUsage=critical,digitalSignature \
		-addext extendedKeyUsage=codeSigning 2>/dev/null
done

# --- Denials: 25 at first, the others later
remote=/lib/systemd/systemd-journal-remote
mkdir journal
"$MADE" journal >entries
/usr/bin/python3 - <<'PY'
with open("entries", "rb") as file:
    parts = [b"__CURSOR=" + part for part in file.read().split(b"__CURSOR=")[1:]]
with open("entries.1", "wb") as file:
    file.write(b"".join(parts[:25]))
with open("entries.2", "wb") as file:
    file.write(b"".join(parts[25:]))
PY
"$remote" -o journal/system.journal entries.1 2>/dev/null
count=25 expected=25
add_entries() {
	"$remote" -o journal/system.journal entries.2 2>/dev/null
	count=$(grep -c '^MESSAGE_ID$' entries)
	rm -f server/events
	expected=$((count - 25))
}

# --- The server, and what it is to say
id=0
plan() { # plan [MEMBER...]: of its object
	id=$((id + 1))
	rm -f server/requests
	: >server/requests
	local IFS=,
	echo "{\"id\": $id${*:+, $*}}" >server/plan
}
faults() { # faults STAGE FAULT...
	local stage=$1
	shift
	printf '"faults": {"%s": [%s]}' "$stage" "$(printf '"%s",' "$@" | sed 's/,$//')"
}
# again [MEMBER...]: the same, to a machine and a server that know nothing yet
again() {
	rm -rf state server/events
	: >server/events
	expected=$count
	plan "$@"
}
plan
"$TOP/tests/fleet/sync_stub.py" server 2>server.log &
server=$!
until [ -e server/port ]; do sleep 0.2; done
port=$(cat server/port)
end_server() {
	kill "$server"
	wait "$server" 2>/dev/null
	holds "the server had no error of its own" test ! -s server.log
}

# --- The machine
# shellcheck disable=SC2120 # those that source this pass some
settings() { # settings [NAME=VALUE...]: besides what each has
	{
		printf '[sync]\nurl = https://localhost:%s/v1/santa/\nmachine_id = machine-7\nca = %s\n' "$port" "$PWD/ca.pem"
		printf '%s\n' "$@"
	} >sync.conf
}
settings
mkdir trust
sync() {
	"$EXECGATE" sync --config-file sync.conf --state state/state --directory journal --wait 0 --no-load \
		--keys-dir trust --catalogs-dir catalogs --sequences kept/sequences --policy kept/policy \
		--versions kept/versions "$@"
}

# --- Questions
asked() { jq -s "map(select(.stage == \"$1\")) | length" server/requests; }
not_asked() { [ "$(asked "$1")" -eq 0 ]; }
# Each denial of the journal, by its id
arrived_all() {
	jq -se "(map(.execgate_id) | unique | length) == $expected" server/events
}
arrived_once() { arrived_all && jq -se "length == $expected" server/events; }
