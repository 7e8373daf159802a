# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Every command that a page, a message, the journal or doctor tells a user to type is one
# that our programs take: the options are looked up where they are parsed, by running it
# where it can do nothing, without privilege, terminal or files.

mkdir -p nowhere/old && chmod 777 nowhere && : >nowhere/old/cert.pem

# tried COMMAND...: unlike what the command does, what it makes of its words is tested
tried() {
	(cd nowhere && unprivileged env HOME=/nonexistent timeout 3 setsid --wait "$@" \
		>/dev/null 2>../err </dev/null)
}

# taken KIND COMMAND...: a line is complete; in a sentence arguments may be missing.
taken() {
	local kind=$1 status=0
	shift
	tried "$EXECGATE" "$@" || status=$?
	# Other words about what is not there also end with this status.
	[ $status -eq 2 ] && grep -q -- '--help"$' err || return 0
	[ "$kind" = mention ] &&
		! grep -qE 'unknown|takes no|is not a |excludes?' err
}

# The hook of apt is a script: it says its words in its first lines.
taken_by_hook() {
	local word
	for word; do
		sed -n '2,10p' "$TOP/userspace/apt/execgate-apt" | grep -qE -- "[ |[]$word( |\]|\$)" ||
			return
	done
}

python3 "$TOP/tests/cli/hints.py" "$TOP" >hints
holds "commands are found in pages and messages ($(wc -l <hints))" \
	test "$(wc -l <hints)" -gt 150
for from in README.md docs/guide.md userspace/man/execgate.1 userspace/systemd/execgate.catalog \
	userspace/lib/events/advice.c userspace/cli/doctor/root.c userspace/apt/execgate-apt; do
	holds "some are from $from" grep -q "	$from	" hints
done
while IFS=$'\t' read -r kind file command; do
	eval "words=($command)"
	name=${words[0]} words=("${words[@]:1}")
	: >err
	case $name in
	*execgate-apt) holds "$file: $command" taken_by_hook "${words[@]}" ;;
	*)
		if taken "$kind" "${words[@]}"; then
			pass "$file: $command"
		else
			fail "$file: $command" "$(head -c 300 err)"
		fi
		;;
	esac
done <hints
# The test itself: it tells what no command takes.
for command in 'frob' 'mode --forever enforce' 'mode enforced' 'key enrol x' 'gate frob on'; do
	read -ra words <<<"$command"
	if taken line "${words[@]}" || taken mention "${words[@]}"; then
		fail "\"$command\" is told apart"
	else
		pass "\"$command\" is told apart"
	fi
done
