# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Every command that a page, a message, the journal or doctor tells a user to type is one
# that our programs take: the options are looked up where they are parsed, by running it
# where it can do nothing, without privilege, terminal or files.

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
