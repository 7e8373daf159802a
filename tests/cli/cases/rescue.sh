# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# preflight, why, review and enforce on trial, as far as they go without the
# module. The rest is tested in a guest.

expect 2 'preflight with an unknown option' "$EXECGATE" preflight --quick
expect 2 'all of what is critical, and more' "$EXECGATE" preflight --critical /bin
says 'tells that they exclude each other' '--critical takes no PATH'
expect 7 'preflight of nothing' "$EXECGATE" preflight ./none
says 'names what is not there' './none'
expect 7 'why of nothing of mine' "$EXECGATE" why
expect 2 'why of two' "$EXECGATE" why /bin/sh /bin/true
expect 2 'review of a file' "$EXECGATE" review /bin/sh
expect 2 'review with an unknown option' "$EXECGATE" review --quick

expect 2 'a time that is none' "$EXECGATE" mode enforce --for soon
says 'shows how to write one' '60s'
expect 2 'a time that is too short' "$EXECGATE" mode enforce --for 1s
expect 2 'a time that is too long' "$EXECGATE" mode enforce --for 48h
expect 2 'a time without a mode' "$EXECGATE" mode --for 60s
expect 2 'a time for audit' "$EXECGATE" mode audit --for 60s
says 'tells what it is for' '--for is of enforce only'
expect 2 'on trial and for good' "$EXECGATE" mode enforce --for 60s --persist
says 'tells how to keep it' 'mode confirm --persist'
expect 2 'a confirmation by force' "$EXECGATE" mode confirm --force
expect 2 'a confirmation for a time' "$EXECGATE" mode --for 60s confirm

for command in preflight why review; do
	expect 0 "help of $command" "$EXECGATE" help "$command"
	prints "usage of $command" "usage: execgate $command"
	sed 's/\\//g' "$TOP/userspace/man/execgate-$command.1" >page
	missing=$(grep -oE -- '--[a-z][a-z-]+' out | sort -u | while read -r o; do
		grep -qF -- "$o" page || echo "$o"
	done)
	holds "$command: every option in its manual page $missing" \
		test -z "$missing"
done
expect 0 'the exit codes' "$EXECGATE" help
prints 'have one for what would break' '12  would-break '

if [ ! -e /sys/module/execgate ]; then
	cp /bin/true prog
	for command in preflight 'preflight prog' 'preflight --critical' \
		'why prog' 'mode enforce --for 60s' 'mode confirm' \
		'review --kernel'; do
		# shellcheck disable=SC2086 # words are meant
		expect 6 "without the module: $command" "$EXECGATE" $command
		says "$command tells what to do" 'modprobe execgate'
	done
	expect 6 'preflight as JSON' "$EXECGATE" preflight --json prog
	json 'is an error object' '.error.exit_code == 6'
fi
