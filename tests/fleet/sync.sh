# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# "execgate sync" with a server of Santa's protocol that loses, delays, forges and repeats:
# no event is lost, and none comes twice that does not say so. $EXECGATE, $MADE and $TOP are
# of tests/fleet/run.

. "$TOP/tests/fleet/sync_lib.sh"

# --- Events
plan
expect 0 "a first sync" sync
holds "each event arrives, and none twice" arrived_once
holds "in batches of the server's size, deflated" jq -se 'map(select(.stage == "eventupload")) |
	length == 3 and all(.request.events | length <= 10) and all(.coding == "deflate" and .accepts == "identity")' \
	server/requests
holds "the stages, in order, of one machine" jq -se '(map(.stage) | unique) ==
	["eventupload", "postflight", "preflight", "ruledownload"] and .[0].stage == "preflight" and
	.[-1].stage == "postflight" and all(.base == "/v1/santa" and .machine == "machine-7" and
	.request.machine_id == "machine-7")' server/requests
holds "preflight has the fields that servers ask for" jq -se '.[0].request | .serial_num == "machine-7" and
	(.hostname | length > 0) and (.os_version | length > 0) and .os_build != "" and
	.client_mode == "MONITOR" and .binary_rule_count == 0 and .request_clean_sync' server/requests
holds "an event has the fields of the protocol" jq -se '.[0] | .file_sha256 == ("cd" * 32) and
	.file_name == "script><script>alert(1)<\\x2fscript>\"\\\n" // true and .decision == "BLOCK_UNKNOWN" and
	.pid == 11 and .execution_time == 1796000001 and .parent_name != "" and
	.signing_id == "org.example/tool" and .execgate_reason == "digest-mismatch" and
	.execgate_count == 3 and (.executing_user | type) == "string"' server/events
holds "what audit let run" jq -se 'map(select(.decision == "ALLOW_UNKNOWN")) | length > 5' server/events
holds "its state is for root alone" test "$(stat -c %a state/state)" = 600
plan
expect 0 "once more" sync
holds "nothing is sent again" not_asked eventupload
holds "rules are asked for as changes" jq -se '.[0].request.request_clean_sync == false' server/requests
add_entries
plan
expect 0 "after new denials" sync
holds "these alone are sent" arrived_once
holds "there were some" test -s server/events

# --- Answers that are lost, late, forged, repeated
for fault in drop hang; do
	again "$(faults eventupload "$fault")"
	[ $fault = drop ] || settings timeout=5
	expect 0 "an answer is lost ($fault): sent again" sync
	holds "$fault: each event arrived" arrived_all
	holds "$fault: those that came twice have one id" jq -se \
		"length == ($count + 10) and (map(.execgate_id) | unique | length) == $count" server/events
	holds "$fault: the repetition is the same, byte for byte" jq -se \
		'map(select(.stage == "eventupload")) | .[0].request == .[1].request' server/requests
done
settings
for fault in 503 429 close; do
	again "$(faults eventupload $fault $fault)"
	expect 0 "$fault, twice: tried again" sync
	says "$fault: says so" 'attempt 1 of 5, the next in 0 seconds'
	holds "$fault: each event arrives, and none twice" arrived_once
	again "$(faults eventupload $fault $fault $fault $fault $fault $fault $fault $fault $fault $fault)"
	expect 1 "$fault, again and again: the sync ends" sync
	# libcurl itself asks once more when a connection that was kept has ended.
	holds "$fault: after five attempts, before the next stage" jq -se --arg fault $fault \
		'.[0].stage == "preflight" and (.[1:] | all(.stage == "eventupload")) and
		(length == 6 or $fault == "close" and length > 6 and length < 12)' server/requests
	plan
	expect 0 "$fault: the next sync" sync
	holds "$fault: sends each event, and none twice" arrived_once
done
holds "attempts are 4, 8, 16 and 32 seconds apart" test "$("$MADE" waits)" = '4 8 16 32'
for fault in html plain broken list twice deep huge gzip 302 401 404; do
	again "$(faults eventupload $fault)"
	expect 1 "$fault for an answer: the sync ends" sync
	holds "$fault: at the first attempt" jq -se 'map(.stage) == ["preflight", "eventupload"]' server/requests
	holds "$fault: the server has nothing, and that is known" test ! -s server/events
	plan
	expect 0 "$fault: the next sync" sync
	holds "$fault: sends each event, and none twice" arrived_once
done
again "$(faults eventupload 302)"
expect 1 "a redirect to http" sync
says "is not followed" 'redirects are not followed; set url'

# Events that the server cannot take, and a server that can take none.
again '"poison": "alert"'
expect 1 "a server that cannot take some events" sync
says "names them" 'the server refuses event'
holds "all others arrive, and none twice" jq -se \
	'(map(.execgate_id) | length == (unique | length)) and length > 5 and
	(map(.file_path | contains("alert")) | any | not)' server/events
says "the last one waits, as nothing shows that the server takes others" 'refuses 1 events, which wait'
holds "none else is left" test "$(wc -l <server/events)" -eq \
	$((count - 1 - $(grep -c 'the server refuses event' err)))
: >server/events
plan
expect 0 "a server that takes them now" sync
holds "gets the one that waited, and those not that were set aside" test "$(wc -l <server/events)" -eq 1
broken=$(printf '500 %.0s' {1..40})
# shellcheck disable=SC2086
again "$(faults eventupload $broken)"
expect 1 "a server that takes no event" sync
says "says that they wait" 'the server refuses 10 events, which wait'
holds "its rules are taken all the same" test "$(asked ruledownload)" -eq 1
plan
expect 0 "when it is mended" sync
holds "each event arrives, and none twice" arrived_once

# Killed between the server's answer and its own writing, and two at once.
again "$(faults eventupload "" hang)"
sync >/dev/null 2>&1 &
victim=$!
until [ "$(asked eventupload)" -ge 2 ]; do sleep 0.2; done
kill -9 $victim
wait $victim 2>/dev/null
plan
expect 0 "after kill -9 within a batch" sync
holds "each event arrived" arrived_all
holds "only that batch came twice" jq -se "length == ($count + 10)" server/events
again
sync >/dev/null 2>&1 &
sync >/dev/null 2>&1
wait $!
holds "two at once: each event arrives, and none twice" arrived_once

# --- What a server says at preflight
again '"preflight": {"batch_size": 1000000000, "client_mode": "LOCKDOWN", "clean_sync": true, "sync_type": "CLEAN_ALL"}'
expect 0 "a batch size without sense" sync
holds "is within our bounds" jq -se 'map(select(.stage == "eventupload") | .request.events | length) | max <= 500' \
	server/requests
for value in '"ten"' '1.5' '{}'; do
	again "\"preflight\": {\"batch_size\": $value}"
	expect 1 "batch_size $value" sync
	says "batch_size $value: says so" 'batch_size is not as'
done
again '"preflight": {"client_mode": 7}'
expect 1 "a mode that is none" sync
again '"preflight": {"batch_size": -5}'
expect 0 "a negative batch size is none" sync
again '"xsrf": "token-1"'
expect 0 "a server that asks for its token" sync
holds "gets it" arrived_once
holds "which was asked for once" test "$(asked xsrf)" -eq 1

# --- Which server
for value in http://localhost/ https:// https://user:pw@localhost/ 'https://localhost/?a' 'https://loc alhost/'; do
	settings "url=$value"
	expect 1 "url $value" sync
	says "url $value: says what it is to be" 'url is https://HOST'
done
settings "ca=$PWD/other-ca.pem"
plan
expect 1 "a server that another CA signed" sync
holds "is told nothing" test ! -s server/requests
settings "url=https://127.0.0.1:$port/v1/santa"
expect 1 "a server of another name" sync
holds "is told nothing, either" test ! -s server/requests
settings "colour=red"
expect 1 "a setting that is none" sync
says "says where" 'sync.conf:'
echo 'X-Secret: s3cret' >headers
chmod 644 headers
settings "headers=$PWD/headers"
expect 1 "headers that others may read" sync
says "says what to do" 'chmod 600'
chmod 600 headers
printf 'X-Secret: a\rInjected: b\n' >headers
expect 1 "headers with more than a line" sync
rm sync.conf
expect 7 "no sync.conf" sync
says "no sync.conf: says so" 'so no server is asked'
settings
echo damaged >state/state
expect 1 "a damaged state" sync
says "says what to do" 'remove it to send all of the journal again'

# The command is not where it is installed to.
for unit in execgate-sync.{service,timer}; do
	sed "s|/usr/bin/execgate|$EXECGATE|" "$TOP/userspace/systemd/$unit" >"$unit"
done
holds "the units are well formed" systemd-analyze verify --recursive-errors=no --man=no \
	"$PWD"/execgate-sync.{service,timer}

end_server
