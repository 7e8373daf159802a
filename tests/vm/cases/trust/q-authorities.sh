# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# CAs: whom they make trusted, for what and how long, and who only says so. All is
# offered past what user space would say, as anybody who is root can.

QK=/suite/keys
FILES=4 CATALOGS=8 KERNEL=16 POLICY=32

ca_is_for() { execgate key enroll --no-persist --ca --for "$1" "$QK/ca.pem"; }
offer() { "$A" netlink-leaf-add "$QK/$1.der" "${2:-0}"; }
ca_gone() { execgate key remove "$QK/ca.pem"; }

# no_leaf CERTIFICATE ERRNO [REASON [PURPOSES]]: not taken, and one event if there is
# a reason that has one
no_leaf() {
	local before
	before=$(execgate key list --json | tr -d ' \n')
	take_events && says "refused: $2" "$(offer "$1" "${4-}")" && take_events &&
		same keys "$(execgate key list --json | tr -d ' \n')" "$before" || return
	if [[ -z ${3-} ]]; then
		same events "${#EVENTS[@]}" 0
	else
		same events "${#EVENTS[@]}" 1 && event_is "${EVENTS[0]}" reason "$3" &&
			event_is "${EVENTS[0]}" hook policy
	fi
}

# denied FILE REASON: of $V, with one event
denied_now() {
	take_events && expect 126 "$V/$1" && take_events &&
		same events "${#EVENTS[@]}" 1 && event_is "${EVENTS[0]}" reason "$2"
}

no_authority() {
	no_leaf leaf ENOKEY unknown-signer && denied_now leaf-signed unknown-signer
}

no_ca() {
	local label
	for label in no-constraint no-usage; do
		says 'refused: EKEYREJECTED' \
			"$("$A" netlink-ca-add "$QK/ca-$label.der" $FILES)" &&
			expect 5 execgate key enroll --no-persist --ca \
				"$QK/ca-$label.pem" || return
	done
	says 'refused: EKEYREJECTED' "$("$A" netlink-ca-add "$QK/leaf.der" $FILES)"
}

# It signs certificates, and nothing else; they are trusted for what it is for.
trusts_leaf() {
	ca_is_for files,catalogs && denied_now ca-signed unknown-signer &&
		denied_now leaf-signed unknown-signer && expect 9 offer leaf &&
		expect 9 "$V/leaf-signed" &&
		says '"ca": true' "$(execgate key list --json)" &&
		says '"leaf": true' "$(execgate key list --json)" &&
		says 'CA for: *files, catalogs' "$(execgate key list)" &&
		says 'Trusted: *as its CA says' "$(execgate key list)"
}

strange_leaves() {
	no_leaf leaf-self ENOKEY unknown-signer &&
		no_leaf leaf-twin ENOKEY unknown-signer &&
		no_leaf leaf-changed ENOKEY unknown-signer &&
		no_leaf leaf-of-leaf ENOKEY unknown-signer &&
		denied_now leaf-of-leaf-signed unknown-signer &&
		no_leaf trusted ENOTUNIQ && no_leaf stranger ENOKEY unknown-signer
}

bad_leaves() {
	no_leaf leaf-ca EKEYREJECTED && no_leaf leaf-certifies EKEYREJECTED &&
		no_leaf leaf-sha1 EKEYREJECTED && no_leaf leaf-tls EKEYREJECTED &&
		no_leaf leaf-expired EKEYEXPIRED && no_leaf leaf-same-id ENOTUNIQ
}

# Never for more than its CA, by whatever steps.
wider_leaf() {
	no_leaf leaf ENOTUNIQ '' $((FILES | KERNEL)) &&
		expect 5 execgate key enroll --no-persist --leaf \
			--for files,kernel "$QK/leaf.pem" &&
		execgate key remove "$QK/leaf.pem" || return
	no_leaf leaf EACCES wrong-purpose $((FILES | KERNEL)) &&
		no_leaf leaf EACCES wrong-purpose $POLICY &&
		expect 9 offer leaf $CATALOGS && denied_now leaf-signed wrong-purpose &&
		execgate key enroll --no-persist --leaf --for files "$QK/leaf.pem" &&
		expect 9 "$V/leaf-signed"
}

# What a CA is for no longer, its leaves are not either.
narrowed_ca() {
	ca_is_for catalogs && denied_now leaf-signed unknown-signer &&
		no_leaf leaf EACCES wrong-purpose $FILES && ca_is_for files,catalogs &&
		expect 9 offer leaf && expect 9 "$V/leaf-signed"
}

revoked_ca() {
	execgate revoke key --no-persist "$QK/ca.pem" &&
		denied_now leaf-signed revoked &&
		execgate key remove "$QK/leaf.pem" &&
		no_leaf leaf EKEYREVOKED revoked &&
		execgate revoke key --no-persist --undo "$QK/ca.pem" &&
		expect 9 offer leaf && expect 9 "$V/leaf-signed"
}

removed_ca() {
	ca_gone && denied_now leaf-signed unknown-signer &&
		! execgate key list | grep -E 'execgate (leaf|ca)' &&
		no_leaf leaf ENOKEY unknown-signer
}

# The daemon offers, whatever order the files' names are in.
by_daemon() {
	local keys=$T/authorities
	rm -rf "$keys" && mkdir -p "$keys" && stop_daemon &&
		execgate key enroll --no-load --keys-dir "$keys" --ca --for files \
			"$QK/ca.pem" &&
		cp "$QK/leaf.pem" "$keys/0.leaf.pem" &&
		cp "$QK/leaf-self.pem" "$keys/1.leaf.pem" || return
	execgated --config "$conf" --keys "$keys" >"$R/log" 2>&1 &
	echo "$!" >"$R/pid"
	disown
	eventually daemon_lives && eventually expect 9 "$V/leaf-signed" || return
	eventually grep 'no CA that is enrolled signed' "$R/log" && stop_daemon && ca_gone
}

# Technique: T1553.004
check authority-none no_authority
check authority-no-ca no_ca
check authority-leaf trusts_leaf
check authority-strange-leaves strange_leaves
check authority-bad-leaves bad_leaves
check authority-wider-leaf wider_leaf
check authority-narrowed narrowed_ca
check authority-revoked revoked_ca
check authority-removed removed_ca
# Technique: none
check authority-by-daemon by_daemon
take_events >/dev/null
