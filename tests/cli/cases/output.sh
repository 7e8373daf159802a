# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Where results go: only a regular file is replaced, and only it. $EXECGATE and
# $KEYS are of the runner.

cp /bin/true program
key=(--key "$KEYS/rsa/key.pem" --cert "$KEYS/rsa/cert.pem")
export SOURCE_DATE_EPOCH=1790000000
"$EXECGATE" catalog build --no-cache --name a --sequence 1 -o a.manifest program \
	>/dev/null
"$EXECGATE" policy make --mode audit --name p --version 1 --config none \
	-o p.object >/dev/null
"$EXECGATE" sign "${key[@]}" program >/dev/null

# Every command that has one: it is given OUT as its last word.
outputs=(
	"catalog build --no-cache --name a --sequence 1 program -o"
	"catalog build --no-cache --name a --sequence 1 program --sign ${key[*]} -o"
	"catalog sign ${key[*]} a.manifest -o"
	"manifest program --output"
	"policy make --mode audit --name p --version 1 --config none -o"
	"policy sign ${key[*]} p.object -o"
	"verify ${key[*]:2} program --extract-cms"
	"metrics --output"
	"report --html --output"
)
for line in "${outputs[@]}"; do
	read -ra words <<<"$line"
	name="${words[0]} ${words[1]} ${words[-1]}"
	[[ $line != *--sign* ]] || name+=" --sign"
	rm -rf d && mkdir d
	expect 0 "$name: a file" "$EXECGATE" "${words[@]}" d/new
	expect 0 "$name: an old file" "$EXECGATE" "${words[@]}" d/new
	holds "$name: nothing beside it" test "$(ls d)" = new

	expect 0 "$name: /dev/null" "$EXECGATE" "${words[@]}" /dev/null
	holds "$name: /dev/null stays what it is" test -c /dev/null

	# What is read at the other end is the same, and nothing else.
	mkfifo d/fifo
	timeout 60 cat d/fifo >d/read &
	expect 0 "$name: a FIFO" timeout 60 "$EXECGATE" "${words[@]}" d/fifo
	wait
	holds "$name: a FIFO stays one" test -p d/fifo
	holds "$name: a FIFO is written to" cmp d/read d/new
	"$EXECGATE" "${words[@]}" /dev/stdout 2>/dev/null | cat >d/pipe
	holds "$name: a pipe as /dev/stdout" cmp d/pipe d/new
	"$EXECGATE" "${words[@]}" /dev/stdout 2>/dev/null >d/redirected
	holds "$name: a file as /dev/stdout" cmp d/redirected d/new
	holds "$name: /dev/stdout stays what it is" test -L /dev/stdout

	ln -s new d/link
	cp d/new d/old
	echo old >d/new
	expect 0 "$name: a symbolic link" "$EXECGATE" "${words[@]}" d/link
	holds "$name: a symbolic link stays one" test -L d/link
	holds "$name: its file is written" cmp d/new d/old
	ln -s nothing d/dangling
	expect 7 "$name: a link to nothing" "$EXECGATE" "${words[@]}" d/dangling
	expect 1 "$name: a folder" "$EXECGATE" "${words[@]}" d
	says "$name: a folder: says so" "cannot write d"
	if [ "$(id -u)" -eq 0 ] && mknod d/null c 1 3 2>/dev/null && : >d/null; then
		expect 0 "$name: a device" "$EXECGATE" "${words[@]}" d/null
		holds "$name: a device stays one" test -c d/null
	fi
	expect 1 "$name: a full device" "$EXECGATE" "${words[@]}" /dev/full
	holds "$name: a full device stays one" test -c /dev/full
done
unset SOURCE_DATE_EPOCH

# A file that is kept from run to run is replaced, too, and nothing else is: it is said,
# and the catalog is built without it.
mkdir -p kept/admin/info kept/dev
printf 'Package: kept\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n' \
	>kept/admin/status
echo "$PWD/kept/program" >kept/admin/info/kept.list
cp /bin/true kept/program
md5sum "$PWD/kept/program" | sed 's, /,,' >kept/admin/info/kept.md5sums
# The cache remembers nothing of a file that may still change unseen.
touch -d @1700000000 kept/program
sleep 3
keeping() {
	"$EXECGATE" catalog build --name a --sequence 1 --installed --admindir kept/admin \
		-o kept/m "$@"
}
expect 0 "what is kept: files" keeping --cache kept/cache --code-paths kept/code
holds "what is kept: both are written" test -s kept/cache -a -s kept/code
ln -s /proc/self/fd/1 kept/dev/stdout
ln -s /dev/null kept/dev/link
places=(dev/link dev/stdout)
if [ "$(id -u)" -eq 0 ] && mknod kept/dev/null c 1 3 2>/dev/null; then
	places+=(dev/null)
fi
kinds() { stat -c '%n %F' kept/dev/*; }
before=$(kinds)
for option in --no-cache\ --code-paths --cache; do
	for place in "${places[@]}"; do
		# shellcheck disable=SC2086 # two words
		expect 0 "$option $place" keeping $option "kept/$place"
		says "$option $place: is not written" \
			"cannot write kept/$place: it is not a regular file"
		holds "$option $place: is what it was" test "$(kinds)" = "$before"
	done
done

expect 0 "build --dry-run" "$EXECGATE" catalog build --no-cache --name dry \
	--sequence 1 --dry-run program
prints "build --dry-run says so" "(not written): catalog dry"
expect 0 "build --dry-run --sign needs no key" "$EXECGATE" catalog build --no-cache \
	--name dry --sequence 1 --sign --dry-run program
holds "build --dry-run writes nothing" test ! -e dry.manifest -a ! -e dry.cat

# escapes TERM: how many lines with an escape sequence a terminal gets: of colours, and of progress
mkdir many
for i in $(seq 400); do cp /bin/true "many/$i"; done
escapes() {
	env -u NO_COLOR TERM="$1" script -qec "'$EXECGATE' sign --no-sync --key '$KEYS/rsa/key.pem' many/*;
		'$EXECGATE' verify --cert '$KEYS/rsa/cert.pem' many/1" /dev/null </dev/null 2>&1 |
		grep -c "$(printf '\033')"
}
holds "a terminal has colours and a line that goes" test "$(escapes vt100)" -ge 2
holds "a dumb one has no escape sequence" test "$(escapes dumb)" = 0

# on_terminal PAGER [ARG...]: what a terminal shows of denials, each of which is a line; the
# kernel is not asked, so that there is a message and no line
on_terminal() {
	env TERM="${terminal-vt100}" PAGER="$1" script -qec "$EXECGATE denials ${*:2}" /dev/null </dev/null 2>&1 | tr -d '\r'
}
printf '#!/bin/sh\ncat\necho paged by LESS=$LESS\n' >pager
chmod 755 pager
holds "on a terminal denials go through \$PAGER" \
	sh -c 'printf %s "$1" | grep "paged by LESS=FRSX"' sh "$(on_terminal "$PWD/pager")"
holds "not with --no-pager" sh -c '! printf %s "$1" | grep paged' sh \
	"$(on_terminal "$PWD/pager" --no-pager)"
holds "not on a terminal that cannot go back" sh -c '! printf %s "$1" | grep paged' sh \
	"$(terminal=dumb on_terminal "$PWD/pager")"
holds "not as JSON" sh -c '! printf %s "$1" | grep paged' sh "$(on_terminal "$PWD/pager" --json)"
holds "not if \$PAGER is empty" sh -c '! printf %s "$1" | grep paged' sh "$(on_terminal '')"
holds "without a terminal there is no pager" sh -c '! PAGER="$1" "$EXECGATE" denials 2>&1 | grep paged' \
	sh "$PWD/pager"
