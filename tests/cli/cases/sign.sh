# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# sign: what it takes a file for, how it signs it; unsign: back to the byte.

# classes FILE: what "sign --json" says a file is for.
classes() {
	sign --json "$1" 2>err | jq -r '.files[0].classes // [] | join(",")'
}
class() {
	local got
	got=$(classes "$2")
	if [ "$got" = "$3" ]; then
		pass "$1 is $3"
	else
		fail "$1 is $3" "taken for \"$got\"" "$(cat err)"
	fi
}

echo 'int main(void) { return 9; }' >nine.c
echo 'int f(void) { return 9; }' >f.c
gcc -o pie nine.c
gcc -no-pie -o exec nine.c
gcc -static -o static nine.c
gcc -static-pie -o static-pie nine.c
gcc -shared -fPIC -o lib.so f.c
gcc -shared -fPIC -Wl,-soname,libf.so.1 -o libf.so.1 f.c
gcc -c -o object.o f.c
printf '.section .gnu.linkonce.this_module,"aw"\n.byte 1\n' >module.s
gcc -c -o module.ko module.s
cp "$(ldd /bin/true | grep -o '/[^ ]*ld-linux[^ ]*')" loader
cp "$(ldd /bin/true | grep -o '/[^ ]*libc\.so\.6')" libc.so.6
mkdir before
cp ./* before/ 2>/dev/null

class "a PIE program" pie program
class "a program at fixed addresses" exec program
class "a static program" static program
class "a static PIE program" static-pie program,library
class "a library without a name" lib.so library
class "a library" libf.so.1 library
class "the loader" loader program,library
class "a library that can be started" libc.so.6 program,library
class "a kernel module" module.ko module

for file in pie exec static static-pie; do
	"./$file"
	holds "$file still runs" test $? -eq 9
done
for file in pie exec static static-pie lib.so libf.so.1 loader module.ko; do
	expect 0 "$file verifies" verify "$file"
	expect 0 "unsign $file" "$EXECGATE" unsign "$file"
	holds "$file is what it was" cmp "$file" "before/$file"
done

refused() {
	expect 1 "sign refuses $1" sign "$2"
	says "sign refuses $1: says why" "$3"
}
refused "an object file" object.o 'an object file that does not run'
echo text >text
refused "a text" text 'neither an ELF file nor a #! script'
says "sign refuses a text: says what to do" '--class'
: >empty
refused "an empty file" empty 'is empty'
mkdir folder
refused "a folder" folder 'is a directory'
mkfifo fifo
refused "a FIFO" fifo 'not a regular file'
refused "a device" /dev/null 'not a regular file'
head -c 40 pie >stump
refused "a cut ELF file" stump 'a damaged ELF file'
expect 7 "sign what is not there" sign missing
expect 2 "sign nothing" sign
expect 0 "sign a text for a class" sign --class data --json text
json "sign a text for a class: so it is" '.files[0].classes == ["data"]'
expect 0 "sign for several classes" sign --class program,interpreter,may-jit \
	--json pie
json "sign for several classes: so it is" \
	'.files[0].classes == ["program", "interpreter", "may-jit"]'
expect 2 "sign for no known class" sign --class program,toy pie
says "sign for no known class: lists them" '"toy"; the classes are program,'
expect 2 "sign for an empty class" sign --class program, pie

# Identity and version.
expect 0 "sign with identity and version" sign --identity org.example/nine \
	--version 18446744073709551615 pie
expect 0 "identity and version" verify pie
prints "identity and version: are shown" \
	'org.example/nine, version 18446744073709551615'
expect 2 "a version that is none" sign --version 1.2 pie
expect 2 "a version that is too large" sign --version 18446744073709551616 pie
expect 2 "an identity of 256 bytes" sign --identity "$(printf '%0256d' 0)" pie
expect 0 "an identity of 255 bytes" sign --identity "$(printf '%0255d' 0)" pie
expect 2 "an empty identity" sign --identity '' pie

# Signing again.
expect 0 "sign again" sign --json pie
json "sign again: replaces" '.files[0].replaced == true'
size=$(stat -c %s pie)
expect 0 "sign a third time" sign pie
holds "sign again: does not grow" test "$(stat -c %s pie)" -eq "$size"
SOURCE_DATE_EPOCH=1000000000 sign pie >/dev/null
cp pie first
SOURCE_DATE_EPOCH=1000000000 sign pie >/dev/null
holds "the same key and time make the same bytes" cmp first pie
expect 0 "the other key replaces too" "$EXECGATE" sign \
	--key "$KEYS/other/key.pem" pie
expect 5 "and is another signer" verify pie
"$EXECGATE" unsign pie >/dev/null
holds "signed five times, unsigned once, as it was" cmp pie before/pie
expect 3 "unsign what is not signed" "$EXECGATE" unsign pie
says "unsign what is not signed: says so" 'nothing to remove'

# Only a whole signature is taken off: a damaged one says nothing reliable about
# where the content ends, and cutting there would destroy the file.
sign pie >/dev/null
size=$(stat -c %s pie)
# flip OFFSET NAME: a copy of pie with one byte changed, OFFSET before its end
flip() {
	cp pie "$2"
	printf '\xff' |
		dd of="$2" bs=1 seek=$((size - $1)) conv=notrunc 2>/dev/null
}
flip 32 length
flip $((size - $(stat -c %s before/pie))) message
for file in length message; do
	cp $file kept
	expect 4 "damaged $file: sign refuses" sign $file
	says "damaged $file: says so" 'damaged execgate signature'
	expect 4 "damaged $file: unsign refuses" "$EXECGATE" unsign $file
	holds "damaged $file: left alone" cmp $file kept
done
flip 100 value
expect 4 "a signature that does not verify" verify value
expect 0 "a signature that does not verify is replaced" sign value
expect 0 "and is good then" verify value
flip 100 value
expect 0 "a signature that does not verify is removed" "$EXECGATE" unsign value
holds "and the file is as it was" cmp value before/pie

# The issuer's name is too long for the profile: the key identifier is used.
expect 0 "a certificate with a long name" "$EXECGATE" sign \
	--key "$KEYS/long/key.pem" pie
expect 0 "a certificate with a long name: verifies" "$EXECGATE" verify \
	--cert "$KEYS/long/cert.pem" --json pie
json "a certificate with a long name: by key identifier" \
	'.files[0].signer.key_id | length == 40'
for key in rsa1024 tls expired future; do
	expect 5 "a key that no kernel should trust: $key" "$EXECGATE" sign \
		--key "$KEYS/$key/key.pem" pie
done

# Scripts: comment lines of their own language.
script() {
	printf '%s\n' "$2" "$3" >script
	cp script script.before
	expect 0 "$1: sign" sign --json script
	json "$1: armor of a script" \
		'.files[0].carrier == "armor" and .files[0].classes == ["script"]'
	holds "$1: comment" grep -qxF -- \
		"$4-----BEGIN EXECGATE SIGNATURE-----" script
	holds "$1: every line is a comment" test -z \
		"$(tail -n +3 script | grep -v "^$4")"
	holds "$1: no warning" test ! -s err
	expect 0 "$1: verifies" verify script
	expect 0 "$1: unsign" "$EXECGATE" unsign script
	holds "$1: is what it was" cmp script script.before
}
script sh '#!/bin/sh' 'exit 9' '# '
script bash '#! /bin/bash -e' 'exit 9' '# '
script env '#!/usr/bin/env python3' 'raise SystemExit(9)' '# '
script "env with options" '#!/usr/bin/env -S A=b perl -w' 'exit 9;' '# '
script version '#!/usr/bin/python3.11' 'pass' '# '
script node '#!/usr/bin/env node' 'process.exit(9)' '// '
script lua '#!/usr/bin/lua5.4' 'os.exit(9)' '-- '
script guile '#!/usr/bin/guile' '(exit 9)' '; '
script erlang '#!/usr/bin/escript' 'main(_) -> ok.' '% '
script vim '#!/usr/bin/vim' 'quit' '" '

printf '#!/bin/sh\nexit 9\n' >run.sh
chmod 755 run.sh
sign run.sh >/dev/null
./run.sh
holds "a signed script runs" test $? -eq 9
printf '#!/usr/bin/env python3\nraise SystemExit(9)\n' >run.py
chmod 755 run.py
sign run.py >/dev/null
./run.py
holds "a signed python script runs" test $? -eq 9
printf '#!/usr/bin/perl\nexit 9;\n' >run.pl
chmod 755 run.pl
sign run.pl >/dev/null
./run.pl
holds "a signed perl script runs" test $? -eq 9
expect 0 "sign a script again" sign run.sh
expect 0 "a script signed twice verifies" verify run.sh
holds "and has one block" test "$(grep -c BEGIN run.sh)" -eq 1

printf '#!/opt/own/thing\n' >own
expect 0 "an unknown interpreter" sign own
says "an unknown interpreter: warns" 'the interpreter "thing"'
expect 0 "--comment" sign --comment -- own
holds "--comment: chosen" grep -q '^-- -----BEGIN' own
holds "--comment: and replaces the other" test "$(grep -c BEGIN own)" -eq 1
expect 2 "--comment of nothing known" sign --comment '!' own
printf '#!/bin/sh\nexit 9' >open
expect 0 "no newline at the end" sign open
says "no newline at the end: warns" 'did not end with a newline'
expect 0 "no newline at the end: verifies" verify open
"$EXECGATE" unsign open >/dev/null
holds "no newline at the end: one is there now" \
	cmp open <(printf '#!/bin/sh\nexit 9\n')
printf '#!/usr/bin/perl\nprint <DATA>;\n__DATA__\nx\n' >data.pl
expect 1 "a data section" sign data.pl
says "a data section: says what to do" 'list it in a catalog'
expect 0 "a data section, by request" sign --armor data.pl
says "a data section: warns" '__DATA__'
printf '#!/bin/sh\nexit 0\n\0\1\2' >archive
cp archive archive.before
expect 1 "a script with binary data" sign archive
says "a script with binary data: says what to do" '--armor or --trailer'
holds "a script with binary data: left alone" cmp archive archive.before
expect 0 "a script with binary data, --trailer" sign --trailer archive
expect 0 "a script with binary data: verifies" verify archive
"$EXECGATE" unsign archive >/dev/null
holds "a script with binary data: as it was" cmp archive archive.before
expect 0 "--armor of a text" sign --armor --class data text
expect 0 "--trailer instead of armor" sign --trailer --class data text
holds "--trailer instead of armor: one signature" \
	test "$(grep -ac BEGIN text)" -eq 0
expect 0 "--trailer instead of armor: verifies" verify text
holds "nothing is left behind" clean .
