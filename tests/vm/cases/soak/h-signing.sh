# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The signer killed, and the power cut, while it signs: old or new, never torn.

# The same signature each time, so that new is one content.
export SOURCE_DATE_EPOCH=1000000000

fresh_copy() { # FILE
	cp "$T/original" "$1" && chown 1234:2345 "$1" &&
		chmod 4750 "$1" && expect 9 "$A" xattr-set "$1" user.soak kept
}

# old_or_new FILE: whole, and with all that surrounds it; counts in olds and news
old_or_new() {
	case $(sha256sum <"$1") in
	"$old") olds=$((olds + 1)) ;;
	"$new") news=$((news + 1)) ;;
	*) echo "$1 is torn"; return 1 ;;
	esac
	same attributes "$(stat -c %a:%u:%g "$1")" 4750:1234:2345 &&
		same xattr "$("$A" xattr-get "$1" user.soak)" kept
}

# What there is to compare with; and how long signing takes, in microseconds.
signing_ready() {
	{ cat "$V/h9" && head -c 3000000 /dev/urandom; } >"$T/original" &&
		fresh_copy "$1/file" || return
	old=$(sha256sum <"$1/file")
	took=$(now)
	sign "$1/file" || return
	took=$(($(now) - took))
	new=$(sha256sum <"$1/file")
	[[ $old != "$new" ]]
}

# R21: kill -9 at a hundred points; as many as there is time for, but twenty.
signer_killed() {
	local end n olds=0 news=0 old new took pid left=0
	mkdir -p "$U/sign" && signing_ready "$U/sign" || return
	end=$((SECONDS + each))
	for ((n = 0; n < 100 && (n < 20 || SECONDS < end); n++)); do
		rm -rf "$U/sign" && mkdir "$U/sign" && fresh_copy "$U/sign/file" || return
		execgate sign "${mine[@]}" "$U/sign/file" >/dev/null 2>&1 &
		pid=$!
		nap "$took" "$n"
		kill -9 "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
		old_or_new "$U/sign/file" || return
		set -- "$U"/sign/* "$U"/sign/.[!.]*
		[[ $# == 2 && ! -e $2 ]] || left=$((left + 1))
	done
	rm -rf "$U/sign"
	note "R21 the signer killed $n times: $olds old, $news new, 0 torn," \
		"$left times a copy was left behind"
	((olds > 0))
}

# cut N: sign, and take what is on the disk at that moment to another machine
cut() {
	local pid
	rm -f "$D/file" && fresh_copy "$D/file" && sync || return
	execgate sign "${mine[@]}" "$D/file" >/dev/null 2>&1 &
	pid=$!
	nap "$took" "$1"
	expect 9 "$A" dm-suspend soak && cp "$T/power.img" "$T/cut.img" &&
		expect 9 "$A" dm-resume soak || return
	wait "$pid" || return
	mount -o loop "$T/cut.img" "$T/cut" || return
	old_or_new "$T/cut/file"
	local status=$?
	umount "$T/cut" && return "$status"
}

# R21: the power fails. A stopped disk is what the next boot would find.
power_cut() {
	local end n olds=0 news=0 old new took loop
	modprobe -a loop dm_mod && cp /suite/journal.img "$T/power.img" &&
		mkdir -p "$D" "$T/cut" && loop=$(losetup -f) &&
		losetup "$loop" "$T/power.img" && expect 9 "$A" dm-create soak &&
		expect 9 linear && expect 9 "$A" dm-resume soak &&
		mount /dev/dm-0 "$D" && signing_ready "$D" || return
	end=$((SECONDS + each))
	for ((n = 0; n < 100 && (n < 20 || SECONDS < end); n++)); do
		cut "$n" || return
	done
	note "R21 the power cut $n times: $olds old, $news new, 0 torn"
	umount "$D" && expect 9 "$A" dm-remove soak && losetup -d "$loop" &&
		rm -f "$T/power.img" "$T/cut.img" && ((olds > 0))
}

row R21-signer-killed signer_killed
row R21-power-cut power_cut
