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
for i in $(seq 300); do
	cp /bin/true "many/$i"
done
expect 0 "sign many" token --passphrase-file pin many/*
prints "sign many: all" '300 signed, 0 skipped, 0 failed'
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
holds "no certificate: the file is as it was" cmp u /bin/true
uri='pkcs11:token=build;object=signer'
for gone in /no/such/module.so /dev/null; do
	expect 1 "no module: $gone" env PKCS11_MODULE_PATH="$gone" \
		PKCS11_PROVIDER_MODULE="$gone" "$EXECGATE" sign --key "$uri" \
		--cert "$KEYS/rsa/cert.pem" --passphrase-file pin u
	holds "no module: $gone: says so" grep -q '^execgate: the key pkcs11:.*PKCS#11 module' err
done
holds "a file that was not signed is as it was" cmp u /bin/true

# What apt's hook signs with such a key. Its paths are the system's, so it runs
# among copies of them, with one package installed.
hook() {
	unshare --mount sh -euc '
		mount -t tmpfs tmpfs "$1"
		mkdir "$1/etc" "$1/work"
		mount -t overlay -o "lowerdir=/etc,upperdir=$1/etc,workdir=$1/work" etc /etc
		mount -t tmpfs tmpfs /run
		mount -t tmpfs tmpfs /var/lib/dpkg
		mkdir -p /var/lib/dpkg/info /etc/execgate/local
		printf "Package: tiny\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n" \
			>/var/lib/dpkg/status
		echo /bin/true >/var/lib/dpkg/info/tiny.list
		md5sum /bin/true | sed "s#/bin#bin#" >/var/lib/dpkg/info/tiny.md5sums
		cp "$KEYS/rsa/cert.pem" /etc/execgate/local/cert.pem
		printf "KEY=\"%s\"\nPASSPHRASE_FILE=%s\n" "$2" "$3" >/etc/execgate/local/hook.conf
		PATH=$(dirname "$EXECGATE"):$PATH "$TOP/userspace/apt/execgate-apt" setup
		test ! -e /etc/execgate/local/key.pem
		cp /etc/execgate/catalogs/local.cat "$4"' sh "$PWD/over" "$1" "$2" \
		"$PWD/local.cat"
}
# setup_with OPTION...: makes or takes the key; hook.conf and the key come out
setup_with() {
	rm -rf made && mkdir made
	unshare --mount sh -euc '
		over=$1 made=$2
		shift 2
		mount -t tmpfs tmpfs "$over"
		mkdir "$over/etc" "$over/work"
		mount -t overlay -o "lowerdir=/etc,upperdir=$over/etc,workdir=$over/work" etc /etc
		mount -t tmpfs tmpfs /run
		mount -t tmpfs tmpfs /var/lib/dpkg
		mkdir -p /var/lib/dpkg/info
		printf "Package: tiny\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n" \
			>/var/lib/dpkg/status
		echo /bin/true >/var/lib/dpkg/info/tiny.list
		md5sum /bin/true | sed "s#/bin#bin#" >/var/lib/dpkg/info/tiny.md5sums
		mount -t tmpfs tmpfs /var/cache
		rm -rf /etc/execgate
		PATH=$(dirname "$EXECGATE"):$PATH
		"$TOP/userspace/apt/execgate-apt" setup "$@"
		cp /var/cache/execgate/code "$made"
		# As the hook does it later, with nothing but what setup kept.
		"$TOP/userspace/apt/execgate-apt" refresh
		cp -r /etc/execgate/local /etc/execgate/catalogs "$made"' sh "$PWD/over" \
		"$PWD/made" "$@"
}
if [ "$(id -u)" = 0 ]; then
	mkdir over
	expect 0 "setup" setup_with
	holds "setup: a warning names what is stronger" grep -q -- '--token URI' err
	holds "setup: what is code is noted, for the first transaction" \
		grep -q ' /bin/true$' made/code
	holds "setup: an open key" grep -q 'BEGIN PRIVATE KEY' made/local/key.pem
	echo 'a passphrase' >"it's a file"
	expect 0 "setup --passphrase-file" setup_with --passphrase-file "$PWD/it's a file"
	holds "setup --passphrase-file: the key is locked" \
		grep -q 'BEGIN ENCRYPTED PRIVATE KEY' made/local/key.pem
	holds "setup --passphrase-file: it signed" "$EXECGATE" catalog verify \
		--cert made/local/cert.pem made/catalogs/local.cat
	expect 0 "setup --token" setup_with --token 'pkcs11:token=build;object=signer' \
		--cert "$KEYS/rsa/cert.pem" --passphrase-file "$PWD/pin"
	holds "setup --token: no key is made" test ! -e made/local/key.pem
	holds "setup --token: the token signed" "$EXECGATE" catalog verify \
		--cert "$KEYS/rsa/cert.pem" made/catalogs/local.cat
	expect 0 "apt's hook with a key in a token" hook \
		'pkcs11:token=build;object=signer' "$PWD/pin"
	expect 0 "apt's hook: the token signed its catalog" "$EXECGATE" catalog verify \
		--cert "$KEYS/rsa/cert.pem" local.cat
	expect 0 "apt's hook: it can be shown" "$EXECGATE" catalog show \
		--entries local.cat
	prints "apt's hook: what the package has is in it" \
		"$(sha256sum /bin/true | cut -c1-16)"
	expect 1 "apt's hook with a wrong PIN" hook \
		'pkcs11:token=build;object=signer' "$PWD/wrong"
fi
