# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Old versions that are signed well, and floors below which they are code no longer:
# set by the administrator, or by rules of a catalog. Each attack runs until then.

W=$T/versions
W_signer=(--key /etc/execgate/test/key.pem --cert /etc/execgate/test/cert.pem)
revoke() { execgate revoke "$@"; }

# as_version FILE VERSION [OPTION...]: sign it so, under the name of all cases here
as_version() {
	execgate sign "${W_signer[@]}" --identity org.example/tool --version "$2" \
		"${@:3}" "$1"
}

# Nothing is revoked; x is the old version, y the new one.
versions_slate() {
	revoke version --undo org.example/tool >/dev/null 2>&1
	execgate catalog remove --no-persist versions >/dev/null 2>&1
	mkdir -p "$W" && rm -rf "${U:?}"/* && cp "$V/h9" "$U/x" && cp "$V/h9" "$U/y" &&
		as_version "$U/x" 4 && as_version "$U/y" 5 && expect 9 "$U/x" &&
		expect 9 "$U/y" && take_events
}

# rolled_back PROGRAM: denied for its version, with one event that tells it
rolled_back() {
	take_events && expect 126 "$1" && take_events &&
		same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason rollback &&
		event_is "${EVENTS[0]}" mode enforce &&
		event_is "${EVENTS[0]}" hook exec &&
		event_is "${EVENTS[0]}" identity "${2:-org.example/tool}" &&
		event_is "${EVENTS[0]}" identity_version 4 && field "${EVENTS[0]}" signer
}

# Also where a verdict was cached, and by any name that it gets.
old_program() {
	versions_slate && revoke version org.example/tool 5 && rolled_back "$U/x" &&
		expect 9 "$U/y" && ln "$U/x" "$U/link" && rolled_back "$U/link" &&
		ln -s x "$U/symlink" && rolled_back "$U/symlink" &&
		mv "$U/x" "$U/other" && rolled_back "$U/other" &&
		cp "$U/other" "$U/copy" && rolled_back "$U/copy" || return
	# Put in the place of the new one, as whoever can write there would.
	cp "$U/y" "$W/new" && cp "$U/copy" "$U/y.new" && mv "$U/y.new" "$U/y" &&
		rolled_back "$U/y" && cp "$W/new" "$U/y.new" && mv "$U/y.new" "$U/y" &&
		expect 9 "$U/y" && expect 9 "$V/good" || return
	revoke version --undo org.example/tool && expect 9 "$U/copy" &&
		expect 7 revoke version --undo org.example/tool
}

old_in_audit() {
	versions_slate && revoke version org.example/tool 5 && execgate mode audit &&
		take_events && expect 9 "$U/x" && take_events && execgate mode enforce &&
		same events "${#EVENTS[@]}" 1 && event_is "${EVENTS[0]}" reason rollback &&
		event_is "${EVENTS[0]}" mode audit
}

old_script() {
	versions_slate && printf '#!/bin/bash\nexit 9\n' >"$U/s" && chmod 755 "$U/s" &&
		as_version "$U/s" 4 && expect 9 "$U/s" &&
		revoke version org.example/tool 5 && rolled_back "$U/s" &&
		as_version "$U/s" 5 && expect 9 "$U/s"
}

old_library() {
	versions_slate && cp "$V/evil.so" "$U/lib.so" && as_version "$U/lib.so" 4 &&
		says 'evil ran' "$(LD_PRELOAD="$U/lib.so" "$V/good-d9")" &&
		revoke version org.example/tool 5 && take_events || return
	! says 'evil ran' "$(LD_PRELOAD="$U/lib.so" "$V/good-d9" 2>&1)" >/dev/null &&
		take_events && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason rollback &&
		event_is "${EVENTS[0]}" hook mmap
}

# A number below is none; nor does the file of them go back.
only_raised() {
	versions_slate && revoke version org.example/tool 5 &&
		revoke version org.example/tool 2 && rolled_back "$U/x" &&
		says 'version of org.example/tool below 5 *loaded, kept' \
			"$(revoke list)" &&
		says '^version 5 org.example/tool$' "$(grep tool /etc/execgate/revoked)" &&
		revoke version --no-persist org.example/tool 6 && take_events &&
		expect 126 "$U/y"
}

# catalog OUT SEQUENCE VERSION [OPTION...]: lists z, and what the options say
list_version() {
	execgate catalog build --no-cache --name versions --sequence "$2" \
		--identity org.example/tool --version "$3" "${@:4}" --sign \
		"${W_signer[@]}" -o "$W/$1" "$U/z"
}

load_version() {
	execgate catalog install --no-persist --sequences "$W/none" "$W/$1"
}

# What an old catalog lists, until a newer one lists the same content.
old_catalog() {
	versions_slate && cp "$V/d9" "$U/z" && list_version old.cat 1 4 &&
		list_version new.cat 2 5 && load_version old.cat && expect 9 "$U/z" &&
		revoke version org.example/tool 5 && rolled_back "$U/z" &&
		event_is "${EVENTS[0]}" carrier catalog && load_version new.cat &&
		expect 9 "$U/z"
}

# list_package VERSION SEQUENCE [RULE]: what is unpacked, as the vendor's catalog of it
list_package() {
	execgate catalog build --no-cache --name "package$1" --sequence "$2" \
		--identity org.debian.tool --version "170000000$1" ${3:+--rule "$3"} --sign \
		"${W_signer[@]}" -o "$W/package.cat" "$U/root" && load_version package.cat
}

# Over what is there, which busybox does not by itself.
unpack() { rm -f "$U/root/usr/bin/tool" && dpkg-deb -x "$V/tool_$1.deb" "$U/root"; }

# Whoever can write there unpacks the old package over the new one: its catalog counts
# still, and its program is in its place. The new one's catalog says which are too old.
old_package() {
	local tool=$U/root/usr/bin/tool
	versions_slate && mkdir "$U/root" && unpack 1 && expect 126 "$tool" &&
		list_package 1 1 && expect 9 "$tool" && unpack 2 && expect 126 "$tool" &&
		list_package 2 1 && expect 9 "$tool" && unpack 1 && expect 9 "$tool" &&
		unpack 2 && list_package 2 2 'version 1700000002' && expect 9 "$tool" &&
		unpack 1 && take_events && expect 126 "$tool" && take_events &&
		same events "${#EVENTS[@]}" 1 && event_is "${EVENTS[0]}" reason rollback &&
		event_is "${EVENTS[0]}" identity org.debian.tool &&
		event_is "${EVENTS[0]}" identity_version 1700000001 &&
		event_is "${EVENTS[0]}" carrier catalog &&
		execgate catalog remove --no-persist package2 && expect 126 "$tool" &&
		revoke version --undo org.debian.tool && expect 9 "$tool"
}

package_over() {
	execgate catalog remove --no-persist package1 >/dev/null 2>&1
	execgate catalog remove --no-persist package2 >/dev/null 2>&1
	revoke version --undo org.debian.tool >/dev/null 2>&1
}

# A rule: the catalog says so itself, and it stays when that has gone.
rule_of_catalog() {
	versions_slate && cp "$V/d9" "$U/z" &&
		list_version rule.cat 3 5 --rule 'version 5' && load_version rule.cat &&
		rolled_back "$U/x" && expect 9 "$U/y" && expect 9 "$U/z" &&
		says 'version of org.example/tool below 5 *loaded, NOT kept' \
			"$(revoke list)" &&
		execgate catalog remove --no-persist versions && rolled_back "$U/x" &&
		revoke version --undo org.example/tool && expect 9 "$U/x"
}

# In strength report it runs, in enforce too, and each use is told of, also where the
# verdict is cached, which knows no name.
rule_reports() {
	local round
	versions_slate && cp "$V/d9" "$U/z" &&
		list_version report.cat 4 5 --rule 'report version 5' &&
		load_version report.cat && take_events || return
	for round in 1 2; do
		expect 9 "$U/x" && take_events && same events "${#EVENTS[@]}" 1 &&
			event_is "${EVENTS[0]}" reason rollback &&
			event_is "${EVENTS[0]}" mode audit &&
			event_is "${EVENTS[0]}" ino "$(stat -c %i "$U/x")" || return
		((round > 1)) || event_is "${EVENTS[0]}" identity_version 4 || return
	done
	expect 9 "$U/y" && expect 9 "$U/z" && take_events &&
		same events "${#EVENTS[@]}" 0 &&
		says 'tool reported below 5 *loaded, NOT kept' "$(revoke list)" &&
		revoke version org.example/tool 5 && rolled_back "$U/x"
}

# A catalog that does not count raises nothing.
rule_of_refused() {
	versions_slate && cp "$V/d9" "$U/z" &&
		list_version stale.cat 1 9 --rule 'version 9' &&
		says 'refused: ESTALE' "$("$A" netlink-catalog-add "$W/stale.cat")" &&
		execgate key generate --out "$W/other" --no-passphrase --name other &&
		execgate catalog build --no-cache --name versions --sequence 9 --sign \
			--identity org.example/tool --version 9 --rule 'version 9' \
			--key "$W/other/key.pem" --cert "$W/other/cert.pem" \
			-o "$W/other.cat" "$U/z" &&
		says 'refused: ENOKEY' "$("$A" netlink-catalog-add "$W/other.cat")" &&
		expect 9 "$U/x" && expect 9 "$U/y"
}

floors_again() {
	local daemon tries status=1
	versions_slate && mkdir -p "$W/conf" && rm -f /run/execgate/resume &&
		revoke version org.example/tool 5 &&
		says 'version 5 org.example/tool' "$(cat /etc/execgate/revoked)" &&
		cp /etc/execgate/revoked "$W/revoked" &&
		revoke version --undo org.example/tool && expect 9 "$U/x" &&
		cp "$W/revoked" /etc/execgate/revoked || return
	execgated --config "$W/conf" >"$W/log" 2>&1 &
	daemon=$!
	for ((tries = 0; tries < 100; tries++)); do
		"$U/x" 2>/dev/null || [[ $? != 126 ]] || { status=0; break; }
		sleep 0.1
	done
	# Gone from the disk, it stands in the kernel, whoever starts anew.
	rm /etc/execgate/revoked && rolled_back "$U/x" || status=1
	kill "$daemon"
	wait "$daemon"
	((status)) && cat "$W/log"
	rolled_back "$U/x" && return "$status"
}

# What it takes to boot is signed as "good" is.
version_needed() {
	local json
	json=$(execgate check --json /bin/bash) && field "$json" identity || return
	expect 1 revoke version "$REPLY" 1000 && says 'boot and to log in' "$(cat "$T/out")"
}

version_as_user() {
	versions_slate && cp "$V/d9" "$U/z" &&
		expect 8 "$A" as 1000 /usr/bin/execgate revoke version --no-persist \
			org.example/tool 5 && expect 9 "$U/x"
}

version_usage() {
	expect 2 revoke version org.example/tool && expect 2 revoke version a 0 &&
		expect 2 revoke version a five && expect 2 revoke version '' 5 &&
		expect 2 revoke version $'a\nb' 5 &&
		expect 2 revoke version --undo org.example/tool 5 &&
		expect 7 revoke version --undo org.example/nothing
}

# Technique: T1562.010
check version-old-program old_program
check version-old-in-audit old_in_audit
check version-old-script old_script
check version-old-library old_library
check version-only-raised only_raised
check version-old-catalog old_catalog
check version-old-package old_package
package_over
check version-rule-of-catalog rule_of_catalog
check version-rule-reports rule_reports
check version-rule-of-refused rule_of_refused
# Technique: none
check version-needed version_needed
check version-as-user version_as_user
check version-usage version_usage
check version-after-restart floors_again
# What is left is nobody else's.
revoke version --undo org.example/tool >/dev/null 2>&1
execgate catalog remove --no-persist versions >/dev/null 2>&1
take_events >/dev/null
