# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# In the same boot: what no catalog lists does not run, in whatever way.

mode=enforce
K=(--key /etc/execgate/local/key.pem --cert /etc/execgate/local/cert.pem)
no_map='failed to map segment|cannot be preloaded'

compiled() { cp "$S/compiled" "$U/x"; }

# Debian's own program with a byte added is another one.
changed_bash() { cp /usr/bin/bash "$U/x" && printf x >>"$U/x"; }
python_script() {
	printf '#!/usr/bin/python3\nprint("evil ran")\n' >"$U/x" && chmod 755 "$U/x"
}

# In nginx's place: systemd runs what no catalog lists.
unit_of_unsigned() {
	cp "$V/h9" "$U/x" && printf '[Service]\nType=oneshot\nExecStart=%s\n' \
		"$U/x" >/run/systemd/system/unsigned.service &&
		systemctl daemon-reload
}

compiled_then_signed() {
	cp "$S/compiled" "$U/signed" && execgate sign "${K[@]}" "$U/signed" &&
		same "what it says" "$("$U/signed" || echo "status $?")" \
			$'compiled\nstatus 9'
}

compiled_then_listed() {
	cp "$S/compiled" "$U/listed" && execgate catalog build --name compiled \
		--sign "${K[@]}" -o "$S/compiled.cat" "$U/listed" &&
		execgate catalog install --no-persist "$S/compiled.cat" &&
		expect 9 "$U/listed" && execgate catalog remove --no-persist compiled &&
		expect 126 "$U/listed"
}

# A file of Debian on a file system that checks its pages: judged unread.
by_verity() {
	local json
	mkdir -p /root/verity && cp /usr/bin/python3.13 /root/verity/x &&
		printf x >>/root/verity/x && expect 126 /root/verity/x -c 'exit(9)' &&
		(cd /root/verity && execgate sign --verity -o x.cat "${K[@]}" x) &&
		execgate catalog install --no-persist /root/verity/x.cat &&
		expect 9 /root/verity/x -c 'exit(9)' &&
		json=$(execgate check --json /root/verity/x) && field "$json" carrier &&
		same carrier "$REPLY" verity && ! printf y >>/root/verity/x
}

# Once turned on, a catalog of the same file can be built at any time.
built_by_verity() {
	cd /root/verity && cp /usr/bin/perl y && printf y >>y &&
		execgate catalog build --name built --enable-verity --sign "${K[@]}" -o y.cat y &&
		execgate catalog build --name built --verity -o again.manifest y &&
		says 'verity' "$(execgate catalog show --entries again.manifest)" &&
		expect 126 ./y -e 'exit 9' && execgate catalog install --no-persist y.cat &&
		expect 9 ./y -e 'exit 9'
}

in_journal() {
	local try
	for ((try = 0; try < 100; try++)); do
		denials_of_boot --json >"$S/denials"
		(($(grep -c '"reason"' "$S/denials") >= $1)) && break
		sleep 0.2
	done
	says "\"path\":\"$U/x\"" "$(<"$S/denials")" &&
		! grep -v '"denied":true.*"path":"/tmp/u/' "$S/denials"
}

take_events >"$T/why" || not_ok services-events "$(<"$T/why")"
# Technique: T1204.002
deny services-unsigned-program file=h9 reason=unsigned
deny services-unsigned-program-of-user file=h9 reason=unsigned uid=1000 \
	-- "$A" as 1000 "$U/x"
# Technique: T1027.004
deny services-compiled-program prepare=compiled reason=unsigned evil=compiled
# Technique: T1554
deny services-changed-program prepare=changed_bash reason=unsigned \
	evil='it ran' -- "$U/x" -c 'echo it ran; exit 9'
# Technique: T1059.006
deny services-unsigned-script prepare=python_script reason=unsigned works=0 \
	evil='evil ran' -- "$A" exec "$U/x"
# Technique: T1574.006
deny services-preloaded-library file=evil.so hook=mmap reason=unsigned works=1 \
	left=0 evil='evil ran' refused="$no_map" \
	-- env LD_PRELOAD="$U/x" /usr/bin/true
# Technique: T1129
deny services-opened-library file=evil.so hook=mmap reason=unsigned works=0 \
	evil='evil ran' refused="$no_map" \
	-- python3 -c "import ctypes; ctypes.CDLL('$U/x')"
# Technique: T1543.002
deny services-unit-of-unsigned prepare=unit_of_unsigned reason=unsigned \
	pid=any refused='' -- systemctl start unsigned.service
# Technique: none
check services-compiled-then-signed compiled_then_signed
check services-compiled-then-listed compiled_then_listed
check services-denials-in-journal in_journal 8
check services-fs-verity by_verity
check services-catalog-of-fs-verity built_by_verity

