# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Keys, certificates and files in all the forms that tools and people make.

good=(-addext "basicConstraints=critical,CA:FALSE"
	-addext "keyUsage=critical,digitalSignature" -addext extendedKeyUsage=codeSigning)
echo secret >pass
echo wrong >wrong
cp "$KEYS/rsa/key.pem" rsa.pem
cp "$KEYS/rsa/cert.pem" rsa.crt

# signs WHAT KEY CERT [OPTION...]: with that key, and the result verifies
signs() {
	local what=$1 key=$2 cert=$3
	shift 3
	cp /bin/true t
	expect 0 "sign: $what" setsid "$EXECGATE" sign --key "$key" --cert "$cert" "$@" t
	expect 0 "sign: $what: verifies" "$EXECGATE" verify --cert "$cert" t
}

# cannot WHAT TEXT KEY CERT [OPTION...]: and says why
cannot() {
	local what=$1 text=$2 key=$3 cert=$4
	shift 4
	cp /bin/true t
	expect 1 "no sign: $what" setsid "$EXECGATE" sign --key "$key" --cert "$cert" "$@" t
	says "no sign: $what: says why" "$text"
	holds "no sign: $what: the file is as it was" cmp t /bin/true
}

# The block of the curve before the key, as "openssl ecparam -genkey" writes it.
openssl ecparam -name prime256v1 -genkey -out ec.pem
openssl req -new -x509 -key ec.pem -subj /CN=ec -days 30 "${good[@]}" -out ec.crt
holds "ecparam writes the curve first" grep -q 'BEGIN EC PARAMETERS' ec.pem
signs "EC PARAMETERS before the key" ec.pem ec.crt
openssl ec -in ec.pem -aes128 -passout pass:secret -out ec-locked.pem
signs "an EC key with a passphrase" ec-locked.pem ec.crt --passphrase-file pass
openssl ecparam -name secp384r1 -genkey -out p384.pem
openssl req -new -x509 -key p384.pem -subj /CN=p384 -days 30 "${good[@]}" -out p384.crt
signs "P-384, with its parameters" p384.pem p384.crt
openssl pkcs8 -topk8 -nocrypt -in ec.pem -outform DER -out ec.p8
signs "PKCS#8 in DER" ec.p8 ec.crt
openssl rsa -in rsa.pem -traditional -out old.pem
signs "traditional RSA" old.pem rsa.crt
openssl rsa -in rsa.pem -traditional -outform DER -out old.der
signs "traditional RSA in DER" old.der rsa.crt
for cipher in aes256 des3; do
	openssl rsa -in rsa.pem -traditional -$cipher -passout pass:secret -out $cipher.pem
	signs "traditional RSA with $cipher" $cipher.pem rsa.crt --passphrase-file pass
	cannot "$cipher, another passphrase" 'the passphrase is wrong' $cipher.pem rsa.crt \
		--passphrase-file wrong
done
openssl pkcs8 -topk8 -in rsa.pem -v2 aes256 -passout pass:secret -out p8.pem
signs "PKCS#8 with a passphrase" p8.pem rsa.crt --passphrase-file pass
signs "PKCS#12" "$KEYS/rsa/key.p12" rsa.crt --passphrase-file pass
openssl pkcs12 -export -legacy -inkey rsa.pem -in rsa.crt -passout pass:secret -out rc2.p12
signs "PKCS#12 with RC2" rc2.p12 rsa.crt --passphrase-file pass
cannot "PKCS#12 with RC2, another passphrase" 'the passphrase is wrong' rc2.p12 rsa.crt \
	--passphrase-file wrong
export OPENSSL_MODULES=$PWD/nothing
cannot "PKCS#12 with RC2, no legacy provider" 'openssl-provider-legacy' rc2.p12 rsa.crt \
	--passphrase-file pass
unset OPENSSL_MODULES
openssl pkcs8 -topk8 -in rsa.pem -v1 PBE-MD5-DES -provider legacy -provider default \
	-passout pass:secret -out des.pem
signs "PKCS#8 with DES" des.pem rsa.crt --passphrase-file pass
cat rsa.crt rsa.pem >both.pem
signs "certificate and key in one file" both.pem both.pem
cat rsa.pem rsa.crt >both.pem
signs "key and certificate in one file" both.pem both.pem
for _ in $(seq 40); do cat rsa.crt; done >bundle.pem
cat ec.pem >>bundle.pem
signs "a key behind a bundle" bundle.pem ec.crt
sed 's/$/\r/' ec.pem >crlf.pem
signs "a key with CRLF" crlf.pem ec.crt
{ printf '\xef\xbb\xbf' && cat rsa.pem; } >bom.pem
signs "a key with a byte order mark" bom.pem rsa.crt
cannot "a certificate for a key" 'is not a private key' rsa.crt rsa.crt
cannot "an empty key" 'is not a private key' /dev/null rsa.crt
openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out pss.pem 2>/dev/null
openssl req -new -x509 -key pss.pem -subj /CN=pss -days 30 "${good[@]}" -out pss.crt
openssl ecparam -name brainpoolP256r1 -genkey -out pool.pem
openssl req -new -x509 -key pool.pem -subj /CN=pool -days 30 "${good[@]}" -out pool.crt
openssl ecparam -name secp521r1 -genkey -out p521.pem
openssl req -new -x509 -key p521.pem -subj /CN=p521 -days 30 "${good[@]}" -out p521.crt
openssl genpkey -algorithm ED25519 -out ed25519.pem
openssl req -new -x509 -key ed25519.pem -subj /CN=ed25519 -days 30 "${good[@]}" \
	-out ed25519.crt
for name in pss pool p521 ed25519; do
	cp /bin/true t
	expect 5 "no sign: $name" "$EXECGATE" sign --key $name.pem --cert $name.crt t
	says "no sign: $name: says why" 'which the gate does not verify'
done

# enrolls WHAT CERT [CODE]
enrolls() {
	rm -rf store
	expect "${3-0}" "enroll: $1" "$EXECGATE" key enroll --no-load --keys-dir store "$2"
}
{ echo 'Bag Attributes: of another tool' && cat rsa.crt; } >text.crt
enrolls "text before" text.crt
sed 's/$/\r/' rsa.crt >crlf.crt
enrolls "CRLF" crlf.crt
{ printf '\xef\xbb\xbf' && cat rsa.crt; } >bom.crt
enrolls "a byte order mark" bom.crt
cat rsa.crt ec.crt >two.crt
enrolls "a bundle" two.crt
holds "enroll: a bundle: its first" grep -q 'CN=rsa' out
make() { openssl req -new -x509 -key rsa.pem -days 30 -out "$1.crt" "${@:2}"; }
make name -subj '/CN=Größe Zoë 山' -utf8 "${good[@]}"
enrolls "a name in UTF-8" name.crt
prints "a name in UTF-8 is readable" 'CN=Größe Zoë 山'
make bidi -subj $'/CN=a\u202eb' -utf8 "${good[@]}"
enrolls "a name that turns the line" bidi.crt
holds "it does not" bash -c '! grep -q $'"'\u202e'"' out'
make cut -subj "/CN=$(printf 'ä%.0s' {1..64})/O=$(printf 'ö%.0s' {1..64})" -utf8 "${good[@]}"
enrolls "a name that is cut" cut.crt
holds "it is cut between characters" bash -c 'iconv -f UTF-8 -t UTF-8 out >/dev/null'
make no-skid -subj /CN=no-skid -addext subjectKeyIdentifier=none "${good[@]}"
enrolls "no key identifier" no-skid.crt
signs "a certificate with no key identifier" rsa.pem no-skid.crt
make critical -subj /CN=critical -addext 1.2.3.4=critical,DER:0500 "${good[@]}"
enrolls "a critical extension that nobody knows" critical.crt 5
says "it says which" 'critical extension'
make plain -subj /CN=plain -addext 1.2.3.4=DER:0500 "${good[@]}"
enrolls "the same, not critical" plain.crt
make policies -subj /CN=p -addext certificatePolicies=critical,1.2.3 "${good[@]}"
enrolls "a critical one that says nothing against it" policies.crt
# Ubuntu's shim-signed makes such a MOK, Debian 12's dkms one that says no use.
make mok -subj /CN=mok -addext basicConstraints=critical,CA:FALSE \
	-addext extendedKeyUsage=codeSigning,1.3.6.1.4.1.2312.16.1.2 \
	-addext nsComment=DER:1600
enrolls "Ubuntu's MOK" mok.crt
make dkms -subj /CN=dkms
enrolls "Debian 12's MOK, for code" dkms.crt 5
says "it names the way" '--modules'
expect 0 "Debian 12's MOK, for modules" "$EXECGATE" key enroll --no-load \
	--keys-dir store --modules dkms.crt

# A key that ended since is no problem of the store: what it signed stays good.
openssl x509 -in "$KEYS/expired/cert.pem" -out store/old.pem
"$EXECGATE" key list --json --keys-dir store >out 2>err
holds "a key that has ended is kept" jq -e 'all(.keys[]; .problem == null)' out
SOURCE_DATE_EPOCH=1590000000 "$EXECGATE" manifest -o m /bin/true >/dev/null
openssl cms -sign -binary -nodetach -noattr -nocerts -md sha256 -outform DER \
	-signer "$KEYS/expired/cert.pem" -inkey "$KEYS/expired/key.pem" -in m -out m.cms
cp /bin/true in-time
"$EXECGATE" attach --cms m.cms in-time >/dev/null
expect 0 "signed before the end of its key" "$EXECGATE" verify --keys-dir store in-time
SOURCE_DATE_EPOCH=1609459201 "$EXECGATE" manifest -o m /bin/true >/dev/null
openssl cms -sign -binary -nodetach -noattr -nocerts -md sha256 -outform DER \
	-signer "$KEYS/expired/cert.pem" -inkey "$KEYS/expired/key.pem" -in m -out m.cms
cp /bin/true late
"$EXECGATE" attach --cms m.cms late >/dev/null
expect 5 "signed a second after it" "$EXECGATE" verify --keys-dir store late
# A certificate of the future is none on the machine where its file is from then.
cp "$KEYS/future/cert.pem" future.crt
cp /bin/true t
expect 5 "a key of the future" "$EXECGATE" sign --key rsa.pem --cert future.crt t
touch -d 2041-01-01 future.crt
expect 0 "a clock that is behind the key's file" "$EXECGATE" sign --key rsa.pem \
	--cert future.crt t

# Files.
cp /bin/true odd
printf 'PK\3\4zip behind it' >>odd
signs_file() {
	expect 0 "file: $1" sign "$2"
	expect 0 "file: $1: verifies" verify "$2"
}
signs_file "a zip behind ELF" odd
printf '#!/bin/sh\r\necho x\r\n' >crlf.sh
chmod +x crlf.sh
expect 0 "file: a script with CRLF" sign --armor crlf.sh
expect 0 "file: a script with CRLF: verifies" verify crlf.sh
name=$(printf 'n%.0s' {1..255})
cp /bin/true "$name"
signs_file "a name of 255 bytes" "$name"
cp /bin/true $'line\nfeed'
signs_file "a newline in its name" $'line\nfeed'
cp /bin/true $'\377\376'
signs_file "a name that is not UTF-8" $'\377\376'
cp /bin/true linked
ln linked other-name
signs_file "hard links" linked
holds "file: hard links: the other one is as it was" cmp other-name /bin/true
# Past what 32 bits count, nearly all of it holes.
cp /bin/true large
truncate -s 5G large
signs_file "5 GiB" large
holds "file: 5 GiB: its holes stay" test "$(stat -c %b large)" -lt 4000
if [ "$(id -u)" -eq 0 ]; then
	cp /bin/true suid
	chmod 4755 suid
	signs_file "setuid" suid
	holds "file: setuid stays" test "$(stat -c %a suid)" = 4755
	cp /bin/true fixed
	if chattr +i fixed; then
		expect 8 "file: immutable" sign fixed
		chattr -i fixed
		holds "file: immutable: as it was" cmp fixed /bin/true
	else
		fail "file: a file can be made immutable here"
	fi
fi

# Files and folders that come and go while they are listed.
mkdir -p busy/stay
cp /bin/true busy/stay/
while :; do
	mkdir -p busy/a/b busy/c 2>/dev/null
	cp /bin/true busy/a/b/x 2>/dev/null
	echo '#!/bin/sh' >busy/c/y 2>/dev/null
	rm -rf busy/a busy/c
done 2>/dev/null &
churn=$!
failed=0
for _ in $(seq 40); do
	"$EXECGATE" catalog build --no-cache --name busy --sequence 1 -o busy.m busy \
		>/dev/null 2>busy.err || failed=1
done
kill "$churn"
wait "$churn" 2>/dev/null
holds "a folder that changes while it is listed" test "$failed" = 0
# One that goes between the look at it and its opening, each time.
cat >vanish.c <<'C'
#include "opens.h"
#include <string.h>
#include <unistd.h>
static int look(const char *path, int flags)
{
	(void)flags;
	if (strstr(path, "/goes"))
		unlink(path);
	return 0;
}
C
preloaded vanish
mkdir vanishing
cp /bin/true vanishing/stays
cp /bin/true vanishing/goes
vanish() {
	env ASAN_OPTIONS=verify_asan_link_order=0 LD_PRELOAD="$PWD/vanish.so" "$EXECGATE" \
		catalog build --no-cache --name v --sequence 1 -o v.m "$@"
}
expect 0 "a file that vanishes before it is opened" vanish vanishing
prints "the others are listed" '1 digests of 1 identity'
holds "it did vanish" test ! -e vanishing/goes
cp /bin/true vanishing/goes
expect 1 "one that was named may not" vanish vanishing/stays vanishing/goes
says "it is told" 'cannot open vanishing/goes'
expect 7 "a folder that is not there" "$EXECGATE" catalog build --no-cache --name none \
	--sequence 1 -o none.m nowhere
