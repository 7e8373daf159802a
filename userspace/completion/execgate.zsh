#compdef execgate
# SPDX-License-Identifier: GPL-2.0
# zsh completion for execgate: "complete" in /usr/share/execgate says what fits.

_execgate() {
	local line word text tab=$'\t'
	local -a fit
	for line in ${(f)"$(sh ${EXECGATE_COMPLETE:-/usr/share/execgate/complete} \
		"${(@)words[1,CURRENT]}")"}; do
		case $line in
		:files) _files ;;
		:folders) _files -/ ;;
		*)
			word=${line%%$tab*} text=
			[[ $line != *$tab* ]] || text=:${line#*$tab}
			fit+=("${word//:/\\:}$text")
			;;
		esac
	done
	(( ! $#fit )) || _describe execgate fit
}

_execgate "$@"
