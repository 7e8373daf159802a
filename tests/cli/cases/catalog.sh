# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Catalogs without the kernel: what is built from which source, signed, kept.

key=$KEYS/rsa/key.pem

build() { "$EXECGATE" catalog build --name test --sequence 7 "$@"; }

# Programs and scripts whose bytes never change from run to run.
tree() {
	mkdir -p tree/bin tree/lib
	printf '#!/bin/sh\necho one\n' >tree/bin/one
	printf '#!/usr/bin/perl\nprint "two\\n";\n' >tree/bin/two
	printf 'no code\n' >tree/lib/data
	cp tree/bin/one tree/lib/same
	ln -s one tree/bin/link
	touch -d @1700000000 tree/bin/* tree/lib/*
	touch -d @1700000100 tree/bin/two
}
tree

# --- from a folder, golden
expect 0 "a folder" build -o a.manifest tree
prints "what was built" 'a.manifest: catalog test, sequence 7, 2 digests of 1 identity, not signed yet'
expect 0 "show" "$EXECGATE" catalog show --entries a.manifest
cat >golden <<'GOLDEN'
  Name:           test
  Sequence:       7
  Created:        2023-11-14 22:15:00 UTC
  Digests:        2 of 1 identity
  Signed:         not yet
GOLDEN
one=$(sha256sum <tree/bin/one | cut -d' ' -f1)
two=$(sha256sum <tree/bin/two | cut -d' ' -f1)
{
	cat golden
	printf '%s\n' "$one" "$two" | sort | sed 's/$/  content  script           test/'
} >expected
holds "the digests are those of the files, in order" diff expected out
expect 0 "show as JSON" "$EXECGATE" --json catalog show a.manifest
json "its members" '.name == "test" and .sequence == 7 and .entries == 2 and
	.identities == 1 and .signed == false and .created_at == 1700000100'

# --- reproducible
expect 0 "one job" build --jobs 1 -o b.manifest tree
holds "the number of jobs changes nothing" cmp a.manifest b.manifest
expect 0 "the same files by name" build -o b.manifest tree/lib/same tree/bin/two tree/bin/one
holds "nor does the order" cmp a.manifest b.manifest
printf '%s\0' tree/bin/two tree/bin/one >list
expect 0 "from a list" build -o b.manifest --from-file list
holds "a list is the same" cmp a.manifest b.manifest
expect 0 "SOURCE_DATE_EPOCH" env SOURCE_DATE_EPOCH=5 "$EXECGATE" catalog build \
	--name test --sequence 7 -o e.manifest tree
expect 0 "the time in it" "$EXECGATE" --json catalog show e.manifest
json "is what was said" '.created_at == 5'

# --- progress, on a terminal only
python3 - "$EXECGATE" >terminal <<'PY'
import pty, sys
sys.exit(pty.spawn([sys.argv[1], "catalog", "build", "--name", "test", "--sequence",
                    "7", "--jobs", "2", "-o", "t.manifest", "tree"]) >> 8)
PY
holds "progress is shown on a terminal" grep -q 'reading: [0-9]* of 4' terminal
holds "and changes nothing" cmp a.manifest t.manifest

# --- the cache
expect 0 "with a cache" build --cache cache -o b.manifest tree
sleep 3
touch -d @1700000000 tree/bin/one
expect 0 "the cache is filled" build --cache cache -o b.manifest tree
expect 0 "and used" build --cache cache -o b.manifest tree
holds "the result is the same" cmp a.manifest b.manifest
if [ "$(id -u)" -eq 0 ]; then
	# Damage what it remembers: a reader would show it.
	sleep 3
	build --cache cache -o b.manifest tree >/dev/null
	python3 - cache <<'PY'
import sys
d = bytearray(open(sys.argv[1], "rb").read())
for at in range(8, len(d), 112):
    d[at + 56] ^= 255
open(sys.argv[1], "wb").write(d)
PY
	chmod 600 cache
	build --cache cache -o poisoned.manifest tree >/dev/null
	holds "unchanged files are not hashed twice" \
		bash -c '! cmp -s a.manifest poisoned.manifest'
	chmod 666 cache
	build --cache cache -o b.manifest tree >/dev/null
	holds "a cache that others can write is not believed" cmp a.manifest b.manifest
fi
printf 'nonsense' >cache
chmod 600 cache
expect 0 "a damaged cache" build --cache cache -o b.manifest tree
holds "is an empty one" cmp a.manifest b.manifest

# --- refusals
expect 2 "no name" "$EXECGATE" catalog build tree
expect 2 "a name that leads elsewhere" "$EXECGATE" catalog build --name ../up tree
says "says what a name may be" 'cannot be the name of a catalog'
expect 2 "sequence 0" "$EXECGATE" catalog build --name test --sequence 0 tree
expect 2 "no source" build
expect 1 "a file that is no code" build tree/lib/data
says "is told" 'tree/lib/data is neither ELF code nor a script'
expect 7 "a file that is not there" build nothing
expect 7 "a folder without code" bash -c 'mkdir -p empty; "$0" catalog build --name x empty' "$EXECGATE"
says "is told too" 'nothing that runs was found'
expect 1 "fs-verity where there is none" build --enable-verity /proc/self/exe

# --- dpkg's database
admin=$PWD/dpkg root=$PWD/root
mkdir -p "$admin/info" "$root/bin"
printf '#!/bin/sh\necho good\n' >"$root/bin/good"
printf '#!/bin/sh\necho conffile\n' >"$root/bin/conf"
printf '#!/bin/sh\necho diverted\n' >"$root/bin/moved"
printf '#!/bin/sh\necho postinst\n' >"$admin/info/one.postinst"
printf '#!/bin/sh\necho purge me\n' >"$admin/info/gone.postrm"
printf '#!/bin/sh\necho left over\n' >"$root/bin/left"
printf '/.\n%s\n%s\n%s\n%s\n' "$root/bin" "$root/bin/good" "$root/bin/conf" \
	"$root/bin/original" >"$admin/info/one.list"
(cd / && md5sum "${root#/}/bin/good" && md5sum "${root#/}/bin/moved" |
	sed 's/moved/original/') >"$admin/info/one.md5sums"
printf '%s\n' "$root/bin/left" >"$admin/info/gone.list"
(cd / && md5sum "${root#/}/bin/left") >"$admin/info/gone.md5sums"
printf '%s\n%s\nother\n' "$root/bin/original" "$root/bin/moved" >"$admin/diversions"
cat >"$admin/status" <<STATUS
Package: one
Status: install ok installed
Architecture: all
Conffiles:
 $root/bin/conf $(md5sum <"$root/bin/conf" | cut -d' ' -f1)
Description: a package
 with a second line

Package: gone
Status: deinstall ok config-files
Architecture: all
STATUS
dpkg_build() { build --installed --admindir "$admin" "$@"; }

# versions MANIFEST: of its entries, each once, with their identities
versions() {
	"$EXECGATE" catalog show --json --entries "$1" | jq -r \
		'select(.identity) | "\(.identity) \(.identity_version)"' | sort -u
}
touch -d @1700000300 "$root/bin/good" "$root/bin/moved" "$admin/info/one.postinst"
touch -d @1700000200 "$root/bin/conf"
dpkg_build -o versions.manifest >/dev/null
holds "a package's version is the time of its newest file" \
	test "$(versions versions.manifest | tail -n1)" = 'org.debian.one 1700000300'
touch -d @1700000400 "$admin/info/one.postinst"
dpkg_build -o versions.manifest >/dev/null
holds "not of a script that dpkg has no checksum of" \
	test "$(versions versions.manifest | tail -n1)" = 'org.debian.one 1700000300'
touch -d @99999999999 "$root/bin/conf"
dpkg_build -o versions.manifest >/dev/null
holds "nor of one of the future" \
	test "$(versions versions.manifest | tail -n1)" = 'org.debian.one 1700000300'
touch -d @1700000200 "$root/bin/conf"
expect 0 "what dpkg installed" dpkg_build -o d.manifest
prints "files, conffiles, diverted files, maintainer scripts" \
	'5 digests of 2 identities'
# listed FILE MANIFEST
listed() {
	"$EXECGATE" catalog show --entries "$2" |
		grep -q "^$(sha256sum <"$1" | cut -d' ' -f1)"
}
holds "a diverted file is found where it is" listed "$root/bin/moved" d.manifest
holds "a maintainer script" listed "$admin/info/one.postinst" d.manifest
holds "a removed package's postrm, for its purge" listed "$admin/info/gone.postrm" d.manifest
holds "but none of its files" bash -c "! $(declare -f listed); ! listed '$root/bin/left' d.manifest"

# Most lists of checksums are in order, and those that are not count the same.
mkdir other
cp -r "$admin" other/dpkg
sort -k 2 -r "$admin/info/one.md5sums" | sed 's,  , *./,' >other/dpkg/info/one.md5sums
printf '%s\n' /zz /zz.away z /aa /aa.away a >other/diversions
cat other/diversions "$admin/diversions" >other/dpkg/diversions
expect 0 "lists in another order" build --installed --admindir other/dpkg -o other/d.manifest
entries() { "$EXECGATE" catalog show --entries "$1" | grep -E '^[0-9a-f]{64}'; }
holds "list the same files" test "$(entries d.manifest)" = "$(entries other/d.manifest)"
echo '0123  bin/good' >>other/dpkg/info/one.md5sums
sed -i "s,^[0-9a-f]* *\(.*/good\)$,damaged \1," other/dpkg/info/one.md5sums
expect 4 "a line that is no checksum" build --installed --admindir other/dpkg -o other/d.manifest
says "is none" "$root/bin/good has no checksum that dpkg recorded"

# What dpkg had noted when it was killed, in each state, over what it had written.
note() {
	mkdir -p "$admin/updates"
	printf 'Package: %s\nStatus: %s\nArchitecture: all\n' "$2" "$3" \
		>"$admin/updates/$1"
}
left_is_listed() { listed "$root/bin/left" updated.manifest; }
left_is_not() { ! left_is_listed; }
for state in 'install ok unpacked' 'install ok half-configured' \
	'install reinstreq half-installed' 'install ok triggers-awaited' \
	'install ok triggers-pending' 'install ok installed' \
	'deinstall ok half-configured' 'purge ok half-installed'; do
	note 0001 gone "$state"
	dpkg_build -o updated.manifest >/dev/null
	holds "killed while \"$state\": its files are there" left_is_listed
done
note 0002 gone 'deinstall ok config-files'
dpkg_build -o updated.manifest >/dev/null
holds "the last word counts" left_is_not
note 0003 one 'purge ok not-installed'
dpkg_build -o updated.manifest >/dev/null
holds "also that a package is gone" bash -c "! $(declare -f listed); ! listed '$root/bin/moved' updated.manifest"
rm "$admin"/updates/*
note tmp.i gone 'install ok installed'
dpkg_build -o updated.manifest >/dev/null
holds "what dpkg had not finished writing does not" left_is_not
rm -r "$admin/updates"

# Which files are code is noted, for as long as dpkg does not touch the package.
expect 0 "noting what is code" dpkg_build --code-paths code -o noted.manifest
holds "changes nothing" cmp d.manifest noted.manifest
expect 0 "looking at that alone" dpkg_build --code-paths code -o noted.manifest
holds "neither" cmp d.manifest noted.manifest
sum=$(md5sum <"$root/bin/good")
holds "a program is noted, with what its package says it is" \
	grep -qx "${sum%% *} $root/bin/good" code
holds "a folder is not" bash -c "! grep -q ' $root/bin$' code"
# dpkg changes what it knows of a conffile without touching the package's lists.
holds "a conffile is noted, without a checksum" grep -qx -- "- $root/bin/conf" code
cp "$admin/status" status.before
printf '#!/bin/sh\necho configured\n' >"$root/bin/conf"
touch -d @1700000200 "$root/bin/conf"
sed -i "s,^ $root/bin/conf .*, $root/bin/conf $(md5sum <"$root/bin/conf" | cut -d' ' -f1)," \
	"$admin/status"
expect 0 "a conffile that dpkg replaced" dpkg_build --code-paths code -o noted.manifest
holds "is listed" listed "$root/bin/conf" noted.manifest
printf '#!/bin/sh\necho conffile\n' >"$root/bin/conf"
touch -d @1700000200 "$root/bin/conf"
mv status.before "$admin/status"
mv "$root/bin/good" good.away
dpkg_build --code-paths code -o noted.manifest >/dev/null
mv good.away "$root/bin/good"
expect 0 "what was away and came back" dpkg_build --code-paths code -o noted.manifest
holds "is listed" listed "$root/bin/good" noted.manifest
sed -i "\\, $root/bin/good\$,d" code
dpkg_build --code-paths code -o noted.manifest >/dev/null
holds "what is noted is believed" bash -c "$(declare -f listed); ! listed '$root/bin/good' noted.manifest"
touch "$admin/info/one.list"
dpkg_build --code-paths code -o noted.manifest >/dev/null
holds "until dpkg touches the package" cmp d.manifest noted.manifest
echo damaged >code
dpkg_build --code-paths code -o noted.manifest >/dev/null
holds "damaged, it is not believed" cmp d.manifest noted.manifest
printf 'echo changed\n' >>"$root/bin/good"
expect 4 "a changed file" dpkg_build -o changed.manifest
says "is named" "$root/bin/good is not what dpkg installed"
holds "and nothing is written" test ! -e changed.manifest
expect 0 "left out when told" dpkg_build --skip-changed -o changed.manifest
holds "it is not listed" bash -c "$(declare -f listed); ! listed '$root/bin/good' changed.manifest"
expect 0 "accepted when told" dpkg_build --accept-changed -o accepted.manifest
holds "it is listed" listed "$root/bin/good" accepted.manifest
expect 0 "what was accepted once stays" dpkg_build --keep accepted.manifest -o kept.manifest
holds "with the same result" cmp accepted.manifest kept.manifest
printf 'echo again\n' >>"$root/bin/good"
expect 4 "until it changes again" dpkg_build --keep accepted.manifest -o kept.manifest
printf '%s\n' "$root/bin/new" >>"$admin/info/one.list"
printf '#!/bin/sh\n' >"$root/bin/new"
expect 4 "a file without a checksum" dpkg_build -o changed.manifest
says "is named as such" "$root/bin/new has no checksum that dpkg recorded"
echo old >stays
expect 4 "a refusal over an older file" dpkg_build --sign --key "$key" -o stays
holds "leaves that as it was" test "$(cat stays)" = old
rm "$admin/status"
expect 7 "no database" dpkg_build -o changed.manifest

# --- a package
mkdir -p deb/DEBIAN deb/usr/bin
printf 'Package: sample\nVersion: 1\nArchitecture: all\nMaintainer: nobody <n@example.org>\nDescription: x\n' >deb/DEBIAN/control
printf '#!/bin/sh\necho install\n' >deb/DEBIAN/postinst
printf '#!/bin/sh\necho remove\n' >deb/DEBIAN/prerm
chmod 755 deb/DEBIAN/p*
cp tree/bin/one deb/usr/bin/one
cp /bin/true deb/usr/bin/true
for compression in xz zstd gzip none; do
	dpkg-deb -Z"$compression" --root-owner-group -b deb "$compression.deb" >/dev/null
	expect 0 "a package, $compression" build --deb "$compression.deb" -o p.manifest
	prints "its files and scripts" '4 digests of 1 identity'
done
holds "the program" listed /bin/true p.manifest
holds "the maintainer script, as dpkg will run it" listed deb/DEBIAN/postinst p.manifest
expect 0 "its identity" "$EXECGATE" catalog show --entries p.manifest
prints "is the package's" 'org.debian.sample'
touch -d @1700000500 deb/usr/bin/one
touch -d @1700000600 deb/usr/bin/true
touch -d @1700000700 deb/DEBIAN/p*
SOURCE_DATE_EPOCH=1700000800 dpkg-deb --root-owner-group -b deb dated.deb >/dev/null
expect 0 "a package with dates" build --deb dated.deb -o dated.manifest
holds "its version is the newest file's, not its scripts'" \
	test "$(versions dated.manifest)" = 'org.debian.sample 1700000600'
head -c 700 none.deb >cut.deb
expect 4 "a package that is cut" build --deb cut.deb
says "is told" 'is not a complete .deb'
expect 4 "what is no package" build --deb tree/bin/one
expect 7 "a package that is not there" build --deb nothing.deb

# --- programs that need more than to be executed
mkdir more
printf '[sample]\npackage = sample\npath = /usr/bin/true\nclass = may-jit\nwhy = it tests\n' >more/a.conf
expect 0 "a package with such a program" build --identities more --deb none.deb -o m.manifest
prints "it is named, with the reason" '  /usr/bin/true  may-jit: it tests'
prints "and who decides" '"--no-classes" gives it to none'
expect 0 "its entry" "$EXECGATE" catalog show --entries m.manifest
prints "has the class" 'program,may-jit'
expect 0 "the same as JSON" "$EXECGATE" --json catalog build --name test --sequence 7 --identities more \
	--deb none.deb -o m.manifest
json "names it, too" '.classes == [{"identity": "sample", "classes": "may-jit", "why": "it tests",
	"path": "/usr/bin/true"}]'
expect 0 "no classes" build --identities more --no-classes --deb none.deb -o m.manifest
expect 0 "then" "$EXECGATE" catalog show --entries m.manifest
holds "nobody has it" sh -c '! grep -q may-jit out'
expect 0 "a program that no package has" build --identities more -o m.manifest deb/usr
expect 0 "then" "$EXECGATE" catalog show --entries m.manifest
holds "has it as little" sh -c '! grep -q may-jit out'
echo 'class = all' >>more/a.conf
expect 1 "a list with a slip" build --identities more --deb none.deb -o m.manifest
says "is told, with its line" 'more/a.conf:6: class is "may-jit"'

# --- what an interpreter reads as code
mkdir -p readers read/DEBIAN read/usr/lib/x/data read/etc/profile.d
printf '[python3]\npath = /usr/bin/python3\nrule = reads name *.py\nrule = reads quiet *.pyc\n' >readers/a.conf
printf '[sh]\npath = /bin/sh\nrule = report reads name profile\nrule = report reads name *.sh\n' >>readers/a.conf
printf '[all]\npath = /bin/all\nrule = reads all\n' >>readers/a.conf
cp deb/DEBIAN/control read/DEBIAN/
echo 'print()' >read/usr/lib/x/module.py
: >read/usr/lib/x/__init__.py
echo 'umask 022' >read/etc/profile
echo 'LANG=C' >read/etc/profile.d/lang.sh
echo 'print(1)' >read/usr/lib/x/data/module.txt
dpkg-deb -Znone --root-owner-group -b read read.deb >/dev/null
reading() { build --identities readers "$@"; }
expect 7 "a package without programs" build --deb read.deb -o read.manifest
expect 0 "with rules of what is read" reading --deb read.deb -o read.manifest
prints "what has such a name is listed" '4 digests of 1 identity'
holds "a module" listed read/usr/lib/x/module.py read.manifest
holds "an empty one" listed read/usr/lib/x/__init__.py read.manifest
holds "a start file" listed read/etc/profile read.manifest
holds "which is only reported, too" listed read/etc/profile.d/lang.sh read.manifest
holds "not what only \"reads all\" means" \
	bash -c "$(declare -f listed); ! listed read/usr/lib/x/data/module.txt read.manifest"
holds "they are scripts" test "$("$EXECGATE" catalog show --entries read.manifest | grep -c ' script')" = 4
expect 0 "of a folder" reading -o read2.manifest read/usr read/etc
prints "the same" '4 digests of 1 identity'
expect 0 "a module that is named" reading -o read2.manifest read/usr/lib/x/module.py
expect 1 "nobody reads it" build -o read2.manifest read/usr/lib/x/module.py
says "is told" 'is neither ELF code nor a script'
# The cache is of contents and of names, which both may change.
find read -type f -exec touch -d @1700000000 {} +
sleep 3.5
for round in 1 2; do
	expect 0 "hashed, $round" build --cache cache -o read3.manifest tree read
	prints "by content" '2 digests of 1 identity'
	expect 0 "hashed for readers, $round" reading --cache cache -o read3.manifest tree read
	prints "by name too" '6 digests of 1 identity'
done
# So is what is noted of packages, under the rules it was noted under.
module=$PWD/read/usr/lib/x/module.py
mkdir -p readers.dpkg/info
printf '%s\n' "$module" "$PWD/tree/bin/one" >readers.dpkg/info/x.list
md5sum "$module" "$PWD/tree/bin/one" | sed 's, /,,' >readers.dpkg/info/x.md5sums
printf 'Package: x\nStatus: install ok installed\nArchitecture: all\n' >readers.dpkg/status
noting() { build --installed --admindir readers.dpkg --code-paths code -o noted.manifest "$@"; }
expect 0 "an installed module" noting
holds "is data" sh -c "! grep -q ' $module$' code"
expect 0 "under other rules" noting --identities readers
holds "it is code" grep -q " $module\$" code
holds "and listed" listed "$module" noted.manifest
expect 0 "still" noting --identities readers
holds "what was noted holds" listed "$module" noted.manifest
echo '# changed' >>"$module"
expect 4 "a changed one" noting --identities readers
says "is named" "$module is not what dpkg installed"

# --- diff
expect 0 "the same" "$EXECGATE" catalog diff a.manifest b.manifest
prints "differs in nothing" '0 removed, 0 added, 0 changed, 2 the same'
expect 0 "diff" "$EXECGATE" --json catalog diff a.manifest p.manifest
json "is exact" "(.removed | length) == 1 and (.added | length) == 3 and
	.same == 1 and .removed[0].digest == \"$two\""

# --- sign, here and elsewhere
expect 0 "sign" "$EXECGATE" catalog sign --key "$key" -o a.cat a.manifest
expect 0 "verify" "$EXECGATE" catalog verify --cert "$KEYS/rsa/cert.pem" a.cat
prints "who signed" 'catalog test, good, signed by CN=rsa'
openssl cms -sign -binary -nodetach -noattr -nocerts -md sha256 -outform DER \
	-inkey "$key" -signer "$KEYS/rsa/cert.pem" -in a.manifest -out o.cat
expect 0 "signed by openssl alone" "$EXECGATE" catalog verify --cert "$KEYS/rsa/cert.pem" o.cat
holds "is the very same" cmp a.cat o.cat
expect 0 "build and sign" build --sign --key "$key" -o s.cat tree
holds "is the same again" cmp a.cat s.cat
expect 0 "by a P-256 key" "$EXECGATE" catalog sign --key "$KEYS/p256/key.pem" -o p256.cat a.manifest
expect 0 "verifies" "$EXECGATE" catalog verify --cert "$KEYS/p256/cert.pem" p256.cat
expect 3 "not signed" "$EXECGATE" catalog verify --cert "$KEYS/rsa/cert.pem" a.manifest
expect 5 "another key" "$EXECGATE" catalog verify --cert "$KEYS/other/cert.pem" a.cat
expect 4 "another key of the same name" "$EXECGATE" catalog verify --cert "$KEYS/twin/cert.pem" a.cat
expect 4 "a file's own signature is no catalog" bash -c '
	cp tree/bin/one f; "$0" sign --trailer --key "$1" f >/dev/null
	"$0" verify --cert "$2" --extract-cms f.cms f >/dev/null 2>&1
	"$0" catalog verify --cert "$2" f.cms' "$EXECGATE" "$key" "$KEYS/rsa/cert.pem"
# Every byte counts: in the frame, the header, an entry, the signature.
bad=0
for ((at = 0; at < $(stat -c %s a.cat); at += 7)); do
	python3 - a.cat bad.cat "$at" <<'PY'
import sys
d = bytearray(open(sys.argv[1], "rb").read())
d[int(sys.argv[3])] ^= 1
open(sys.argv[2], "wb").write(d)
PY
	"$EXECGATE" catalog verify --cert "$KEYS/rsa/cert.pem" bad.cat >/dev/null 2>&1
	case $? in
	4 | 5) ;;
	*) bad=$((bad + 1)) ;;
	esac
done
holds "a changed byte is found wherever it is" test "$bad" -eq 0
head -c 200 a.cat >short.cat
cp a.cat kept.cat
expect 4 "a manifest that is cut is not signed" bash -c '
	head -c 150 a.manifest >cut; "$0" catalog sign --key "$1" -o kept.cat cut' "$EXECGATE" "$key"
expect 7 "nor by a key that is not there" "$EXECGATE" catalog sign --key ./none \
	--cert "$KEYS/rsa/cert.pem" -o kept.cat a.manifest
holds "and what was there stays" cmp a.cat kept.cat
expect 4 "a catalog that is cut" "$EXECGATE" catalog verify --cert "$KEYS/rsa/cert.pem" short.cat

# --- install without a kernel
mkdir keys.d
cp "$KEYS/rsa/cert.pem" keys.d/rsa.pem
install() {
	"$EXECGATE" catalog install --no-load --keys-dir keys.d \
		--catalogs-dir kept --sequences state/sequences "$@"
}
expect 0 "install" install a.cat
holds "is kept as it is" cmp a.cat kept/test.cat
holds "its sequence too" grep -qx '7 test' state/sequences
expect 0 "the same again" install a.cat
"$EXECGATE" catalog build --name test --sequence 6 --sign --key "$key" -o old.cat tree >/dev/null
expect 4 "an older one" install old.cat
says "is refused" 'is older than a catalog test that was installed before'
holds "and the newer one stays" cmp a.cat kept/test.cat
expect 5 "of a stranger" install p256.cat
holds "it stays then too" cmp a.cat kept/test.cat
expect 4 "a damaged one" install bad.cat short.cat
holds "and then" cmp a.cat kept/test.cat
expect 3 "an unsigned one" install a.manifest
"$EXECGATE" catalog build --name test --sequence 8 --sign --key "$key" -o new.cat tree/bin/one >/dev/null
expect 0 "a newer one" install new.cat
holds "takes its place" cmp new.cat kept/test.cat
holds "one file a name" test "$(find kept -type f | wc -l)" -eq 1
printf 'x\n' >state/sequences
expect 1 "damaged sequences" install new.cat
says "are told" 'is damaged, so it is not known what is too old'
expect 6 "a kernel that is not there" "$EXECGATE" catalog install --keys-dir keys.d \
	--catalogs-dir kept --sequences seq2 new.cat
expect 6 "list" "$EXECGATE" --json catalog list --catalogs-dir kept
json "shows what is kept" '.module_asked == false and .catalogs[0].name == "test" and
	.catalogs[0].sequence == 8 and .catalogs[0].loaded == false'
expect 0 "remove" "$EXECGATE" catalog remove --catalogs-dir kept test
holds "leaves nothing" test ! -e kept/test.cat
expect 7 "what is not there" "$EXECGATE" catalog remove --catalogs-dir kept test
expect 2 "a name that leads elsewhere, removed" "$EXECGATE" catalog remove --catalogs-dir kept ../x

# --- built, signed and installed by one command
installing() {
	"$EXECGATE" catalog build --sign --key "$key" --install --keys-dir keys.d \
		--catalogs-dir kept --sequences state/one "$@"
}
expect 0 "built and installed, without a gate" installing --name coming --sequence 3 -o coming.cat tree
prints "that is told" 'Installed: coming, sequence 3, 2 digests, from the next boot on'
holds "what was built is kept" cmp coming.cat kept/coming.cat
holds "its sequence, too" grep -qx '3 coming' state/one
expect 0 "one in place of another" installing --name there --sequence 4 --supersedes coming \
	-o there.cat tree
prints "what went is told" 'Removed: coming, from disk'
holds "the other is gone" test ! -e kept/coming.cat
holds "the new one is there" cmp there.cat kept/there.cat
expect 0 "there need be no other" "$EXECGATE" --json catalog build --key "$key" --install \
	--keys-dir keys.d --catalogs-dir kept --sequences state/one --name there --sequence 5 \
	--supersedes coming -o there.cat tree
json "as an object" '.signed and .installed[0].name == "there" and .installed[0].loaded == false
	and .installed[0].persisted and .removed == []'
cp there.cat kept/aside.cat
expect 4 "an older one is not installed" installing --name there --sequence 4 \
	--supersedes aside -o older.cat tree
says "and why" 'is older than a catalog there that was installed before'
holds "so that nothing is superseded" cmp there.cat kept/aside.cat
holds "and the newer one stays there" cmp there.cat kept/there.cat
rm kept/aside.cat
expect 5 "of a stranger, neither" "$EXECGATE" catalog build --install --key "$KEYS/p256/key.pem" \
	--keys-dir keys.d --catalogs-dir kept --sequences state/one --name other \
	--sequence 1 --supersedes there -o other.cat tree
holds "the other is not kept" test ! -e kept/other.cat
holds "and what it would take the place of stays" cmp there.cat kept/there.cat
expect 2 "a catalog cannot supersede itself" installing --name there --supersedes there -o no.cat tree
says "for then none would be left" 'takes the place of the one of its name'
expect 2 "superseding without installing" build --supersedes there -o no.manifest tree
says "is said" 'with --install'
expect 0 "a dry run" installing --dry-run --name there --sequence 9 --supersedes coming tree
holds "installs nothing" cmp there.cat kept/there.cat
"$EXECGATE" catalog remove --catalogs-dir kept there >/dev/null

expect 0 "help" "$EXECGATE" catalog --help
prints "names the commands" 'catalog install'
