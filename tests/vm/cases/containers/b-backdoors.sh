# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Images that were trusted, with a layer of somebody else's on top, or with another program in a layer as it lies in
# storage: what is not of the image is refused, and whoever asks is told in which container of which image.

no_map='cannot be preloaded|failed to map segment'

# The attacker's tools: a program, a library, scripts.
mkdir -p "$E"
cp "$V/h9" "$E/program"
cp "$V/evil.so" "$E/library"
echo /usr/lib/library.so >"$E/preload"
printf '#!/usr/bin/python3\nprint("evil ran", flush=True)\nraise SystemExit(9)\n' >"$E/script"
printf '#!/bin/sh\necho evil ran\nexit 9\n' >"$E/job"
chmod -R 755 "$E"

# By hand: "podman commit" of a user compares whole trees, which takes minutes here.
implant() { PYTHONPATH=/suite python3 "$cases/containers/implant.py" "$I" "$E"; }
pulled_evil() {
	local name
	for name in program library script job entry clean; do
		quiet pod pull -q "oci:$I:example.org/evil/$name:1" || return
	done
}

# started NAME [ARG...]: such an image; the container stays
started() {
	removed evil
	pod run -q --network none --name evil "${@:2}" "example.org/evil/$1:1"
}
in_folder() {
	removed evil
	pod run -q --network none --name evil -w /www example.org/evil/job:1 sh -c 'exec ./job'
}
version_of() { pod run -q --rm --network none "$H/web:2" version; }

# The file in the folder of the image's layer, as root of the machine or the user writes to it.
stored() { pod image inspect --format '{{.GraphDriver.Data.UpperDir}}' "$H/web:2"; }
swap() {
	local file
	file=$(stored)/web && cp -p "$file" "$T/web" && cat "$E/program" >"$file"
}
unswap() { cat "$T/web" >"$(stored)/web"; }
with_swapped() {
	local status=0
	swap || return
	version_of || status=$?
	unswap && return "$status"
}
with_old_tag() {
	local status=0 id
	id=$(pod image inspect --format '{{.Id}}' "$H/web:2") && pod tag "$H/web:1" "$H/web:2" || return
	version_of || status=$?
	pod tag "$id" "$H/web:2" && return "$status"
}
exec_in() {
	local status=0
	removed used
	pod run -q -d --network none --name used "$H/busybox:1" && pod cp "$E/program" used:/tmp/x &&
		pod exec used /bin/cat /www/index.html || return 99
	pod exec used /tmp/x || status=$?
	removed used
	return "$status"
}

check containers-implant implant
for owner in "${owners[@]}"; do check "containers-$owner-implant" pulled_evil; done

# denied NAME WORD=VALUE... -- ATTACK...: by both
denied() {
	for owner in "${owners[@]}"; do
		deny "containers-$owner-$1" pid=any target='' uid="${uid_of[$owner]}" "${@:2}"
	done
}

for mode in audit enforce; do
	check "$mode/containers-mode" execgate mode "$mode"
	take_events >"$T/why"
	# Technique: T1525
	# The entry point's shell looks in two folders, which are one.
	denied backdoor-program reason=unsigned many=2 -- started program
	denied backdoor-library reason=unsigned hook=mmap works=0 left=0 evil='evil ran' refused="$no_map" \
		-- started library --entrypoint /usr/bin/true
	denied backdoor-script reason=unsigned evil='evil ran' -- started script
	denied backdoor-job reason=unsigned evil='evil ran' -- in_folder
	denied backdoor-entry-point reason=unsigned -- started entry
	# Technique: T1554
	denied swapped-in-storage reason=unsigned -- with_swapped
	# Technique: T1562.010
	denied retagged-old-image reason=unsigned works=0 evil='version 1' -- with_old_tag
	# Technique: T1609
	denied exec-of-copied reason=unsigned -- exec_in
	# Technique: none
	for owner in "${owners[@]}"; do
		allow "containers-$owner-new-layer-without-code" works=0 \
			-- started clean --entrypoint /usr/bin/true
		allow "containers-$owner-tag-back" works=0 says='version 2' -- version_of
	done
done

old_image() { pod run -q --rm --network none "$H/web:1" version; }
# An image of before: its catalog is too old for this machine.
older_refused() {
	quiet execgate image sign "${K[@]}" "oci:$I:$H/web:1" && expect 4 execgate image trust "oci:$I:$H/web:1"
}
# One that is trusted beside the new one, until it is revoked.
revoked() {
	local version
	execgate image sign "${K[@]}" --name old "oci:$I:$H/web:1" && execgate image trust --name old "oci:$I:$H/web:1" &&
		says 'version 1' "$(old_image)" || return
	version=$(date -u -d '2024-05-12T00:00:00Z' +%s) && execgate catalog list &&
		execgate revoke version example.org+shop+web "$version" && take_events
}
owner=rootful
check containers-old-image-not-trusted older_refused
check containers-old-image-revoked revoked
# Technique: T1562.010
deny containers-old-image reason=rollback pid=any target='' works=0 evil='version 1' -- old_image
# Technique: none

# The container that was denied last, as the journal tells it.
named() {
	local id try json
	started entry && return 1
	id=$(pod inspect --format '{{.Id}}' evil) || return
	for ((try = 0; try < 50; try++)); do
		json=$(execgate denials --since '-5min' --container "$id" --json) && break
		sleep 0.2
	done
	echo "$json"
	event_is "$json" container "$id" && event_is "$json" container_runtime podman &&
		event_is "$json" path /other || return
	[[ $owner == rootful ]] || { event_is "$json" unit user@1000.service && return; }
	event_is "$json" container_name evil && event_is "$json" image example.org/evil/entry:1 &&
		says 'in container evil \(example.org/evil/entry:1\)' "$(execgate denials -n 1)"
}
for owner in "${owners[@]}"; do check "containers-$owner-denial-names-it" named; done
take_events >"$T/why"
