# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For lanes written in bash: one line a case, and a status that agrees with it.

bad=0

ok() { printf 'ok %s\n' "$1"; }

# not_ok NAME [WHY]
not_ok() {
	printf 'not ok %s%s\n' "$1" "${2:+ # $2}"
	bad=1
}

# judge NAME COMMAND...: a case that is good when COMMAND is; its output is
# shown only when it is not.
judge() {
	local name=$1 output
	shift
	if output=$("$@" 2>&1); then
		ok "$name"
	else
		printf '%s\n' "$output"
		not_ok "$name"
	fi
}

# Every file of the project, without what a build makes; with git or, in the
# builder, without it.
files() {
	# A checkout of another owner, as under sudo, is one all the same.
	local git=(git -c 'safe.directory=*')
	if "${git[@]}" rev-parse --git-dir >/dev/null 2>&1; then
		"${git[@]}" ls-files -co --exclude-standard -- "$@" |
			while read -r file; do
				[[ ! -f $file ]] || printf '%s\n' "$file"
			done
	else
		# The builder's copy holds nothing else, until it builds.
		find . -path ./build -prune -o -type f -print |
			sed 's,^\./,,' | sort | only "$@"
	fi
}

# only PATTERN...: lines that match one of the shell patterns; all without one.
only() {
	local line pattern
	while read -r line; do
		(($#)) || printf '%s\n' "$line"
		for pattern in "$@"; do
			# shellcheck disable=SC2053 # a pattern on purpose
			[[ $line == $pattern ]] && printf '%s\n' "$line" && break
		done
	done
	return 0
}

# Files that a program wrote.
generated() {
	case $1 in
	kernel/known_answer.h) return 0 ;;
	*) return 1 ;;
	esac
}

finish() { exit "$bad"; }
