# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Keys, catalogs, policies and the module itself, changed while programs run.

catalog_of() { # OUT SEQUENCE FILE...
	execgate catalog build --no-cache --name soak --sequence "$2" --sign "${mine[@]}" \
		-o "$T/$1" "${@:3}"
}

# R10: whatever is swapped, what is trusted throughout runs and what is not never.
swaps_under_storm() {
	local end probe storm listed swaps=0 status=0
	cp "$V/h9" "$U/listed" && cp "$V/d9" "$U/other" && cp "$V/changed" "$U/probe" &&
		catalog_of one 1 "$U/listed" && catalog_of two 2 "$U/listed" "$U/other" &&
		expect 9 "$A" netlink-catalog-add "$T/one" || return
	rm -f "$T/enough"
	(
		tries=0
		while [[ ! -e $T/enough ]]; do
			"$U/probe"
			(($? == 126)) || echo "it ran"
			tries=$((tries + 1))
		done
		echo "$tries tries"
	) >"$T/probe" 2>/dev/null &
	probe=$!
	"$A" storm "$each" "$V/good" >"$T/storm" &
	storm=$!
	"$A" storm "$each" "$U/listed" >"$T/listed" &
	listed=$!
	end=$((SECONDS + each))
	while ((SECONDS < end && status == 0)); do
		# One catalog in place of the other: the same sequence is no older one.
		execgate key enroll /suite/keys/second.pem &&
			execgate profile strict &&
			expect 9 "$A" netlink-catalog-add "$T/two" &&
			execgate gate reverify on && execgate gate reverify off &&
			execgate key remove /suite/keys/second.pem &&
			execgate profile standard || status=1
		swaps=$((swaps + 1))
	done >"$T/swaps" 2>&1
	touch "$T/enough"
	expect 9 wait "$storm" && expect 9 wait "$listed" && wait "$probe" || status=1
	((status == 0)) || cat "$T/swaps" "$T/storm" "$T/listed"
	note "R10 $swaps rounds of keys, profiles, gates and catalogs; signed $(<"$T/storm");" \
		"listed $(<"$T/listed"); unsigned $(tail -n 1 "$T/probe"), 0 ran"
	execgate catalog remove --no-persist soak >/dev/null || status=1
	rm -f "$U/listed" "$U/other" "$U/probe"
	((status == 0 && swaps > 0)) && same "unsigned runs" "$(grep -c ran "$T/probe")" 0
}

forged_once() { # NAME REASON
	local start
	cp "$V/$1" "$U/forged" && skip_events || return
	start=$(now)
	expect 126 "$U/forged" || return
	note "R18 $1: denied after $(($(now) - start)) us, with the fork (target 1000)"
	denied_once "$2"
}

# R18: with as few algorithms in the kernel as can be, names of others: the kernel
# asks nobody to load them.
no_algorithm() {
	local name removed=0 old status=0
	old=$(</proc/sys/kernel/modprobe)
	printf '#!/bin/bash\necho "$*" >>%s/called\n' "$U" >"$U/telltale"
	chmod 755 "$U/telltale" && sign "$U/telltale" &&
		echo "$U/telltale" >/proc/sys/kernel/modprobe || return
	# Is it told of what is missing?
	mkdir -p "$U/m"
	mount -t no-such-fs none "$U/m" 2>/dev/null
	grep -q no-such-fs "$U/called" || { echo 'the tell-tale is mute'; return 1; }
	rm "$U/called"
	cat /proc/modules >"$T/modules"
	while read -r name _; do
		rmmod "$name" 2>/dev/null && removed=$((removed + 1))
	done < <(grep -E '^(algif|af_alg|sha|ghash|crc|md|rmd|sm3|poly|aes|gf128)' /proc/modules)
	for name in sha1 md5 sha224 sha512 rmd160; do
		forged_once "$name" weak-algorithm || status=1
	done
	# As the kernel signs a module it is no signature of a program.
	forged_once modsig-sha1 unsigned || status=1
	[[ ! -e $U/called ]] || { cat "$U/called"; status=1; }
	note "R18 modules: $(awk '{ printf "%s ", $1 }' /proc/modules)"
	note "R18 $removed modules of algorithms removed before; modprobe was not called"
	echo "$old" >/proc/sys/kernel/modprobe
	return "$status"
}

unused() { [[ $(</sys/module/execgate/refcnt) == 0 ]]; }

# R9: out and in again, with execs all the time. What the hooks held is let go.
reload_under_storm() {
	local storm rounds=0 status=0 end=$((SECONDS + each)) most=$((SOAK_MINUTES * 5))
	((most >= 5)) || most=5
	"$A" storm $((each + 15)) "$V/good" >"$T/storm" &
	storm=$!
	while ((SECONDS < end && rounds < most && status == 0)); do
		execgate mode off && wait_for unused && rmmod execgate &&
			expect 6 execgate status && insmod "$MODULE" mode=off &&
			execgate key enroll /etc/execgate/test/cert.pem &&
			execgate key enroll /suite/keys/trusted.pem &&
			execgate mode enforce && expect 126 "$V/h9" || status=1
		rounds=$((rounds + 1))
	done >"$T/reload" 2>&1
	((status == 0)) || cat "$T/reload"
	expect 9 wait "$storm" || return
	note "R9 unloaded and loaded $rounds times under a storm, $(<"$T/storm")"
	((status == 0 && rounds > 0)) && events_add_up
}

row R10-swaps-under-storm swaps_under_storm
row R18-no-algorithm no_algorithm
row R9-reload-under-storm reload_under_storm
