# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What a screen says is so: nothing is claimed that was not asked, and each mistake has its
# own sentence.

loaded() { [ -e /sys/module/execgate ]; }

# Without root, or without the module, the kernel was not asked what it trusts.
mkdir -p empty && chmod 755 empty .
for list in "key list:--keys-dir:key" "catalog list:--catalogs-dir:catalog"; do
	IFS=: read -r command option noun <<<"$list"
	# shellcheck disable=SC2086
	unprivileged "$EXECGATE" $command $option empty >out 2>err
	status=$?
	if loaded; then wanted=8; else wanted=6; fi
	holds "$command of a user: the status says that nobody was asked" test $status -eq $wanted
	says "$command of a user: says what is shown" "only kept ${noun}s are shown"
	holds "$command of a user: nothing is claimed" \
		sh -c '! grep -E "No key is trusted|There is no catalog|NOT loaded" out'
	# shellcheck disable=SC2086
	unprivileged "$EXECGATE" $command --json $option empty >out 2>err
	json "$command of a user, as JSON" '.module_asked == false'
done
holds "key list of a user: says where none is" \
	grep -qx 'No key is kept in empty.' <(unprivileged "$EXECGATE" key list --keys-dir empty 2>/dev/null)
mkdir kept && cp "$KEYS/rsa/cert.pem" kept/ && chmod -R a+rX kept
unprivileged "$EXECGATE" key list --keys-dir kept >out 2>err
if loaded; then
	prints "a kept key, for a user: not asked" 'not asked'
else
	prints "a kept key without the module: it is not loaded" 'NOT loaded'
fi

# one CODE WHAT TEXT OPTION...: signing fails with this one sentence
one() {
	local code=$1 what=$2 text=$3
	shift 3
	cp /bin/true t
	expect "$code" "$what" setsid --wait "$EXECGATE" sign "$@" t
	says "$what: says so" "$text"
	holds "$what: in one sentence" test "$(wc -l <err)" -eq 1
	tail -n 1 err >>sentences
}
: >sentences
echo secret >pass
echo wrong >wrong
cp "$KEYS/rsa/cert.pem" cert.pem
openssl pkcs8 -topk8 -in "$KEYS/rsa/key.pem" -v2 aes256 -passout pass:secret -out key.pem
echo 'no key' >junk
one 7 "a missing key" 'cannot open the signing key none.pem: No such file' --key none.pem
one 7 "a missing key, with a certificate" 'cannot open the signing key none.pem: No such file' \
	--key none.pem --cert cert.pem
one 7 "a missing certificate" 'cannot open none.crt: No such file' --key key.pem --cert none.crt
mkdir bare && cp key.pem bare/
one 7 "no certificate beside the key" 'that belongs beside the key is not there' \
	--key bare/key.pem
one 1 "a file that is not a key" 'junk is not a private key' --key junk
one 1 "a certificate for a key" 'cert.pem is not a private key' --key cert.pem
one 1 "a wrong passphrase" 'the passphrase is wrong' --key key.pem --passphrase-file wrong
one 7 "a missing passphrase file" 'cannot open the passphrase file nopass' \
	--key key.pem --passphrase-file nopass
one 1 "the certificate of another key" 'belongs to another key' \
	--key "$KEYS/other/key.pem" --cert cert.pem
holds "each has its own sentence" test "$(sort -u sentences | wc -l)" -eq 8
expect 0 "the right passphrase" "$EXECGATE" sign --key key.pem --passphrase-file <(cat pass) t
expect 0 "a passphrase of a pipe is read once" verify t

# A user is told of a way that a user has.
unprivileged "$EXECGATE" denials --reason no-memory >out 2>err
holds "denials of a user: there is none" test $? -eq 7
says "denials of a user: says which are the user's" '"execgate denials --mine"'

# What is shown on the desktop is one's own and new: nothing else can be asked for there.
for option in --kernel --group --no-pager '-n 3' '--reason script'; do
	# shellcheck disable=SC2086 # two words
	expect 2 "denials --notify with $option" "$EXECGATE" denials --notify $option
done
says "denials --notify: says what goes with it" '--notify goes only with --mine and --follow'
expect 2 "denials --notify with --json" "$EXECGATE" --json denials --notify
expect 2 "denials --follow --group" "$EXECGATE" denials --mine --follow --group
says "denials --follow --group: says which" '--group does not go with --follow'
