# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Rules of an identity that say how a program runs. Each attack works without.

rule_signer=(--key /etc/execgate/test/key.pem --cert /etc/execgate/test/cert.pem)

# x is a program of libraries, lib.so a library that prints when it is loaded.
rules_slate() {
	execgate catalog remove --no-persist hardened >/dev/null 2>&1
	rm -rf "${U:?}"/* && cp "$V/d9" "$U/x" && cp "$V/good.so" "$U/lib.so" &&
		execgate sign "${rule_signer[@]}" "$U/x" && take_events
}

harden() {
	execgate sign "${rule_signer[@]}" --rule hardened "$U/x" && expect 9 "$U/x"
}

# with VARIABLE VALUE PROGRAM: what it prints with that in its environment
with() {
	local status=0
	(export "$1=$2" && exec "$3") 2>&1 || status=$?
	echo "status $status"
}

# loads VARIABLE VALUE PROGRAM, and loads_not: the library is, or is not
loads() { says 'evil ran' "$(with "$@")"; }
loads_not() {
	local output
	output=$(with "$@")
	echo "$output"
	says 'status 9' "$output" && [[ $output != *'evil ran'* ]]
}

# A library that is signed well, in a program that it does not belong to.
preloaded() {
	rules_slate && loads LD_PRELOAD "$U/lib.so" "$U/x" && harden &&
		loads_not LD_PRELOAD "$U/lib.so" "$U/x" &&
		loads_not LD_PRELOAD "$U/lib.so" "$U/x" && take_events &&
		same events "${#EVENTS[@]}" 0 && loads LD_PRELOAD "$U/lib.so" "$V/good-d9"
}

audited() {
	rules_slate && loads LD_AUDIT "$U/lib.so" "$U/x" && harden &&
		loads_not LD_AUDIT "$U/lib.so" "$U/x"
}

# The name of one that it needs, from where somebody else can write.
library_path() {
	rules_slate && mkdir "$U/lib" && cp "$U/lib.so" "$U/lib/libc.so.6" || return
	! says 'status 9' "$(with LD_LIBRARY_PATH "$U/lib" "$U/x")" >/dev/null &&
		harden && says 'status 9' "$(with LD_LIBRARY_PATH "$U/lib" "$U/x")"
}

# By a link, and started by another program.
by_other_names() {
	rules_slate && harden && ln "$U/x" "$U/link" && ln -s x "$U/symlink" &&
		loads_not LD_PRELOAD "$U/lib.so" "$U/link" &&
		loads_not LD_PRELOAD "$U/lib.so" "$U/symlink" &&
		says 'status 9' "$(LD_PRELOAD="$U/lib.so" "$V/good-d9" >/dev/null
			LD_PRELOAD=$U/lib.so "$U/x"
			echo "status $?")"
}

of_catalog() {
	rules_slate && execgate unsign "$U/x" &&
		execgate catalog build --no-cache --name hardened --sequence 1 \
			--rule hardened --sign "${rule_signer[@]}" -o "$T/hardened.cat" "$U/x" &&
		execgate catalog install --no-persist --sequences "$T/none" \
			"$T/hardened.cat" && loads_not LD_PRELOAD "$U/lib.so" "$U/x" &&
		execgate catalog remove --no-persist hardened && expect 126 "$U/x"
}

# In audit nothing is any other than without.
in_audit() {
	rules_slate && harden && execgate mode audit && loads LD_PRELOAD "$U/lib.so" "$U/x" &&
		execgate mode enforce && loads_not LD_PRELOAD "$U/lib.so" "$U/x"
}

told() {
	rules_slate && harden && says 'hardened' "$(execgate verify "$U/x")" &&
		says '"rules": *\[ *"hardened" *\]' \
			"$(execgate verify --json "$U/x" | tr -d '\n')"
}

# bind NAME PATH: a catalog lists x, and says where it may be
bind() {
	execgate catalog build --no-cache --no-classes --name "$1" --sequence 1 \
		--rule "path $2" --sign "${rule_signer[@]}" -o "$T/$1.cat" "$U/x" &&
		execgate catalog install --no-persist --sequences "$T/none" "$T/$1.cat"
}
unbind() {
	execgate catalog remove --no-persist bound >/dev/null 2>&1
	execgate catalog remove --no-persist narrow >/dev/null 2>&1
	true
}

# What a catalog lists runs in its place only; it is asked about as it would run.
bound_of_catalog() {
	rules_slate && execgate unsign "$U/x" && mkdir "$U/bin" "$U/sbin" &&
		cp "$U/x" "$U/bin/x" && cp "$U/x" "$U/sbin/x" && bind bound "$U/*bin/x" &&
		take_events && expect 126 "$U/x" && expect 126 "$U/x" &&
		expect 9 "$U/bin/x" && expect 9 "$U/sbin/x" && take_events &&
		same events "${#EVENTS[@]}" 2 && event_is "${EVENTS[1]}" reason wrong-path &&
		says wrong-path "$(execgate check "$U/x")" &&
		says '"placed": *true' "$(execgate check --json "$U/bin/x")" &&
		says 'path .it is judged' "$(execgate check "$U/bin/x")"
}

# Nobody's word undoes another's: where two catalogs list it, both rules hold.
bound_by_both() {
	bound_of_catalog && bind narrow "$U/sbin/*" && take_events &&
		expect 126 "$U/bin/x" && expect 9 "$U/sbin/x" && take_events &&
		same events "${#EVENTS[@]}" 1 &&
		execgate catalog remove --no-persist narrow && expect 9 "$U/bin/x"
}

# The list of programs says so when the file is signed.
bound_by_list() {
	rules_slate && mkdir -p "$U/lists" "$U/bin" &&
		printf '[x]\npath = %s/x\nrule = path %s/x\n' "$U" "$U" >"$U/lists/x.conf" &&
		execgate sign "${rule_signer[@]}" --identities "$U/lists" "$U/x" &&
		cp "$U/x" "$U/bin/x" && expect 9 "$U/x" && expect 126 "$U/bin/x" &&
		says "path $U/x" "$(execgate identity show --keys-dir /etc/execgate/test \
			"$U/bin/x")" &&
		expect 0 execgate identity lint --identities "$U/lists"
}

# told_place HOOK [MODE]: one event says that something is in the wrong place
told_place() {
	take_events && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason wrong-path && event_is "${EVENTS[0]}" hook "$1" &&
		event_is "${EVENTS[0]}" mode "${2:-enforce}"
}

# An interpreter asks before it reads.
bound_exec_check() {
	bound_by_list && cp "$V/good" "$U/bin/y" && expect 0 "$A" exec-check "$U/bin/y" &&
		take_events && expect 0 "$A" exec-check "$U/x" &&
		expect 3 "$A" exec-check "$U/bin/x" && told_place exec-check
}

# module_at PLACE [RULE]: signed for us, as the kernel's own keys do not know it
module_at() {
	rmmod dummy 2>/dev/null
	rm -f "$1" && cp "$V/unsigned.ko" "$1" &&
		execgate sign --class module "${rule_signer[@]}" ${2:+--rule "$2"} "$1" &&
		take_events
}

# Taken elsewhere by whoever may load modules; its own place is in updates.
bound_module() {
	local place
	place=$(realpath "/lib/modules/$(uname -r)/updates")/bound.ko
	rules_slate && module_at "$U/m.ko" && expect 0 insmod "$U/m.ko" &&
		module_at "$U/m.ko" "path $place" && expect 1 insmod "$U/m.ko" &&
		told_place kernel-unsigned && says wrong-path "$(execgate check \
		--hook kernel-read "$U/m.ko")" &&
		cp "$U/m.ko" "$place" && expect 0 insmod "$place" && take_events &&
		same events "${#EVENTS[@]}" 0 && module_at "$U/m.ko" "report path $place" &&
		expect 0 insmod "$U/m.ko" && told_place kernel-unsigned audit &&
		module_at "$place" "path $U/m.ko" &&
		says '"reason": "wrong-path"' "$(group_of "$place")" &&
		module_at "$place" "path $place" && same group "$(group_of "$place")" ''
}

# And an old one, by whatever name it is kept.
old_module() {
	local revoke=(execgate revoke version --no-persist)
	rules_slate && module_at "$U/m.ko" && "${revoke[@]}" m.ko 1 &&
		expect 1 insmod "$U/m.ko" && take_events && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason rollback && "${revoke[@]}" --undo m.ko &&
		expect 0 insmod "$U/m.ko"
}

# Preflight knows places too: named before enforce finds out.
bound_preflight() {
	bound_by_list && says '"reason": "wrong-path"' \
		"$(execgate preflight --json "$U/bin/x" | tr -d '\n' | tr -s ' ')" &&
		! says '"reason": "wrong-path"' "$(execgate preflight --json "$U/x")"
}

# Each of its rules, and whether it holds in this place: the same of all who are asked.
explained() {
	local status
	bound_by_list || return
	says "path $U/x .does not hold: it is not there" "$(execgate check "$U/bin/x")" &&
		says "path $U/x .does not hold: it is not there" \
			"$(execgate why "$U/bin/x")" &&
		says "path $U/x .holds: it is there" "$(execgate check "$U/x")" &&
		says '"holds": *false' "$(execgate why --json "$U/bin/x")" &&
		mkdir "$U/alias" && mount --bind "$U" "$U/alias" || return
	says "path $U/x .holds: it is there" "$(execgate check "$U/alias/x")"
	status=$?
	umount "$U/alias"
	return "$status"
}

# Technique: T1036.005
check bound-of-catalog bound_of_catalog
unbind
check bound-by-both bound_by_both
unbind
check bound-by-list bound_by_list
kernel_from 6 14 && check bound-exec-check bound_exec_check
# Technique: T1547.006
check bound-module bound_module
check bound-module-old old_module
rmmod dummy 2>/dev/null
rm -f "/lib/modules/$(uname -r)/updates/bound.ko"
# Technique: none
check bound-preflight bound_preflight
check bound-explained explained
# Technique: T1574.006
check hardened-preload preloaded
check hardened-audit audited
check hardened-library-path library_path
check hardened-other-names by_other_names
check hardened-of-catalog of_catalog
# Technique: none
check hardened-in-audit in_audit
check hardened-told told
execgate catalog remove --no-persist hardened >/dev/null 2>&1
take_events >/dev/null
