# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# key generate, enroll, list, remove

generate() {
	"$EXECGATE" key generate "$@"
}

expect 0 "generate" generate --out made --no-passphrase
holds "private key is for its owner only" \
	test "$(stat -c %a made/key.pem)" = 600
holds "certificate is for all" test "$(stat -c %a made/cert.pem)" = 644
holds "new folder is for its owner only" test "$(stat -c %a made)" = 700
openssl x509 -in made/cert.pem -noout -text >text
holds "default is RSA-3072" grep -q 'Public-Key: (3072 bit)' text
holds "signed with SHA-256" grep -q 'sha256WithRSAEncryption' text
holds "for code signing" grep -qx ' *Code Signing' text
holds "may sign" grep -qx ' *Digital Signature' text
holds "no CA" grep -qx ' *CA:FALSE' text
holds "has a key identifier" grep -q 'Subject Key Identifier' text
holds "signed by its own key" openssl verify -check_ss_sig -CAfile \
	made/cert.pem made/cert.pem
holds "key and certificate belong together" cmp \
	<(openssl pkey -in made/key.pem -pubout) \
	<(openssl x509 -in made/cert.pem -noout -pubkey)
sum=$(sha256sum made/*)
expect 1 "generate does not overwrite" generate --out made --no-passphrase
says "generate does not overwrite: says which file" made/key.pem
rm made/key.pem
expect 1 "generate does not overwrite a certificate" \
	generate --out made --no-passphrase
holds "and then leaves no key behind" test ! -e made/key.pem
holds "the certificate is as it was" \
	test "${sum%%$'\n'*}" = "$(sha256sum made/cert.pem)"

for type in rsa4096 p256 p384; do
	expect 0 "generate --type $type" generate --out "$type" \
		--type "$type" --no-passphrase --json --name "a $type key" \
		--days 5
	json "generate --type $type: JSON" \
		".description == \"CN=a $type key\" and (.fingerprint | length == 64)"
	fingerprint=$(openssl x509 -in "$type/cert.pem" -outform DER |
		sha256sum | cut -c1-64)
	json "generate --type $type: fingerprint" \
		".fingerprint == \"$fingerprint\""
	holds "generate --type $type: ends in 5 days" openssl x509 \
		-in "$type/cert.pem" -noout -checkend $((4 * 86400))
	cp /bin/true "signed-$type"
	expect 0 "$type signs" "$EXECGATE" sign --key "$type/key.pem" \
		"signed-$type"
	expect 0 "$type verifies" "$EXECGATE" verify --cert "$type/cert.pem" \
		"signed-$type"
done
expect 2 "generate --type of nothing" generate --out x --type dsa
says "generate --type of nothing: lists the types" 'rsa3072 rsa4096 p256 p384'
expect 2 "generate --days 0" generate --out x --days 0
expect 2 "generate --days of no number" generate --out x --days 5x
expect 2 "generate --days needs a value" generate --days
says "generate --days needs a value: says so" 'needs a value'
expect 2 "generate with a stray word" generate x
expect 7 "a passphrase is never the value of an option" \
	generate --out x --passphrase secret
expect 1 "generate with an impossible name" generate --out long --no-passphrase \
	--name "$(printf '%0100d' 0)"
holds "and then leaves nothing behind" test ! -e long/key.pem
expect 2 "generate without a terminal for the passphrase" \
	setsid "$EXECGATE" key generate --out x
says "and says what to give" '--passphrase-file or --no-passphrase'
holds "and leaves nothing behind" test ! -e x/key.pem

echo secret >passphrase
expect 0 "generate --passphrase-file" generate --out locked \
	--passphrase-file passphrase
holds "the key is encrypted" grep -q 'BEGIN ENCRYPTED PRIVATE KEY' \
	locked/key.pem
holds "the passphrase opens it" openssl pkey -in locked/key.pem \
	-passin pass:secret -noout
holds "slow key derivation" grep -q 'INTEGER *:0927C0' \
	<(openssl asn1parse -in locked/key.pem)
cp /bin/true t
expect 0 "sign with an encrypted key" "$EXECGATE" sign \
	--key locked/key.pem --passphrase-file passphrase t
echo wrong >wrong
expect 1 "sign with a wrong passphrase" "$EXECGATE" sign \
	--key locked/key.pem --passphrase-file wrong t
says "wrong passphrase: names the key" locked/key.pem
expect 1 "sign with an encrypted key and no terminal" \
	setsid "$EXECGATE" sign --key locked/key.pem t
: >empty
expect 1 "an empty passphrase file" "$EXECGATE" key generate --out y \
	--passphrase-file empty
expect 7 "a passphrase file that is not there" "$EXECGATE" key generate \
	--out y --passphrase-file missing

# Where keys go and come from by default.
if [ "$(id -u)" -ne 0 ]; then
	expect 0 "generate into the home" generate --no-passphrase
	holds "generate into the home: there" test -e ~/.config/execgate/key.pem
fi
mkdir -p home/.config/execgate
cp "$KEYS"/rsa/*.pem home/.config/execgate/
expect 0 "sign with the key of the home" env HOME="$PWD/home" \
	"$EXECGATE" sign t
expect 0 "and it is that key" verify t
expect 0 "sign with the key of XDG_CONFIG_HOME" \
	env XDG_CONFIG_HOME="$PWD/home/.config" HOME=/ "$EXECGATE" sign t
rm home/.config/execgate/cert.pem
expect 7 "a key without its certificate" env HOME="$PWD/home" \
	"$EXECGATE" sign t
says "a key without its certificate: says what to give" '--cert'
expect 1 "a certificate of another key" "$EXECGATE" sign \
	--key "$KEYS/rsa/key.pem" --cert "$KEYS/other/cert.pem" t
says "a certificate of another key: says so" 'belongs to another key'
expect 1 "a key that is none" "$EXECGATE" sign --key "$KEYS/rsa/cert.pem" \
	--cert "$KEYS/rsa/cert.pem" t
expect 1 "a certificate that is none" "$EXECGATE" sign \
	--key "$KEYS/rsa/key.pem" --cert "$KEYS/rsa/key.pem" t
expect 0 "a PKCS#12 file" "$EXECGATE" sign --key "$KEYS/rsa/key.p12" \
	--passphrase-file passphrase t
expect 0 "a PKCS#12 file: verifies" verify t

# Enrolment without the module: what is checked, and what is kept.
enroll() {
	"$EXECGATE" key enroll --no-load --keys-dir store "$@"
}
for key in rsa rsa4096 p256 p384; do
	expect 0 "enroll $key" enroll "$KEYS/$key/cert.pem"
	name=$(openssl x509 -in "$KEYS/$key/cert.pem" -outform DER | sha256sum |
		cut -c1-16)
	holds "enroll $key: kept under its fingerprint" \
		openssl x509 -in "store/$name.files.catalogs.kernel.pem" -noout
done
refused() {
	expect 5 "enroll $1 is refused" enroll "$KEYS/$1/cert.pem"
	says "enroll $1 is refused: says why" "$2"
}
refused rsa1024 'too weak'
refused rsa2560 'a size that the kernel does not verify'
refused p521 'which the gate does not verify'
refused ed25519 'which the gate does not verify'
refused tls 'not a certificate for code signing'
refused no-eku 'not a certificate for code signing'
refused no-sign 'digitalSignature'
refused expired 'has expired'
refused future 'not valid yet'
expect 5 "enroll --modules of a TLS key" enroll --modules "$KEYS/tls/cert.pem"
holds "what is refused is not kept" test "$(find store -type f | wc -l)" = 4
expect 0 "enroll --allow-expired" enroll --allow-expired \
	"$KEYS/expired/cert.pem"
says "enroll --allow-expired is loud" 'HAS EXPIRED'
prints "enroll --allow-expired: for ever" 'never'
holds "enroll --allow-expired: the name says so" \
	test "$(find store -name '*.allow-expired.pem' | wc -l)" = 1
modules=store/$(openssl x509 -in "$KEYS/no-eku/cert.pem" -outform DER | sha256sum |
	cut -c1-16)
expect 5 "enroll --modules --code of a key not for code" enroll --modules --code \
	"$KEYS/no-eku/cert.pem"
expect 0 "enroll --modules" enroll --modules --json "$KEYS/no-eku/cert.pem"
json "enroll --modules: for nothing else" '.purposes == ["modules"]'
holds "enroll --modules: the name says so" test -e "$modules.modules.pem"
other=store/$(openssl x509 -in "$KEYS/other/cert.pem" -outform DER | sha256sum |
	cut -c1-16)
expect 0 "enroll for code" enroll --json "$KEYS/other/cert.pem"
json "enroll for code: for nothing else" \
	'.purposes == ["files", "catalogs", "kernel"]'
expect 0 "enroll for both" enroll --modules --code "$KEYS/other/cert.pem"
prints "enroll for both: says so" 'modules, files, catalogs, kernel'
holds "enroll for both: in place of the other file" \
	test -e "$other.modules.files.catalogs.kernel.pem" -a \
	! -e "$other.files.catalogs.kernel.pem"
expect 0 "enroll again, saying nothing" enroll --json "$KEYS/other/cert.pem"
json "enroll again, saying nothing: takes nothing back" \
	'.purposes == ["modules", "files", "catalogs", "kernel"]'
expect 0 "enroll --for" enroll --for code,policy --json "$KEYS/other/cert.pem"
json "enroll --for: that, and no more" \
	'.purposes == ["files", "catalogs", "kernel", "policy"]'
holds "enroll --for: the name says so" \
	test -e "$other.files.catalogs.kernel.policy.pem"
expect 0 "enroll --for less" enroll --for files "$KEYS/other/cert.pem"
holds "enroll --for less: one file" test "$(echo "$other".*)" = "$other.files.pem"
mv "$other.files.pem" "$other.pem"
expect 0 "enroll over a name without words" enroll --for catalogs,platform \
	"$KEYS/other/cert.pem"
holds "enroll over a name without words: one file" \
	test "$(echo "$other".*)" = "$other.catalogs.platform.pem"
for list in '' , files, ,files file files,code,nothing 'files catalogs'; do
	expect 2 "enroll --for \"$list\"" enroll --for "$list" "$KEYS/other/cert.pem"
	says "enroll --for \"$list\": names them" 'code, modules, files, catalogs'
done
expect 2 "enroll --for with --modules" enroll --for files --modules \
	"$KEYS/other/cert.pem"
cp /bin/true signed-other
expect 0 "sign with a key for modules only" "$EXECGATE" sign \
	--key "$KEYS/other/key.pem" --cert "$KEYS/other/cert.pem" signed-other
expect 0 "enroll it for modules only" enroll --modules "$KEYS/other/cert.pem"
expect 5 "what it signed does not verify" "$EXECGATE" verify --keys-dir store \
	signed-other
prints "what it signed does not verify: says why" 'trusted to sign something else'
expect 0 "remove it" "$EXECGATE" key remove --keys-dir store "$KEYS/other/cert.pem"
expect 0 "remove the key for modules" "$EXECGATE" key remove --keys-dir store \
	"$KEYS/no-eku/cert.pem"
expect 0 "enroll twice" enroll --json "$KEYS/rsa/cert.pem"
json "enroll --json" '.loaded == false and (.persisted | startswith("store/"))'
expect 0 "enroll DER" bash -c 'openssl x509 -in "$KEYS/other/cert.pem" \
	-outform DER -out der && "$EXECGATE" key enroll --no-load --keys-dir \
	store2 der'
expect 1 "enroll DER with bytes behind it" bash -c 'printf x >>der &&
	"$EXECGATE" key enroll --no-load --keys-dir store2 der'
expect 1 "enroll what is no certificate" enroll "$KEYS/rsa/key.pem"
says "enroll what is no certificate: says so" 'not a certificate'
expect 7 "enroll what is not there" enroll missing.pem
expect 2 "enroll nothing" enroll
expect 2 "enroll --no-load --no-persist" enroll --no-persist x
if [ ! -d /sys/module/execgate ]; then
	expect 6 "enroll without the module" "$EXECGATE" key enroll \
		--keys-dir store3 "$KEYS/rsa/cert.pem"
	holds "enroll without the module keeps nothing" test ! -e store3
	expect 6 "list without the module" "$EXECGATE" key list --json \
		--keys-dir store
	json "list: all kept keys" \
		'(.keys | length == 5) and all(.keys[]; .loaded == false)'
	json "list: an allowed expired key is no problem" \
		'all(.keys[]; .problem == null)'
	cp "$KEYS/tls/cert.pem" store/tls.pem
	echo nonsense >store/nonsense.crt
	expect 6 "list with bad files" "$EXECGATE" key list --json \
		--keys-dir store
	json "list: bad files are shown with their problem" \
		'[.keys[] | select(.problem)] | length == 2'
	expect 6 "list for people" "$EXECGATE" key list --keys-dir store
	prints "list for people: state" 'kept, NOT loaded'
	prints "list for people: problem" 'Problem:'
fi

remove() {
	"$EXECGATE" key remove --keys-dir store "$@"
}
fingerprint=$(openssl x509 -in "$KEYS/p256/cert.pem" -outform DER |
	sha256sum | cut -c1-64)
expect 0 "remove by the beginning of a fingerprint" remove --json \
	"${fingerprint:0:12}"
json "remove --json" ".fingerprint == \"$fingerprint\" and .files_removed == 1"
expect 7 "remove what is gone" remove "$fingerprint"
expect 0 "remove by certificate" remove "$KEYS/p384/cert.pem"
holds "removed from disk" test ! -e "store/${fingerprint:0:16}.pem"
expect 2 "remove with too few digits" remove "${fingerprint:0:6}"
expect 2 "remove nothing" remove
expect 2 "remove what is no fingerprint" remove not-a-fingerprint
expect 0 "remove an allowed expired key" remove "$KEYS/expired/cert.pem"
