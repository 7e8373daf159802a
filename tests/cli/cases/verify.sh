# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# verify: each reason with its exit code, and nothing accepted that is altered.

cp /bin/true t
cp t plain
sign --identity org.example/true --version 7 t >/dev/null
size=$(stat -c %s plain)
signed=$(stat -c %s t)

# judge CODE REASON WHAT FILE
judge() {
	expect "$1" "$3: exits with $1" verify --json "$4"
	json "$3: $2" ".files[0].reason == \"$2\" and .files[0].exit_code == $1
		and .files[0].allowed == ($1 == 0) and .allowed == ($1 == 0)"
	expect "$1" "$3, for people" verify "$4"
	prints "$3, for people: reason" "$4: $2: "
}

judge 0 allowed "signed" t
expect 0 "signed, --json" verify --json t
json "signed: all that was signed" '.files[0] | .identity == "org.example/true"
	and .identity_version == 7 and .classes == ["program"]
	and .carrier == "trailer" and .signer.description == "CN=rsa"'
json "signed: the digest is that of the payload" \
	".files[0].digest == \"$(sha256sum plain | cut -c1-64)\"
	and .files[0].payload_size == $size"
judge 3 unsigned "not signed" plain
cp t changed
printf '\xff' | dd of=changed bs=1 seek=4096 conv=notrunc 2>/dev/null
judge 4 digest-mismatch "content changed" changed
expect 4 "content changed" verify --json changed
json "content changed: no identity is believed" \
	'.files[0] | has("identity") | not'
cat t plain >appended
judge 3 unsigned "bytes appended" appended
head -c -1 t >shorter
judge 3 unsigned "last byte cut off" shorter
{
	head -c $((size - 1)) plain
	tail -c $((signed - size)) t
} >moved
judge 4 digest-mismatch "one byte of content cut out" moved
cp /bin/false other
{
	cat other
	tail -c $((signed - size)) t
} >transplant
judge 4 digest-mismatch "signature of another file" transplant
tail -c $((signed - size)) t >bare
judge 4 malformed "a signature and nothing before it" bare
for length in 00000000 ffffffff "$(printf %08x "$signed")" \
	"$(printf %08x $((signed - 1)))" 00000001; do
	cp t length
	# shellcheck disable=SC2059
	printf "$(echo "$length" | sed 's/../\\x&/g')" |
		dd of=length bs=1 seek=$((signed - 32)) conv=notrunc 2>/dev/null
	expect 4 "signature length $length" verify length
done

"$EXECGATE" sign --key "$KEYS/other/key.pem" plain >/dev/null
judge 5 unknown-signer "signed by a stranger" plain
cp /bin/true twin
"$EXECGATE" sign --key "$KEYS/twin/key.pem" twin >/dev/null
judge 4 bad-signature "same name and serial, another key" twin
expect 0 "two certificates of one name: the right one counts" \
	verify --cert "$KEYS/twin/cert.pem" twin

# The right digest with another size: a writer's error, or somebody's trick.
cp /bin/true sized
"$EXECGATE" manifest -o m sized >/dev/null
printf '\1' | dd of=m bs=1 seek=130 conv=notrunc 2>/dev/null
openssl cms -sign -binary -nodetach -noattr -nocerts -md sha256 -outform DER \
	-signer "$KEYS/rsa/cert.pem" -inkey "$KEYS/rsa/key.pem" -in m -out m.cms
expect 4 "another size in the manifest: attach refuses" \
	"$EXECGATE" attach --cms m.cms sized
python3 - >>sized <<'PY'
import struct, sys
cms = open("m.cms", "rb").read()
sys.stdout.buffer.write(cms + bytes([0, 0, 2, 0, 0, 0, 0, 0]) +
                        struct.pack(">I", len(cms)) +
                        b"~execgate signature v1 end~\n")
PY
judge 4 digest-mismatch "another size in the manifest" sized

mkdir keys
cp "$KEYS/rsa/cert.pem" keys/a.pem
expect 0 "--keys-dir" "$EXECGATE" verify --keys-dir keys t
expect 0 "--keys-dir with rubbish in it" bash -c \
	'echo rubbish >keys/b.pem; cp "$KEYS/tls/cert.pem" keys/c.pem
	"$EXECGATE" verify --keys-dir keys t'
expect 5 "--keys-dir that is not there" "$EXECGATE" verify --keys-dir no t
says "--keys-dir that is not there: warns" 'no certificate in no'
expect 5 "a certificate that is not for code signing trusts nothing" \
	"$EXECGATE" verify --keys-dir "$KEYS/tls" t

# Signed in its time by a key that has expired since.
"$EXECGATE" manifest -o m plain >/dev/null
openssl cms -sign -binary -nodetach -noattr -nocerts -md sha256 -outform DER \
	-signer "$KEYS/expired/cert.pem" -inkey "$KEYS/expired/key.pem" \
	-in m -out m.cms
"$EXECGATE" attach --cms m.cms plain >/dev/null
mkdir old
cp "$KEYS/expired/cert.pem" old/old.pem
expect 5 "the key has expired" "$EXECGATE" verify --json --keys-dir old plain
json "the key has expired: reason" '.files[0].reason == "expired"'
mv old/old.pem old/old.allow-expired.pem
expect 0 "the key may be expired" "$EXECGATE" verify --keys-dir old plain
expect 0 "--cert asks whatever the dates" "$EXECGATE" verify \
	--cert "$KEYS/expired/cert.pem" plain

expect 4 "several files: exit code of the first that fails" \
	verify --json t changed other
json "several files: all are told" '[.files[].reason] ==
	["allowed", "digest-mismatch", "unsigned"] and .allowed == false'
expect 7 "a file that is not there" verify t missing
expect 1 "a folder" verify .
expect 2 "no file" verify
expect 2 "--extract-cms of two files" verify --extract-cms x t t
expect 3 "--extract-cms of an unsigned file" verify --extract-cms x other
holds "--extract-cms of an unsigned file writes nothing" test ! -e x
if [ "$(id -u)" -eq 0 ]; then
	cp t secret
	chmod 600 secret
	chmod 755 . "$(dirname "$PWD")"
	expect 8 "a file that may not be read" \
		unprivileged "$EXECGATE" verify --cert "$KEYS/rsa/cert.pem" \
		"$PWD/secret"
	says "a file that may not be read: says so" 'Permission denied'
fi

# Every byte of the signature, changed in turn: never accepted.
printf '#!/bin/sh\nexit 9\n' >s
sign s >/dev/null
accepted=''
for file in t s; do
	total=$(stat -c %s $file)
	from=$((total - 700))
	[ $from -gt 0 ] || from=0
	python3 - "$file" $from "$total" <<'PY'
import os, sys
name, start, end = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
data = open(name, "rb").read()
os.mkdir(name + ".d")
for at in range(start, end):
    with open("%s.d/%d" % (name, at), "wb") as out:
        out.write(data[:at] + bytes([data[at] ^ 0xff]) + data[at + 1:])
PY
	"$EXECGATE" verify --cert "$KEYS/rsa/cert.pem" --json "$file".d/* \
		>flips.json 2>/dev/null
	accepted+=$(jq '[.files[] | select(.allowed)] | length' flips.json)
	holds "every flipped byte of $file was judged" \
		test "$(jq '.files | length' flips.json)" -eq $((total - from))
	rm -r "$file.d"
done
holds "no flipped byte is accepted" test "$accepted" = 00

# A catalog of this machine may vouch for a file, and is itself a file to ask about.
mkdir catalogs
cp /bin/true listed
cp /bin/false unlisted
expect 0 "make a catalog" "$EXECGATE" catalog build --name mine --sign \
	--key "$KEYS/rsa/key.pem" -o catalogs/mine.cat listed
expect 0 "a file in a catalog" verify --catalogs-dir catalogs listed
prints "a file in a catalog: which" 'Catalog:        mine'
prints "a file in a catalog: the carrier" 'Carrier:        catalog'
expect 0 "a file in a catalog, as JSON" verify --json --catalogs-dir catalogs listed
json "a file in a catalog, as JSON: which" \
	'.files[0].catalog == "mine" and .files[0].allowed and .files[0].carrier == "catalog"'
expect 3 "a file in no catalog" verify --catalogs-dir catalogs unlisted
expect 3 "a catalog of another key" "$EXECGATE" verify --cert "$KEYS/p256/cert.pem" \
	--catalogs-dir catalogs listed
expect 0 "a catalog itself" verify catalogs/mine.cat
prints "a catalog itself: says what it is" 'catalog mine, sequence'
expect 5 "a catalog itself, of another key" "$EXECGATE" verify \
	--cert "$KEYS/p256/cert.pem" catalogs/mine.cat
says "a catalog itself, of another key: says so" 'key that is not trusted'
printf x >>listed
expect 3 "a file in a catalog, changed" verify --catalogs-dir catalogs listed
cp catalogs/mine.cat catalogs/damaged.cat
printf x | dd of=catalogs/damaged.cat bs=1 seek=90 conv=notrunc status=none
expect 3 "a damaged catalog vouches for nothing" verify --catalogs-dir catalogs unlisted

# Of several files the gravest code, whatever their order.
cp /bin/true good && sign good
cp good altered && printf x | dd of=altered bs=1 seek=900 conv=notrunc status=none
for order in 'good unlisted altered none' 'none altered unlisted good'; do
	# shellcheck disable=SC2086 # words
	expect 4 "the gravest of: $order" verify $order
done
expect 3 "unsigned before unreadable" verify none good unlisted
expect 7 "unreadable alone" verify good none
