# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Keys: what may not be enrolled, and what removing one means.

K=/suite/keys

enroll_refused() {
	local before
	before=$(counter keys)
	expect 5 execgate key enroll "$K/$1.pem" &&
		same "number of keys" "$(counter keys)" "$before" &&
		says "$2" "$(cat "$T/out")"
}

# Past the command line: the kernel has its own bar.
kernel_refuses_key() {
	local before output
	before=$(counter keys)
	output=$("$A" netlink-key-add "$K/$1.der")
	says refused: "$output" &&
		same "number of keys" "$(counter keys)" "$before"
}

# The verdict of a file lives in the cache no longer than the trust in its key.
key_removed() {
	mkdir -p "$U" && cp "$V/second-signed" "$U/x" &&
		execgate key enroll "$K/second.pem" && expect 9 "$U/x" &&
		expect 9 "$U/x" && take_events &&
		execgate key remove "$K/second.pem" &&
		expect 126 "$U/x" && take_events &&
		same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason unknown-signer &&
		execgate key enroll "$K/second.pem" && expect 9 "$U/x"
}

# Another key under an enrolled one's name is not that one.
key_twin() {
	local before
	before=$(counter keys)
	expect 1 execgate key enroll "$K/twin.pem" &&
		same "number of keys" "$(counter keys)" "$before" &&
		! grep -q "$(openssl x509 -in "$K/twin.pem" -noout \
			-fingerprint -sha256 | tr -d : | cut -d= -f2 |
			tr A-F a-f)" <<<"$(execgate key list --json)"
}

# Nor is one that bears its id: the kernel would take either of them for a message
# that names that, and with it what the other one is for.
key_same_id() {
	local before
	before=$(counter keys)
	says 'this key id' "$(execgate key enroll --no-persist --for files \
		"$K/$1.pem" 2>&1)" &&
		says refused: "$("$A" netlink-key-add "$K/$1.der")" &&
		same "number of keys" "$(counter keys)" "$before"
}

key_again() {
	local before
	before=$(counter keys)
	expect 0 execgate key enroll "$K/trusted.pem" &&
		same "number of keys" "$(counter keys)" "$before"
}

expired_when_asked() {
	execgate key enroll --allow-expired "$K/expired.pem" &&
		execgate key remove "$K/expired.pem"
}

execgate key enroll "$K/trusted.pem" >/dev/null || not_ok keys/setup "enrol"
# Technique: T1553.004
check 16-rsa512 enroll_refused rsa512 weak
check 16-rsa1024 enroll_refused rsa1024 weak
check 16-rsa512-kernel kernel_refuses_key rsa512
check 16-rsa1024-kernel kernel_refuses_key rsa1024
check 17-expired enroll_refused expired expired
check 17-expired-when-asked expired_when_asked
check 17-expired-kernel kernel_refuses_key expired
check 20-tls-leaf-kernel kernel_refuses_key tls
check 20-tls-leaf enroll_refused tls '[Cc]ode ?[Ss]igning'
check 14-same-name-enrolled key_twin
check 14-same-key-id key_same_id same-id
check 14-name-as-key-id key_same_id id-of-name
# Technique: none
check key-enrolled-again key_again
check key-removed key_removed
