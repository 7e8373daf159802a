# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A. The file container: trailer and armor. "file" is one of attacks/forge.py.

signed_here() {
	cp "$V/h9" "$U/x" && execgate sign --key /etc/execgate/test/key.pem \
		--cert /etc/execgate/test/cert.pem "$U/x"
}

signed_here_twice() {
	local once
	signed_here && once=$(stat -c %s "$U/x") &&
		execgate sign --key /etc/execgate/test/key.pem \
			--cert /etc/execgate/test/cert.pem "$U/x" &&
		[[ $(stat -c %s "$U/x") == "$once" ]]
}

# The hash that the row names: every byte before the signature is covered.
changed_after_run() {
	cp "$V/good" "$U/x" && expect 9 "$U/x" && touch -r "$U/x" "$T/then" &&
		printf '\xff' | dd of="$U/x" bs=1 seek=4096 conv=notrunc &&
		touch -r "$T/then" "$U/x"
}

signed_by_stranger_now() {
	cp "$V/good" "$U/x" && expect 9 "$U/x" && cp "$V/stranger" "$U/x"
}

# Technique: T1204.002
deny 1-unsigned file=h9 reason=unsigned
deny 1-unsigned-user file=h9 reason=unsigned uid=1000 \
	-- "$A" as 1000 "$U/x"
deny 1-unsigned-from-bash file=h9 reason=unsigned -- "$U/x"
deny 1-unsigned-deleted file=h9 reason=unsigned -- "$A" exec-fd "$U/x"
allow 2-signed-by-openssl file=good
allow 2-signed-by-key-id file=good-key-id
allow 2-signed-by-execgate prepare=signed_here
allow 2-signed-user file=good -- "$A" as 1000 "$U/x"
# Technique: T1554
deny 3-one-byte-changed file=changed reason=digest-mismatch
# The first of them is in the frame of the message.
deny 4-each-of-700-bytes file=good reason=malformed many=700 pid=child \
	target='' -- "$A" flips "$U/x" 700 "$U/flipped"
# Technique: T1553.002
deny 5-stripped file=stripped reason=unsigned
deny 6-appended file=appended reason=unsigned
allow 8-signed-twice prepare=signed_here_twice
for length in zero ones file file-1 all short long; do
	deny "9-length-$length" file="length-$length" reason=malformed
done
deny 9-length-over file=length-over reason=malformed
deny 9-id-type file=id-type reason=malformed
deny 9-padding file=pad reason=malformed
deny 9-magic-only file=magic-only reason=malformed
deny 11-no-payload file=trailer-only hook=mmap works=7 reason=malformed \
	-- "$A" map "$U/x"
# Technique: T1036.001
deny 12-transplanted file=transplanted reason=digest-mismatch
deny 14-same-name-other-key file=twin reason=bad-signature
deny 14-other-key file=stranger reason=unknown-signer

# Technique: T1070.006
# D. Judged again after every change.
deny 59-changed-time-restored prepare=changed_after_run reason=digest-mismatch
# Technique: T1554
deny 59-overwritten-in-place prepare=signed_by_stranger_now \
	reason=unknown-signer
