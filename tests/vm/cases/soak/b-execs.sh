# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Execs by the thousand, killed ones, and files that change meanwhile.

# R1: cached verdicts under parallel execs; not one of them is denied.
exec_storm() {
	local ungated
	execgate mode off && storms $((each / 2)) 4 "$V/good" || return
	ungated=$ran
	execgate mode enforce && skip_events && storms $((each / 2)) 4 "$V/good" &&
		take_events && same denials "${#EVENTS[@]}" 0 || return
	note "R1 $ran execs gated, $ungated ungated, of 4 loops in $((each / 2)) s each;" \
		"$((100 * ran / ungated)) %"
}

# R13: killed while it is judged, again and again; then it is judged and runs.
killed_mid_verify() {
	local end kills=0 pid start took longest=0
	cp "$V/h9" "$U/huge" && head -c 40000000 /dev/zero >>"$U/huge" &&
		sign "$U/huge" || return
	end=$((SECONDS + each))
	while ((SECONDS < end || kills < 5)); do
		"$A" exec "$U/huge" >/dev/null &
		pid=$!
		sleep "0.0$((kills % 9))"
		start=$(now)
		kill -9 "$pid"
		wait "$pid" 2>/dev/null
		took=$(($(now) - start))
		((took <= longest)) || longest=$took
		forget_verdict "$U/huge"
		kills=$((kills + 1))
	done
	expect 9 "$U/huge" && rm "$U/huge" || return
	note "R13 $kills kills; the slowest to die took $longest us (target 1000000)"
	events_add_up
}

# R16: one name, cut, unlinked, rewritten, swapped with evil, and a key that comes
# and goes: what runs is the good program, or nothing.
race_of_all() {
	local end race reloads=0
	mkdir -p "$U/race" && cp "$V/good" "$U/race/x" && cp "$V/evil" "$U/race/evil" ||
		return
	"$A" race-all "$each" "$V/good" "$V/evil" "$U/race" >"$T/race" &
	race=$!
	end=$((SECONDS + each))
	while ((SECONDS < end - 1)); do
		execgate key remove /suite/keys/trusted.pem &&
			execgate key enroll /suite/keys/trusted.pem || return
		reloads=$((reloads + 1))
		sleep 0.2
	done >/dev/null
	expect 3 wait "$race"
	local status=$?
	rm -rf "$U/race"
	note "R16 $reloads key reloads; $(head -n 1 "$T/race")"
	cat "$T/race"
	((status == 0 && reloads > 0)) && expect 9 "$V/good" && expect 126 "$V/h9"
}

row R1-exec-storm exec_storm
row R13-killed-mid-verify killed_mid_verify
row R16-race-of-all race_of_all
