# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What a key is trusted to sign: each attack is by a key that is trusted, works while
# the key is for that too, and is refused once it is not. Policies: s-policy.sh.

Q=$T/purposes
Q_vendor=(--key "$Q/vendor/key.pem" --cert "$Q/vendor/cert.pem")
Q_owner=(--key /etc/execgate/test/key.pem --cert /etc/execgate/test/cert.pem)

# From now on, whatever it was for before.
vendor_is_for() {
	execgate key enroll --no-persist --for "$1" "$Q/vendor/cert.pem" && take_events
}

# oversteps HOOK STATUS COMMAND...: refused, with the one event that says why
oversteps() {
	take_events && expect "$2" "${@:3}" && take_events &&
		same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason wrong-purpose &&
		event_is "${EVENTS[0]}" hook "$1" && event_is "${EVENTS[0]}" mode enforce
}

purposes_begin() {
	mkdir -p "$Q" && execgate key generate --out "$Q/vendor" --name vendor \
		--no-passphrase
}

# A verdict that was kept ends with the purpose, and comes back with it.
vendor_program() {
	rm -rf "${U:?}"/* && cp "$V/h9" "$U/x" && execgate sign "${Q_vendor[@]}" "$U/x" &&
		vendor_is_for code && expect 9 "$U/x" && vendor_is_for catalogs,kernel &&
		oversteps exec 126 "$U/x" && vendor_is_for policy,platform,modules &&
		oversteps exec 126 "$U/x" && says wrong-purpose "$(execgate check "$U/x")" &&
		vendor_is_for files && expect 9 "$U/x" && expect 9 "$U/x"
}

# tells FILE ERRNO: refused past all that user space would say
tells() { says "refused: $2" "$("$A" netlink-catalog-add "$1")"; }

# Whoever may sign a program would end the owner's ones by a floor above them.
vendor_floor() {
	rm -rf "${U:?}"/* && cp "$V/h9" "$U/x" && cp "$V/h9" "$U/n" &&
		execgate sign "${Q_owner[@]}" --identity org.example/owner --version 4 \
			"$U/x" && expect 9 "$U/x" &&
		execgate catalog build --no-cache --name vendor --sequence 1 --sign \
			--identity org.example/owner --version 9 --rule 'version 9' \
			"${Q_vendor[@]}" -o "$Q/floor.cat" "$U/n" &&
		vendor_is_for code && expect 9 "$A" netlink-catalog-add "$Q/floor.cat" &&
		expect 126 "$U/x" && execgate catalog remove --no-persist vendor &&
		execgate revoke version --no-persist --undo org.example/owner || return
	vendor_is_for files,kernel && expect 9 "$U/x" &&
		oversteps policy 3 "$A" netlink-catalog-add "$Q/floor.cat" &&
		event_is "${EVENTS[0]}" ino "$(stat -c %i "$Q/floor.cat")" &&
		tells "$Q/floor.cat" EACCES && expect 9 "$U/x" &&
		! execgate catalog list | grep -q vendor
}

# What was loaded while the key was for catalogs goes with that.
vendor_catalog() {
	rm -rf "${U:?}"/* && cp "$V/h9" "$U/x" &&
		execgate catalog build --no-cache --name vendor --sequence 2 --sign \
			"${Q_vendor[@]}" -o "$Q/two.cat" "$U/x" &&
		vendor_is_for catalogs && expect 9 "$A" netlink-catalog-add "$Q/two.cat" &&
		expect 9 "$U/x" && vendor_is_for files,policy && expect 126 "$U/x" &&
		! execgate catalog list | grep -q vendor
}

# loads FILE: Debian's dummy, signed by somebody else
loads() { expect 9 "$A" finit-module "$1" 0 && rmmod dummy; }

vendor_module() {
	rm -rf "${U:?}"/* && cp "$V/unsigned.ko" "$U/x" && execgate sign --class module \
		"${Q_vendor[@]}" "$U/x" && vendor_is_for code && loads "$U/x" &&
		vendor_is_for files,catalogs,policy,platform &&
		oversteps kernel-unsigned 3 "$A" finit-module "$U/x" 0 || return
	mkdir "$U/d" && cp "$V/unsigned.ko" "$U/d/x.ko" &&
		execgate catalog build --no-cache --name vendor --sequence 3 --sign \
			"${Q_vendor[@]}" -o "$Q/module.cat" "$U/d/x.ko" &&
		expect 9 "$A" netlink-catalog-add "$Q/module.cat" &&
		oversteps kernel-unsigned 3 "$A" finit-module "$U/d/x.ko" 0 &&
		vendor_is_for catalogs,kernel && loads "$U/d/x.ko" &&
		execgate catalog remove --no-persist vendor
}

# A kernel image may be signed as a program; the key must be for what it is used for.
vendor_image() {
	cp "$V/unsigned-vmlinuz" "$T/image" && execgate sign --class program \
		"${Q_vendor[@]}" "$T/image" && vendor_is_for code &&
		expect 9 "$A" kexec-file "$T/image" && vendor_is_for files &&
		oversteps kernel-unsigned 3 "$A" kexec-file "$T/image"
	local status=$?
	rm -f "$T/image"
	return $status
}

shown() {
	vendor_is_for files,platform &&
		says 'Signs: *files, platform' "$(execgate key list)" || return
	# A script that enrolls once more, and says nothing, is told so.
	expect 1 execgate key enroll --no-persist "$Q/vendor/cert.pem" &&
		says 'say with --for' "$(execgate key enroll --no-persist \
			"$Q/vendor/cert.pem" 2>&1)" && take_events &&
		same events "${#EVENTS[@]}" 0
}

# What a module had been would not be executable for those who copy over it.
purposes_over() { rm -rf "${U:?}"/* && execgate key remove "$Q/vendor/cert.pem"; }

check purpose-begin purposes_begin
# Technique: T1553.002
check purpose-program vendor_program
check purpose-floor vendor_floor
check purpose-catalog vendor_catalog
check purpose-module vendor_module
check purpose-kernel-image vendor_image
# Technique: none
check purpose-shown shown
check purpose-over purposes_over
take_events >/dev/null
