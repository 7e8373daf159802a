# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Files signed by the kernel's own sign-file: detached over the content, behind
# the kernel's magic. Such a signature does not say what it is for: it counts for
# kernel modules, by keys that were enrolled for those, and for nothing else.

execgate key enroll --no-persist --modules /suite/keys/modules.pem >"$T/out" 2>&1 ||
	not_ok "$mode/modsig-setup" "the key for modules is not enrolled"

# As code it is no signature at all, whoever made it.
for signer in '' -code; do
	# Technique: T1553.002
	deny "modsig-program$signer" file="modsig$signer" reason=unsigned
	deny "modsig-program-user$signer" file="modsig$signer" reason=unsigned uid=1000 \
		-- "$A" as 1000 "$U/x"
	deny "modsig-library$signer" file="modsig$signer.so" hook=mmap reason=unsigned \
		evil='evil ran' left=9 refused='failed to map segment|cannot be preloaded' \
		-- env LD_PRELOAD="$U/x" "$V/good-d9"
	deny "modsig-script$signer" file="modsig$signer-script" reason=unsigned
done
# What was signed to say something else.
for signer in trusted modules; do
	deny "modsig-raw-signature-$signer" file="replayed-raw-$signer" reason=unsigned
	for what in manifest attributes; do
		deny "modsig-$what-$signer" file="replayed-$what-$signer" hook=mmap \
			works=7 reason=unsigned -- "$A" map "$U/x"
	done
done
# And a key for modules vouches for nothing that a manifest says.
deny modsig-key-signs-program file=good-by-modules reason=wrong-purpose

# as_module FILE REASON: what the kernel says of a module that it would load
as_module() {
	local json
	json=$(execgate check --json --hook kernel-read "$V/$1")
	event_is "$json" reason "$2"
}
# Sparse, so that it fits; its bound is looked at before its signature.
too_large() {
	local json
	cp "$V/h9" "$T/large" && truncate -s 33M "$T/large" &&
		cat "$V/modsig-part" >>"$T/large" || return
	json=$(execgate check --json --hook kernel-read "$T/large")
	rm "$T/large"
	event_is "$json" reason too-large
}
policy_refused() {
	says 'is trusted to sign something else' \
		"$(execgate policy load --force "$V/policy-by-modules" 2>&1)"
}
enrolled_twice() {
	expect 0 execgate key enroll --no-persist --modules /suite/keys/modules.pem &&
		says 'to sign something else' "$(execgate key enroll --no-persist \
			--modules --code /suite/keys/trusted.pem 2>&1)"
}

# Technique: none
check "$mode/modsig-good" as_module modsig allowed
# Technique: T1547.006
check "$mode/modsig-code-key" as_module modsig-code wrong-purpose
check "$mode/modsig-changed" as_module modsig-changed bad-signature
check "$mode/modsig-changed-signature" as_module modsig-changed-signature \
	bad-signature
check "$mode/modsig-transplanted" as_module modsig-transplanted bad-signature
check "$mode/modsig-same-name-other-key" as_module modsig-twin bad-signature
check "$mode/modsig-unknown-signer" as_module modsig-stranger unknown-signer
check "$mode/modsig-tls-key" as_module modsig-tls unknown-signer
check "$mode/modsig-sha1" as_module modsig-sha1 weak-algorithm
check "$mode/modsig-appended" as_module modsig-appended unsigned
check "$mode/modsig-length-zero" as_module modsig-length-zero malformed
check "$mode/modsig-length-ones" as_module modsig-length-ones malformed
check "$mode/modsig-length-all" as_module modsig-length-all malformed
check "$mode/modsig-script-as-module" as_module modsig-script unsigned
check "$mode/modsig-manifest-as-module" as_module replayed-manifest-modules unsigned
check "$mode/modsig-attributes-as-module" as_module replayed-attributes-modules \
	unsigned
check "$mode/modsig-manifest-by-modules-key" as_module good-by-modules wrong-purpose
check "$mode/modsig-too-large" too_large
# Technique: T1553.006
check "$mode/modsig-key-signs-policy" policy_refused
# Technique: none
check "$mode/modsig-key-for-something-else" enrolled_twice
# Checks keep their own count of events.
take_events >/dev/null
execgate key remove /suite/keys/modules.pem >/dev/null
