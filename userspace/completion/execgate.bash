# SPDX-License-Identifier: GPL-2.0
# bash completion for execgate: "complete", beside it, says what fits.
# shellcheck shell=bash

_execgate() {
	local cur prev words cword word
	_init_completion || return
	while IFS=$'\t' read -r word _; do
		case $word in
		:files) _filedir ;;
		:folders) _filedir -d ;;
		"$cur"*) COMPREPLY+=("$word") ;;
		esac
	done < <(sh "${EXECGATE_COMPLETE:-/usr/share/execgate/complete}" \
		"${words[@]:0:cword+1}")
} && complete -F _execgate execgate
