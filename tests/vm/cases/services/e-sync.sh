# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A server of Santa's sync protocol, and the gate itself: tests/fleet has all that the server may
# say, here is what of it counts in the kernel.

Y=$S/sync

sync_server() {
	local try
	mkdir -p "$Y/server/files" && cp "$V/sync"/*.pem "$Y/server/" && cp "$S/compiled" "$Y/tool" || return
	echo '{"id": 0}' >"$Y/server/plan"
	(exec python3 "$V/sync/sync_stub.py" "$Y/server" >"$Y/log" 2>&1 </dev/null) &
	for ((try = 0; try < 100; try++)); do
		[[ ! -e $Y/server/port ]] || break
		sleep 0.2
	done
	printf '[sync]\nurl = https://localhost:%s/v1/santa/\nca = %s\ncatalogs = fleet\nkeys = yes\n' \
		"$(<"$Y/server/port")" "$Y/server/ca.pem" >"$Y/conf"
}
# serves NAME RULE-TYPE...: files of the server's, as rules
serves() {
	local rules=()
	while (($#)); do
		rules+=("$(printf '{"identifier": "%s", "policy": "ALLOWLIST", "rule_type": "%s", "custom_url": "https://localhost:%s/files/%s"}' \
			"$(sha256sum "$Y/server/files/$1" | cut -c-64)" "$2" "$(<"$Y/server/port")" "$1")")
		shift 2
	done
	local IFS=,
	plan "${rules[*]}"
}
# plan RULES: and that nothing is enforced any more. The machine remembers no file that it could
# not have, which it would ask for again.
plan() {
	rm -rf "$Y/state"
	printf '{"id": "%s", "preflight": {"batch_size": 50, "client_mode": "MONITOR"}, "pages": [[%s]]}' \
		"$EPOCHREALTIME" "$1" >"$Y/server/plan"
}
synced() { execgate sync --config-file "$Y/conf" --state "$Y/state/state" --wait 0; }
# fleet_catalog FILE SEQUENCE OPTION...: of the tool
fleet_catalog() {
	quiet execgate catalog build --no-cache --name fleet --sequence "$2" --sign "${@:3}" \
		-o "$Y/server/files/$1" "$Y/tool"
}

# The server's word alone, and whoever signs with a key of his own.
sync_loosens_nothing() {
	local digest
	digest=$(sha256sum "$Y/tool" | cut -c-64) && expect 126 "$Y/tool" || return
	plan "$(printf '{"identifier": "%s", "rule_type": "BINARY", "policy": "ALLOWLIST"}' "$digest")"
	expect 0 synced && expect 126 "$Y/tool" && same mode "$(execgate mode)" enforce || return
	fleet_catalog strange 9 --key /suite/keys/stranger.key --cert /suite/keys/stranger.pem &&
		serves strange BINARY && expect 5 synced && expect 126 "$Y/tool" &&
		same mode "$(execgate mode)" enforce
}
sync_sends_denials() {
	grep -F "\"$Y/tool\"" "$Y/server/events" || { cat "$Y/server/events" && return 1; }
}
sync_brings_catalog() {
	expect 126 "$Y/tool" && fleet_catalog one 1 "${K[@]}" && serves one BINARY && synced &&
		expect 9 "$Y/tool" && says '"name": *"fleet"' "$(execgate catalog list --json)"
}
# Newer, and without the tool; then the one of before, which is as well signed.
sync_brings_newer() {
	cp "$S/compiled" "$Y/other" && printf x >>"$Y/other" &&
		quiet execgate catalog build --no-cache --name fleet --sequence 2 --sign "${K[@]}" \
			-o "$Y/server/files/two" "$Y/other" || return
	serves two BINARY && synced && expect 126 "$Y/tool" &&
		serves one BINARY && synced && expect 126 "$Y/tool" &&
		execgate catalog remove fleet
}
sync_brings_keys() {
	expect 126 "$V/leaf-signed" && cp /suite/keys/{leaf,stranger}.pem "$Y/server/files/" &&
		execgate key enroll --ca --for files /suite/keys/ca.pem || return
	serves stranger.pem CERTIFICATE && expect 5 synced && expect 126 "$V/leaf-signed" &&
		serves leaf.pem CERTIFICATE && synced && expect 9 "$V/leaf-signed" &&
		execgate key remove /suite/keys/ca.pem && expect 126 "$V/leaf-signed"
}
sync_server_sound() { same "what the server says" "$(<"$Y/log")" ''; }

check services-sync-server sync_server
check services-sync-loosens-nothing sync_loosens_nothing
check services-sync-denials sync_sends_denials
check services-sync-catalog sync_brings_catalog
check services-sync-newer sync_brings_newer
check services-sync-keys sync_brings_keys
check services-sync-sound sync_server_sound
pkill -f sync_stub.py
take_events >/dev/null
