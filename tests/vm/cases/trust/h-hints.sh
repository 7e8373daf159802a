# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Each command that "why" and the journal's catalog advise, run as it stands in the state
# that it is advised in. What is to mend that state mends it; what is to show something does.
# Those of files of packages are in stock/hints.sh, that of the daemon in full/h-hints.sh.

H=$T/hints
anew=
X=$H/x
signing=/root/.config/execgate

# Where "execgate sign" looks for the key of whoever calls it.
signing_key() {
	mkdir -p "$signing" "$H/dir" && cp /etc/execgate/test/{key,cert}.pem "$signing/"
}

# ways REASON: the commands of "why" about the file
ways() {
	execgate why --json "$X" | tr -d '\n' >"$H/why"
	says "\"reason\": *\"$1\"" "$(<"$H/why")" >&2 || return
	grep -oE '"command": *"([^"\\]|\\.)*"' "$H/why" | sed -E 's/^"command": *"(.*)"$/\1/; s/\\"/"/g'
}

# entry REASON: those of the journal's entry about such a denial, which has the reason's number
entry() {
	local number
	number=$(execgate help why | sed -nE '/^Reasons:/,$s/^    ([a-z-]+): .*/\1/p' |
		grep -nx -- "$1" | cut -d: -f1) || return
	awk -v id="$(printf '9f97cad952584a27ae2f767c269001%02x' $((number - 1)))" \
		'$1 == "--" { on = $2 == id } on && /^    / { print substr($0, 5) }' /suite/catalog
}

# typed COMMAND: by root, who may be anywhere
typed() { (cd / && HOME=/root bash -c "$1"); }

# mended COMMAND: the file is good then; the next command finds it as it was. "anew" is what
# comes from where the file came from, if that is to be fetched first.
mended() {
	[[ -z $anew ]] || cp "$anew" "$X"
	typed "$1" && expect 0 execgate check "$X" && cp "$H/before" "$X"
}

# followed COMMAND REASON CODE: where it is told what the text leaves open
followed() {
	local command=${1//FILE/$X} status=0
	command=${command//CLASS/program}
	echo "$command"
	case $command in
	"execgate sign "*) mended "$command" ;;
	"execgate key enroll "*CERTIFICATE)
		mended "${command/CERTIFICATE/$certificate}" || status=$?
		execgate key remove "$certificate" && expect "$3" execgate check "$X" &&
			return "$status"
		;;
	"execgate verify --cert CERTIFICATE "*)
		expect 0 typed "${command/CERTIFICATE/$certificate}"
		;;
	"execgate verify "*) typed "$command" || (($? >= 3 && $? <= 5)) ;;
	"execgate check "*) expect "$3" typed "$command" ;;
	"execgate identity show "*) says 'Rule: +path ' "$(typed "$command")" ;;
	"execgate key list" | "execgate revoke list") typed "$command" | grep . ;;
	"stat "*) says "$X" "$(typed "$command")" ;;
	"install "*) typed "${command/NEW//suite/files/good}" && expect 9 "$X" && cp "$H/before" "$X" ;;
	# They ask the journal, dpkg and Debian's tools, which this guest has not.
	"execgate denials "* | dpkg* | fuser* | lsof* | findmnt* | journalctl*) ;;
	*)
		echo "nobody tests: $command"
		return 1
		;;
	esac
}

# state REASON CODE: the file is refused for that, and each advice is followed
state() {
	local command all
	expect "$2" execgate check "$X" && all=$(ways "$1" && entry "$1") &&
		[[ -n $all ]] && cp -p "$X" "$H/before" || return
	while read -r command; do
		followed "$command" "$1" "$2" </dev/null || return
	done < <(sort -u <<<"$all")
}

# of_file FILE REASON CODE
of_file() {
	cp "$V/$1" "$X" && state "$2" "$3"
}

# The same, where the signature is such that nobody can tell where the content ends.
of_damaged() {
	local anew=$V/h9 all
	cp "$V/$1" "$X" && expect 4 execgate sign "$X" && cmp "$V/$1" "$X" &&
		all=$(execgate why "$X") && says 'get it anew from where it came' "$all" &&
		state "$2" "$3"
}

certificate=/suite/keys/stranger.pem

of_revoked() {
	local digest status=0
	cp "$V/good" "$X" && digest=$(sha256sum <"$V/h9") && digest=${digest%% *} &&
		execgate revoke digest --no-persist "$digest" || return
	state revoked 5 || status=$?
	execgate revoke digest --undo "$digest" && expect 0 execgate check "$X" && return "$status"
}

of_old_version() {
	local status=0
	cp "$V/h9" "$X" && execgate sign --identity org.example/hinted --version 4 "$X" &&
		execgate revoke version --no-persist org.example/hinted 5 || return
	state rollback 4 || status=$?
	execgate revoke version --undo org.example/hinted && return "$status"
}

# Somebody has it open: no way ends that but the end of the writer.
of_writer() {
	local status=0
	cp "$V/good" "$X" && exec 8>>"$X" || return
	state writer-open 1 || status=$?
	exec 8>&-
	expect 0 execgate check "$X" && return "$status"
}

# The gate's own switch, and the class of the program that needs it.
of_memory() {
	local ways
	cp "$A" "$X" && execgate gate anon-exec on && ! "$X" anon-rwx || return
	ways=$(execgate why --json --reason anon-exec "$X")
	says "$(printf '%s\n' 'execgate sign --class program,may-jit FILE')" "$ways" &&
		says 'execgate gate anon-exec off' "$ways" &&
		typed "execgate sign --class program,may-jit $X" && expect 9 "$X" anon-rwx &&
		cp "$A" "$X" && ! "$X" anon-rwx && typed 'execgate gate anon-exec off' &&
		expect 9 "$X" anon-rwx
}

check hint-setup signing_key
check hint-unsigned of_file h9 unsigned 3
check hint-malformed of_damaged indefinite malformed 4
check hint-weak-algorithm of_damaged sha1 weak-algorithm 5
check hint-bad-signature of_file twin bad-signature 4
check hint-unknown-signer of_file stranger unknown-signer 5
check hint-digest-mismatch of_file changed digest-mismatch 4
check hint-wrong-class of_file as-library wrong-class 1
check hint-wrong-path of_file bound wrong-path 1
check hint-revoked of_revoked
check hint-rollback of_old_version
check hint-writer-open of_writer
check hint-anon-exec of_memory
execgate gate anon-exec off >/dev/null
rm -rf "$signing"
