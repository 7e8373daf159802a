# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# systemd-journal-upload sends denials to systemd-journal-remote on this machine's loopback:
# each arrives once, with every field, byte for byte. $EXECGATE and $MADE are of
# tests/fleet/run.

remote=/lib/systemd/systemd-journal-remote
upload=/lib/systemd/systemd-journal-upload
mkdir sender collector
"$MADE" journal >entries && "$remote" -o sender/system.journal entries 2>/dev/null

# A port that nobody has.
port=$(/usr/bin/python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$remote" --listen-http="127.0.0.1:$port" --split-mode=none -o collector/remote.journal 2>remote.log &
collector=$!
for _ in $(seq 200); do
	(: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
	sleep 0.1
done
expect 0 "upload" timeout 300 "$upload" --url="http://127.0.0.1:$port" --follow=no -D "$PWD/sender" \
	--save-state="$PWD/state"
kill "$collector"
wait "$collector" 2>/dev/null

# arrived FOLDER: the fields of each entry, sorted, as JSON with every byte
arrived() {
	journalctl -D "$1" -o json --all 2>/dev/null |
		jq -cS 'with_entries(select(.key | test("^(EXECGATE_|MESSAGE|PRIORITY|SYSLOG_IDENTIFIER|_BOOT_ID|_UID|_HOSTNAME)")))'
}
arrived sender >sent
arrived collector >came
holds "entries were sent" test "$(wc -l <sent)" -eq "$(grep -c '^MESSAGE_ID$' entries)"
holds "each arrives with all its fields" cmp sent came
holds "a name that is not text arrives byte for byte" \
	jq -se '.[0].EXECGATE_COMM == [115, 104, 10, 255]' came
expect 0 "the collector can be asked" "$EXECGATE" denials --json --directory collector
cp out collected
expect 0 "as the sender can" "$EXECGATE" denials --json --directory sender
holds "and answers the same" cmp out collected
holds "the machine is named" jq -se 'all(.host == "gate7")' collected
