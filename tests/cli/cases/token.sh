# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A key in a PKCS#11 token, played by SoftHSM; tests/deps installs it.

module=$(find /usr/lib -name libsofthsm2.so 2>/dev/null | head -n 1)
mkdir tokens
printf 'directories.tokendir = %s/tokens\nobjectstore.backend = file\n' \
	"$PWD" >softhsm2.conf
export SOFTHSM2_CONF=$PWD/softhsm2.conf
# The first is read by the engine, the second by the provider.
export PKCS11_MODULE_PATH=$module PKCS11_PROVIDER_MODULE=$module
openssl pkey -in "$KEYS/rsa/key.pem" -traditional -out traditional.pem
openssl pkcs8 -topk8 -nocrypt -in traditional.pem -out key.pem
holds "a token" softhsm2-util --init-token --free --label build --pin 1234 \
	--so-pin 5678
holds "a key in it" softhsm2-util --import key.pem --token build \
	--label signer --id a1 --pin 1234
rm key.pem traditional.pem
echo 1234 >pin
echo 4321 >wrong
uri='pkcs11:token=build;object=signer'

# token [OPTION...] FILE...
token() {
	"$EXECGATE" sign --key "$uri" --cert "$KEYS/rsa/cert.pem" "$@"
}
cp /bin/true t
expect 0 "sign, PIN from a file" token --passphrase-file pin t
expect 0 "sign, PIN from a file: verifies" verify t
mkdir many
for i in $(seq 20); do
	cp /bin/true "many/$i"
done
expect 0 "sign many" token --passphrase-file pin many/*
prints "sign many: all" '20 signed, 0 skipped, 0 failed'
expect 0 "sign many: they verify" verify many/*
expect 0 "a catalog, signed in the token" "$EXECGATE" catalog build --name many \
	--sequence 1 --sign --key "$uri" --cert "$KEYS/rsa/cert.pem" \
	--passphrase-file pin -o many.cat many
expect 0 "it verifies" "$EXECGATE" catalog verify --cert "$KEYS/rsa/cert.pem" many.cat
cp /bin/true u
# Below, the module and the engine speak on standard error too.
expect 1 "a wrong PIN" token --passphrase-file wrong u
holds "a wrong PIN: says so" grep -q '^execgate: the key pkcs11:.*PIN right?' \
	err
expect 1 "no PIN and no terminal" setsid "$EXECGATE" sign --key "$uri" \
	--cert "$KEYS/rsa/cert.pem" u
uri='pkcs11:token=build;object=other'
expect 1 "no such key" token --passphrase-file pin u
expect 2 "no certificate" "$EXECGATE" sign --key "$uri" u
says "no certificate: says what to give" 'give --cert'
holds "a file that was not signed is as it was" cmp u /bin/true
