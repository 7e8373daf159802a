# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The command table, the help, the exit codes and --json that all have.

expect 0 "no command" "$EXECGATE"
prints "no command: says how it stands" 'execgate is '
prints "no command: says what to do" '  sign '
expect 2 "no command, as JSON" "$EXECGATE" --json
expect 0 "--help" "$EXECGATE" --help
prints "--help lists commands" '  sign '
prints "--help lists exit codes" ' 3  unsigned '
expect 0 "help" "$EXECGATE" help
expect 0 "-h" "$EXECGATE" -h
expect 2 "unknown command" "$EXECGATE" frobnicate
says "unknown command: says so" 'unknown command'
holds "unknown command: none is near" sh -c '! grep "did you mean" err'
for near in stauts:status verfy:verify denial:denials keys:key helpp:help; do
	expect 2 "unknown command ${near%:*}" "$EXECGATE" "${near%:*}"
	says "the nearest to ${near%:*} is named" "did you mean \"${near#*:}\"?"
done
expect 2 "unknown option" "$EXECGATE" --frobnicate
expect 2 "help of an unknown command" "$EXECGATE" help frobnicate
says "help of an unknown command: names it" 'frobnicate'
expect 2 "unknown subcommand" "$EXECGATE" key frobnicate
expect 2 "unknown subcommand, near one" "$EXECGATE" key lsit
says "the nearest subcommand is named" 'did you mean "key list"?'
expect 2 "unknown command of help" "$EXECGATE" help stauts
says "help names the nearest" 'did you mean "status"?'
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

# commands_of [COMMAND]: its commands, or all, as the help lists them
commands_of() {
	# shellcheck disable=SC2086 # two words
	"$EXECGATE" help $1 | sed -nE "s/^  (${1:+$1 }[a-z]+)  .*/\1/p"
}

# page_of COMMAND: the manual page that tells of it
page_of() {
	local page=$TOP/userspace/man/execgate-${1%% *}.1 other
	[ -e "$page" ] || page=$TOP/userspace/man/execgate.1
	other=$(sed -n "s|^\.so man1/||p" "$page")
	printf '%s\n' "${other:+$TOP/userspace/man/}${other:-$page}"
}

# options_of FILE: of a help text, not of the examples in it
options_of() {
	grep -E '^(usage:|  -)' "$1" |
		grep -oE -- '(^| |\[|\()--?[A-Za-z][a-z-]*' | tr -d ' [(' | sort -u
}

# has_option FILE OPTION: as a word
has_option() { grep -qE -- "(^|[^a-z-])$2([^a-z-]|\$)" "$1"; }

commands=()
while read -r verb; do
	mapfile -t -O ${#commands[@]} commands < <(commands_of "$verb" | grep . ||
		echo "$verb")
done < <(commands_of '')
holds "the help lists the commands (${#commands[@]})" test ${#commands[@]} -ge 41
: >helps
rm -rf pages && mkdir pages
for command in "${commands[@]}"; do
	# shellcheck disable=SC2086
	expect 0 "help $command" "$EXECGATE" help $command
	prints "help $command: a usage line" "usage: execgate $command"
	cp out help
	# shellcheck disable=SC2086
	expect 0 "$command --help" "$EXECGATE" $command --help
	holds "$command --help is the same" cmp out help
	page=$(page_of "$command")
	sed -E 's/\\f[BIRP]//g; s/\\//g' "$page" >page
	missing=$(options_of help | while read -r o; do
		has_option page "$o" || echo "$o"
	done)
	holds "$command: every option in its manual page $missing" \
		test -z "$missing"
	grep -E '^(usage:|  -)' help >>helps
	options_of help >>"pages/${page##*/}"
done
# The other way round: what no command has is no option of a page.
for page in pages/*; do
	stale=$(sed -E 's/\\f[BIRP]//g; s/\\//g' "$TOP/userspace/man/${page##*/}" |
		grep -A1 '^\.TP' | grep -E '^\.[BI]+ +-' |
		grep -oE -- ' --?[A-Za-z][a-z-]*' | tr -d ' ' | sort -u |
		grep -vxF -f "$page" -e --json -e --help -e -h)
	holds "${page##*/}: no option that no command has $stale" test -z "$stale"
done
# The tables that are parsed, and the one flag that is not in any.
grep -rhoE '^[^"]*"[a-z-]+", *(no|required|optional)_argument' \
	"$TOP/userspace/cli" | sed -E 's/.*"([a-z-]+)".*/--\1/' >parsed
printf '%s\n' --json --help --login >>parsed
grep -oE -- '--[a-z][a-z-]*' helps | sort -u >told
holds "every option that is told of is parsed $(sort -u parsed | comm -13 - told)" \
	test -z "$(sort -u parsed | comm -13 - told)"
printf '%s\n' --json --help >>told
holds "every option that is parsed is told of $(sort -u told | comm -13 - \
	<(sort -u parsed))" test -z "$(sort -u told | comm -13 - <(sort -u parsed))"

# completes WORDS...: what bash's completion offers for the last of WORDS
export EXECGATE_COMPLETE=$TOP/userspace/completion/complete
completes() {
	bash -c '
		_init_completion() {
			words=("${line[@]}") cword=$((${#line[@]} - 1))
			cur=${words[cword]} prev=${words[cword - 1]}
		}
		_filedir() { COMPREPLY=(FILE); }
		. "$1"; shift
		line=("$@")
		_execgate
		printf "%s\n" "${COMPREPLY[@]}"' bash \
		"$TOP/userspace/completion/execgate.bash" "$EXECGATE" "$@" | sort
}

# The same of zsh and fish, which choose among the candidates by themselves.
completes_zsh() {
	zsh -f -c '
		_describe() { print -rl -- ${(@)${(P)2}%%:*}; }
		_files() { print FILE; }
		file=$1
		shift
		words=("$@") CURRENT=$#
		source $file' zsh "$TOP/userspace/completion/execgate.zsh" "$EXECGATE" "$@" | sort
}

completes_fish() {
	fish --no-config -c '
		set -g line $argv[2..]
		function commandline
			switch $argv[1]
				case -opc
					printf "%s\n" $line[..-2]
				case -ct
					printf "%s\n" $line[-1]
			end
		end
		function __fish_complete_path
			echo FILE
		end
		source $argv[1]
		__execgate_complete' "$TOP/userspace/completion/execgate.fish" \
		"$EXECGATE" "$@" | cut -f1 | sort
}

completion=$TOP/userspace/completion
holds "completion is valid sh" sh -n "$completion/complete"
holds "completion is valid bash" bash -n "$completion/execgate.bash"
holds "completion is valid zsh" zsh -n "$completion/execgate.zsh"
holds "completion is valid fish" fish --no-execute "$completion/execgate.fish"
for line in '' 'key|' 'key|enroll|--for|' 'sign|--class|' 'sign|-' 'mode|' 'verify|'; do
	IFS='|' read -r -a words <<<"$line|."
	words[-1]=''
	[ "$line" != 'sign|-' ] || words=(sign -)
	holds "completion of \"execgate ${line//|/ }\" offers something" \
		test -n "$(completes "${words[@]}")"
	for shell in zsh fish; do
		holds "completion of \"execgate ${line//|/ }\" is the same in $shell" \
			cmp <(completes "${words[@]}") <("completes_$shell" "${words[@]}")
	done
done
holds "completion knows every command" cmp <(completes '') \
	<({ commands_of '' && printf '%s\n' --help --json; } | sort)
holds "completion of help, too" cmp <(completes help '') <(commands_of '' | sort)
for command in "${commands[@]}"; do
	# shellcheck disable=SC2086
	"$EXECGATE" help $command >help
	[ "${command#* }" = "$command" ] ||
		holds "completion knows $command" grep -qxF "${command#* }" \
			<(completes "${command% *}" '')
	# shellcheck disable=SC2086
	missing=$(options_of help | comm -23 - <(completes $command -))
	holds "completion knows every option of $command $missing" \
		test -z "$missing"
done
# values_of LIST: the names in a list of the header
values_of() {
	sed -n "/#define EXECGATE_$1(X)/,/[^\\\\]$/p" \
		"$TOP/kernel/uapi/linux/execgate.h" |
		sed -nE 's/^[[:space:]]+X\([A-Z_]+,( [0-9]+,)? "([a-z-]+)".*/\2/p' | sort
}
holds "completion knows every class" cmp <(completes sign --class '') \
	<(values_of CLASSES)
holds "completion knows every purpose" \
	cmp <(completes key enroll --for '' | grep -v ,) <(values_of PURPOSES)
holds "completion knows every profile" cmp <(completes profile '') \
	<(values_of PROFILES)
holds "completion knows every profile of a policy" \
	cmp <(completes policy make --profile '') <(values_of PROFILES)
holds "completion knows every mode" cmp <(completes policy make --mode '') \
	<(values_of MODES)
holds "completion knows what one does to modes" cmp <(completes mode '') \
	<({ values_of MODES && echo confirm; } | sort)

expect 7 "a name that turns the text around" "$EXECGATE" verify --json \
	--cert "$KEYS/rsa/cert.pem" $'\u202eexe\u009b'
says "a name that turns the text around is escaped" \
	'\xe2\x80\xaeexe\xc2\x9b: '
holds "JSON is ASCII" bash -c '! LC_ALL=C grep -q "[^ -~]" out'
json "and holds the name" '.files[0].file == "\u202eexe\u009b"'
