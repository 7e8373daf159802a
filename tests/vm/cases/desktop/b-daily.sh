# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A developer's day in enforce: hooks of git, environments of Python, images that are
# mounted, scripts with odd first lines. What is not listed stops, with one event, and
# stops what depends on it; once listed it runs.

Y=$P/daily
K=(--key /etc/execgate/local/key.pem --cert /etc/execgate/local/cert.pem)

# denied_once COMMAND...: it fails, and one file was refused for want of a signature
denied_once() {
	take_events
	"$@" && { echo "$* worked"; return 1; }
	take_events && same events "${#EVENTS[@]}" 1 && event_is "${EVENTS[0]}" reason unsigned
}

# listed COMMAND NAME FILE...: a catalog of the files, and then it works, with no event
listed() {
	local command=$1 name=$2 status=0
	shift 2
	execgate catalog build --no-cache --name "$name" --sign "${K[@]}" -o "$Y/$name.cat" "$@" &&
		execgate catalog install --no-persist "$Y/$name.cat" && take_events &&
		"$command" && take_events && same events "${#EVENTS[@]}" 0 || status=$?
	execgate catalog remove --no-persist "$name"
	return "$status"
}

commit() {
	git -C "$Y/git" -c user.name=x -c user.email=x@example.org commit -qm "$1"
}
commits() { git -C "$Y/git" rev-list --all --count; }
allowed_commit() { commit listed && same commits "$(commits)" 1; }
git_hook() {
	rm -rf "$Y/git" && git init -q "$Y/git" && echo x >"$Y/git/f" && git -C "$Y/git" add f &&
		printf '#!/bin/sh\nexit 0\n' >"$Y/git/.git/hooks/pre-commit" &&
		chmod 755 "$Y/git/.git/hooks/pre-commit" && denied_once commit denied &&
		same commits "$(commits)" 0 &&
		listed allowed_commit hook "$Y/git/.git/hooks/pre-commit"
}

# pip is in it, and the script that starts it, which no package lists.
pip() { says '^pip ' "$("$Y/venv/bin/pip" --version)"; }
environment() {
	rm -rf "$Y/venv" && quiet python3 -m venv --copies "$Y/venv" &&
		same prefix "$("$Y/venv/bin/python3" -c 'import sys; print(sys.prefix)')" "$Y/venv" &&
		denied_once "$Y/venv/bin/pip" --version && listed pip venv "$Y/venv"
}

# An image as installers and AppImages have it, mounted by root.
in_image() { expect 9 "$Y/mounted/x"; }
image() {
	local status=0
	rm -rf "$Y/image" && mkdir -p "$Y/image" "$Y/mounted" && cp "$V/h9" "$Y/image/x" &&
		cp "$V/good" "$Y/image/good" &&
		quiet mksquashfs "$Y/image" "$Y/squashfs" -noappend -quiet -no-progress &&
		mount -t squashfs -o loop,ro "$Y/squashfs" "$Y/mounted" || return
	denied_once "$Y/mounted/x" && expect 9 "$Y/mounted/good" &&
		listed in_image image "$Y/mounted" || status=$?
	umount "$Y/mounted"
	return "$status"
}

# The kernel looks for an interpreter with a carriage return behind its name; env takes
# its string apart. Both are judged as what they start.
carriage_return() {
	printf '#!/bin/sh\r\nexit 9\r\n' >"$Y/crlf" && chmod 755 "$Y/crlf" &&
		execgate sign --armor "${K[@]}" "$Y/crlf" && take_events &&
		{ "$A" exec "$Y/crlf" 2>&1 || true; } | grep -q 'ENOENT\|No such file' &&
		take_events && same events "${#EVENTS[@]}" 0
}
env_string() {
	printf '#!/usr/bin/env -S A=9 python3 -I\nimport os, sys\nsys.exit(int(os.environ["A"]))\n' \
		>"$Y/env" && chmod 755 "$Y/env" && denied_once "$Y/env" &&
		execgate sign "${K[@]}" "$Y/env" && expect 9 "$Y/env"
}

mkdir -p "$Y"
execgate key enroll --no-persist /suite/keys/trusted.pem >/dev/null
check desktop-git-hook git_hook
check desktop-venv environment
check desktop-squashfs image
check desktop-script-crlf carriage_return
check desktop-script-env-string env_string
take_events >/dev/null
