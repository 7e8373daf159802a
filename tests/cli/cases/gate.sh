# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The commands that ask the kernel: how they refuse what makes no sense, and
# what they say without the module. The rest is tested in a guest.

expect 2 'status with an argument' "$EXECGATE" status now
expect 2 'a mode that is none' "$EXECGATE" mode strict
says 'names the modes' 'modes are off, audit, enforce'
expect 2 'two modes' "$EXECGATE" mode off audit
expect 2 'persist what?' "$EXECGATE" mode --persist
expect 2 'an unknown option of mode' "$EXECGATE" mode --quick enforce
expect 2 'a profile that is none' "$EXECGATE" profile enforce
says 'names the profiles' 'profiles are basic, standard, strict'
expect 2 'two profiles' "$EXECGATE" profile basic strict
expect 2 'persist which profile?' "$EXECGATE" profile --persist
expect 2 'check which profile?' "$EXECGATE" profile --check
expect 2 'an unknown option of profile' "$EXECGATE" profile --hurry strict
expect 2 'a gate that is none' "$EXECGATE" gate door on
says 'tells how to list them' '"execgate gate" lists them'
expect 2 'a gate neither on nor off' "$EXECGATE" gate seal shut
expect 2 'persist which gate?' "$EXECGATE" gate --persist seal
expect 2 'two gates' "$EXECGATE" gate seal on inject
expect 2 'check of nothing' "$EXECGATE" check
expect 2 'check at no hook' "$EXECGATE" check --hook open /bin/sh
says 'names the hooks' 'exec, mmap, kernel-read or read'
expect 2 'a reason that is none' "$EXECGATE" denials --reason nonsense
expect 2 'allowed is no reason to deny' "$EXECGATE" denials --reason allowed
expect 2 'a number that is none' "$EXECGATE" denials -n few
expect 2 'a negative number' "$EXECGATE" denials -n -1
expect 2 'a time that is none' "$EXECGATE" denials --since lately
says 'shows how to write a time' 'today'
expect 2 'denials of something' "$EXECGATE" denials /bin/sh
expect 2 'groups that are followed' "$EXECGATE" denials --group -f
says 'names the two' '--group does not go with --follow'
expect 2 'doctor for somebody' "$EXECGATE" doctor me

expect 2 'setup of something' "$EXECGATE" setup now
expect 2 'two keys of setup' "$EXECGATE" setup --passphrase --token pkcs11:x --cert x
says 'says that they exclude each other' 'exclude each other'
expect 2 'a token without its certificate' "$EXECGATE" setup --token pkcs11:x
expect 2 'a certificate without its token' "$EXECGATE" setup --cert x
expect 2 'changed files skipped and accepted' "$EXECGATE" setup --skip-changed --accept-changed
expect 8 'setup without privilege' unprivileged "$EXECGATE" setup
says 'names the step' '[1/4]'
says 'says that it needs root' 'this needs root'

for command in setup status mode profile gate check denials doctor; do
	expect 0 "help of $command" "$EXECGATE" "$command" --help
	prints "usage of $command" "usage: execgate $command"
done

if [ ! -e /sys/module/execgate ]; then
	for command in status mode 'mode audit' profile 'profile strict' \
		gate 'gate seal' 'gate seal off' 'check /bin/sh' \
		'denials --kernel' 'denials --kernel -f'; do
		# shellcheck disable=SC2086 # two words
		expect 6 "without the module: $command" "$EXECGATE" $command
		says "$command tells what to do" 'modprobe execgate'
	done
	expect 6 'status as JSON' "$EXECGATE" status --json
	prints 'has the exit code' '"exit_code": 6'
	expect 6 'doctor without the module' "$EXECGATE" doctor
	prints 'a check that failed' 'FAIL  module: '
	prints 'and what to do' '-> '
	expect 6 'doctor as JSON' "$EXECGATE" doctor --json
	prints 'is not fine' '"ok": false'
fi
