# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# run: signs what changed and runs it; a passphrase is remembered by the kernel and forgotten.

run() { "$EXECGATE" run --key "$KEYS/rsa/key.pem" "$@"; }

cat >script.sh <<'END'
#!/bin/sh
printf '%s|' "$@"
exit 9
END
chmod 755 script.sh
expect 9 "a script is run, and its exit code is its own" run ./script.sh -a 'b c' --key
holds "with its arguments" grep -qxF -- '-a|b c|--key|' out
expect 0 "it is signed" verify script.sh
inode=$(stat -c %i script.sh)
expect 9 "again" run script.sh
holds "it is not signed again" test "$(stat -c %i script.sh)" -eq "$inode"
expect 9 "options of its own" run -- ./script.sh --json --help --
holds "come through" grep -qxF -- '--json|--help|--|' out
sed -i 2i'# changed' script.sh
expect 9 "after a change" run script.sh
expect 0 "it is signed anew" verify script.sh
"$EXECGATE" sign --key "$KEYS/other/key.pem" script.sh >/dev/null
expect 9 "signed by somebody else" run script.sh
expect 0 "it is by this key now" verify script.sh

expect 2 "no file" run
expect 7 "one that is not there" run missing
expect 1 "a folder" run .
echo 'echo no line' >text
chmod 755 text
expect 1 "a text" run text
says "it is said what is missing" 'neither an ELF file nor a #! script'
cp script.sh mode.sh
chmod 644 mode.sh
expect 8 "one that may not be run" run mode.sh
says "why" 'does not start; see its mode'
expect 2 "--forget and a file" "$EXECGATE" run --forget x

# The passphrase: typed once. Without a terminal nobody can be asked.
"$EXECGATE" run --forget
sed -i 2i'# again' script.sh
expect 1 "a passphrase, and nobody to ask" setsid -w "$EXECGATE" run --key "$KEYS/locked/key.pem" script.sh
says "says so" 'no terminal to ask for the passphrase'
# The end of the input must not come before the question.
(sleep 1; echo wrong; sleep 1) | script -qec "$EXECGATE run --key $KEYS/locked/key.pem script.sh" /dev/null >out 2>&1
holds "a wrong one: exits with 1" test $? -eq 1
expect 7 "is not remembered" "$EXECGATE" run --forget
(sleep 1; echo secret; sleep 1) | script -qec "$EXECGATE run --key $KEYS/locked/key.pem script.sh" /dev/null >out 2>&1
holds "the right one: the script runs" test $? -eq 9
sed -i 2i'# once more' script.sh
expect 9 "is remembered" setsid -w "$EXECGATE" run --key "$KEYS/locked/key.pem" script.sh
sed -i 2i'# once more' script.sh
expect 0 "by sign too" setsid -w "$EXECGATE" sign --key "$KEYS/locked/key.pem" script.sh
cp -r "$KEYS/locked" copy
expect 1 "for no other key" setsid -w "$EXECGATE" sign --key copy/key.pem script.sh
expect 0 "it is forgotten" "$EXECGATE" run --forget
expect 7 "once" "$EXECGATE" run --forget
expect 1 "and asked for again" setsid -w "$EXECGATE" sign --key "$KEYS/locked/key.pem" script.sh
