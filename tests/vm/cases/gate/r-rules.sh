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

check hardened-preload preloaded
check hardened-audit audited
check hardened-library-path library_path
check hardened-other-names by_other_names
check hardened-of-catalog of_catalog
check hardened-in-audit in_audit
check hardened-told told
execgate catalog remove --no-persist hardened >/dev/null 2>&1
take_events >/dev/null
