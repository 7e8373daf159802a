# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What the cases on a Debian with its files unchanged share.

# quiet COMMAND...: its output only when it fails, and of that the end
quiet() {
	"$@" >"$T/quiet" 2>&1 && return
	tail -n 15 "$T/quiet"
	return 1
}

trusted_by_catalog() {
	local file json
	for file; do
		json=$(execgate check --json "$file") && field "$json" carrier &&
			same "carrier of $file" "$REPLY" catalog || return
	done
}
