# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The command table, the help, the exit codes and --json that all have.

expect 2 "no command" "$EXECGATE"
says "no command: says what to do" 'execgate --help'
holds "no command: nothing on stdout" test ! -s out
expect 0 "--help" "$EXECGATE" --help
prints "--help lists commands" '  sign '
prints "--help lists exit codes" ' 3  unsigned '
expect 0 "help" "$EXECGATE" help
expect 0 "-h" "$EXECGATE" -h
expect 2 "unknown command" "$EXECGATE" frobnicate
says "unknown command: says so" 'unknown command'
expect 2 "unknown option" "$EXECGATE" --frobnicate
expect 2 "help of an unknown command" "$EXECGATE" help frobnicate
says "help of an unknown command: names it" 'frobnicate'
expect 2 "unknown subcommand" "$EXECGATE" key frobnicate
expect 2 "subcommand missing" "$EXECGATE" key
expect 0 "version" "$EXECGATE" version
version=$(sed -n 's/^#define EXECGATE_VERSION "\(.*\)"$/\1/p' "$TOP/kernel/version.h")
prints "version is that of the sources" "execgate $version"
expect 0 "--version" "$EXECGATE" --version
expect 0 "version --json" "$EXECGATE" version --json
json "version --json is JSON" ".version == \"$version\""
expect 0 "--json before the command" "$EXECGATE" --json version
json "--json before the command is heard" ".version == \"$version\""
expect 2 "version with an argument" "$EXECGATE" version 1
expect 2 "--json of a failure" "$EXECGATE" --json frobnicate
json "--json of a failure is an error object" \
	'.error.exit_code == 2 and .error.name == "usage" and (.error.message | length > 0)'
expect 7 "-- ends the options" "$EXECGATE" verify -- --json
says "-- ends the options: the rest are files" 'cannot open --json'
expect 1 "standard output that cannot be written" \
	sh -c '"$EXECGATE" version >/dev/full'
says "standard output that cannot be written: says so" 'standard output'

# A name from outside must not drive the terminal or forge a second line.
expect 7 "a hostile file name" \
	"$EXECGATE" verify --cert "$KEYS/rsa/cert.pem" \
	$'no\nexecgate: all is well\e[2J\xff'
says "a hostile file name is escaped" 'no\x0aexecgate: all is well\x1b[2J\xff'
expect 7 "a hostile file name, --json" "$EXECGATE" verify --json \
	--cert "$KEYS/rsa/cert.pem" $'no\n\xff'
json "a hostile file name in JSON" '.files[0].file_hex == "6e6f0aff"'

# Every command explains itself, and manual and completion know every option.
for command in key\ {generate,enroll,list,remove} sign unsign verify manifest \
	attach help version; do
	# shellcheck disable=SC2086
	expect 0 "help $command" "$EXECGATE" help $command
	prints "help $command: a usage line" "usage: execgate $command"
	cp out help
	# shellcheck disable=SC2086
	expect 0 "$command --help" "$EXECGATE" $command --help
	holds "$command --help is the same" cmp out help
	page=$TOP/userspace/man/execgate-${command%% *}.1
	[ -e "$page" ] || page=$TOP/userspace/man/execgate.1
	page=$(sed -n "s|^\.so man1/|$TOP/userspace/man/|p" "$page" | grep . ||
		echo "$page")
	sed 's/\\//g' "$page" >page
	missing=$(grep -oE -- '--[a-z][a-z-]+' help | sort -u | while read -r o; do
		grep -qF -- "$o" page || echo "$o"
	done)
	holds "$command: every option in its manual page $missing" \
		test -z "$missing"
done
holds "completion is valid bash" bash -n "$TOP/userspace/completion/execgate"
expect 7 "a name that turns the text around" "$EXECGATE" verify --json \
	--cert "$KEYS/rsa/cert.pem" $'\u202eexe\u009b'
says "a name that turns the text around is escaped" \
	'\xe2\x80\xaeexe\xc2\x9b: '
holds "JSON is ASCII" bash -c '! LC_ALL=C grep -q "[^ -~]" out'
json "and holds the name" '.files[0].file == "\u202eexe\u009b"'
