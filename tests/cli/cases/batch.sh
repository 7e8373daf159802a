# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Many files at once.

mkdir tree tree/deep
for i in $(seq 150); do
	cp /bin/true "tree/program $i"
	printf '#!/bin/sh\nexit %d\n' "$i" >"tree/deep/script$i"
	echo "text $i" >"tree/text$i"
done
: >tree/empty
cp -r tree before
printf '#!/bin/sh\n' >$'tree/new\nline'

expect 0 "a list of names ended by zero bytes" bash -c \
	'find tree -type f -print0 | "$EXECGATE" sign --key "$KEYS/rsa/key.pem" \
	--from-file - --skip-unsupported --no-sync'
prints "summary" '301 signed, 151 skipped, 0 failed'
holds "no progress without a terminal" test ! -s err
find tree -name 'program*' -o -name 'script*' -o -name 'new*' | tr '\n' '\0' \
	>/dev/null
mapfile -d '' names < <(find tree -type f \( -name 'program*' -o \
	-name 'script*' -o -name 'new*' \) -print0)
expect 0 "all of them verify" verify --json "${names[@]}"
json "all of them were judged" '(.files | length) == 301 and
	all(.files[]; .allowed)'
mapfile -d '' texts < <(find tree -name 'text*' -print0)
holds "what was skipped is as it was" \
	diff -r <(cat "${texts[@]}" | sort) <(cat before/text* | sort)
holds "nothing is left behind" clean tree
expect 0 "unsign them" "$EXECGATE" unsign --no-sync "${names[@]}"
rm $'tree/new\nline'
holds "unsigned, all are as they were" diff -r tree before

find tree -type f -name 'program*' >list
expect 0 "a list of lines" sign --from-file list --json --jobs 3
json "a list of lines: in its order" \
	".signed == 150 and .failed == 0 and .interrupted == false and
	[.files[].file] == ($(jq -Rn '[inputs]' <list))"
expect 0 "an empty list is nothing to do" sign --from-file /dev/null
prints "an empty list is nothing to do: says so" '0 signed, 0 skipped, 0 failed'
expect 7 "a list that is not there" sign --from-file missing

expect 7 "one that fails does not stop the others" sign \
	tree/missing 'tree/program 1' tree/text1 'tree/program 2'
prints "one that fails does not stop the others: summary" \
	'2 signed, 0 skipped, 2 failed'
says "one that fails: message" 'tree/missing'
expect 1 "exit code is that of the first failure" sign \
	tree/text1 tree/missing 'tree/program 1'
expect 0 "--verbose tells each" sign --verbose --skip-unsupported \
	'tree/program 1' tree/text1
prints "--verbose tells each: signed" 'program 1: signed as program'
says "--verbose tells each: skipped" 'skipped: '
expect 1 "--json tells failures" sign --json tree/text1 'tree/program 1'
json "--json tells failures: both" '.failed == 1 and .signed == 1 and
	.files[0].result == "failed" and .files[0].exit_code == 1 and
	.files[1].result == "signed"'

# The same file under many names, all at once.
ln -s tree alias
names=()
for _ in $(seq 10); do
	names+=("tree/program 3" "alias/program 3" "./tree/program 3")
done
expect 0 "one file named thirty times" sign --jobs 8 "${names[@]}"
prints "one file named thirty times: is one" 'signed as program'
expect 0 "one file named thirty times: signed" verify 'tree/program 3'
holds "one file named thirty times: once" test \
	"$(grep -ac 'execgate signature v1 end' 'tree/program 3')" -eq 1
expect 2 "--jobs of no number" sign --jobs x 'tree/program 1'
expect 2 "--jobs of too many" sign --jobs 100000 'tree/program 1'

# A signal in the middle: what is done is done, the rest is untouched.
rm -r tree
cp -r before tree
find tree -type f -name 'program*' >list
"$EXECGATE" sign --key "$KEYS/rsa4096/key.pem" --jobs 1 --from-file list \
	--json >out 2>err &
pid=$!
while [ "$(find tree -newer list -type f | head -3 | wc -l)" -lt 3 ] &&
	kill -0 $pid 2>/dev/null; do
	:
done
kill -INT $pid
wait $pid
holds "interrupted: exits with 1" test $? -eq 1
holds "interrupted: says so" grep -q 'interrupted: ' err
json "interrupted: JSON too" '.interrupted and .signed < 150'
signed=$(jq .signed out)
bad=0 good=0
while read -r name; do
	if cmp -s "$name" "before/${name#tree/}"; then
		continue
	fi
	"$EXECGATE" verify --cert "$KEYS/rsa4096/cert.pem" "$name" >/dev/null &&
		good=$((good + 1)) || bad=$((bad + 1))
done <list
holds "interrupted: none is torn" test $bad -eq 0
holds "interrupted: it counted right" test $good -eq "$signed"
holds "interrupted: nothing left behind" clean tree
