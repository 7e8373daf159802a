# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# F. Overlays: what is judged is the file of the layer that is mapped, what is
# told is the name that the user knows.

O=$U/all
M=$T/m # of tmpfs

# overlay [OPTION]: an overlay at $O over $U/lower, a case's file x below
overlay() {
	rm -rf "$U/up" "$U/work"
	mkdir -p "$U/lower" "$U/up" "$U/work" "$O"
	[[ ! -e $U/x ]] || mv "$U/x" "$U/lower/x" || return
	mount -t overlay -o "lowerdir=$U/lower,upperdir=$U/up,workdir=$U/work$1" \
		overlay "$O"
}

# with_overlay ATTACK...: with the overlay gone afterwards
with_overlay() {
	local status
	"$@"
	status=$?
	umount "$O"
	return "$status"
}

lower() { overlay ''; }
upper() { overlay '' && cp "$O/x" "$O/y" && mv "$O/y" "$O/x"; }
# Copied up by what anybody may do to a file of one's own.
copied_up() { overlay '' && chmod 700 "$O/x" && [[ -e $U/up/x ]]; }
metacopy() { overlay ',metacopy=on,redirect_dir=on' && chmod 700 "$O/x"; }
changed_above() {
	overlay '' && printf '\xff' |
		dd of="$O/x" bs=1 seek=300 conv=notrunc 2>/dev/null
}
stacked() {
	mkdir -p "$U/lower" "$U/first" "$U/up" "$U/work" "$O" &&
		mv "$U/x" "$U/lower" &&
		mount -t overlay -o "lowerdir=$U/lower:$V" overlay "$U/first" &&
		mount -t overlay -o \
			"lowerdir=$U/first,upperdir=$U/up,workdir=$U/work" \
			overlay "$O"
}
with_stacked() {
	local status
	"$@"
	status=$?
	umount "$O" "$U/first"
	return "$status"
}
# The upper layer in memory, as in containers and live systems.
upper_in_memory() {
	mkdir -p "$O" "$U/lower" && mv "$U/x" "$U/lower" &&
		mount -t tmpfs tmpfs "$M" && mkdir "$M/up" "$M/work" &&
		mount -t overlay -o \
			"lowerdir=$U/lower,upperdir=$M/up,workdir=$M/work" \
			overlay "$O" && chmod 700 "$O/x"
}
with_upper_in_memory() {
	local status
	"$@"
	status=$?
	umount "$O" "$M"
	return "$status"
}

modprobe overlay || not_ok setup "no overlayfs"

for place in lower upper copied_up metacopy stacked upper_in_memory; do
	run=with_overlay
	[[ $place != @(stacked|upper_in_memory) ]] || run=with_$place
	allow "83-$place" file=good prepare="$place" \
		-- "$run" "$A" exec "$O/x"
	# Technique: T1204.003
	deny "83-$place-unsigned" file=h9 prepare="$place" reason=unsigned \
		target='' pid=child -- "$run" "$A" exec "$O/x"
done
# What the dynamic loader does to a library, RELRO included.
for place in lower copied_up; do
	allow "83-$place-dynamic" file=good-d9 prepare="$place" \
		-- with_overlay "$O/x"
	allow "83-$place-dlopen" file=good.so prepare="$place" \
		says='evil ran' -- with_overlay "$V/loader" "$O/x"
	allow "83-$place-protect-again" file=good-blob prepare="$place" works=7 \
		-- with_overlay "$A" protect-again "$O/x"
done
allow 83-script file=good-script prepare=lower -- with_overlay "$A" exec "$O/x"

# The event names the file as stat(2) shows it above.
exec_and_name() {
	stat -c %i "$O/x" >"$T/ino"
	with_overlay "$A" exec "$O/x"
}
overlay_named() {
	local status=0
	[[ $mode != off ]] || return 0
	rm -rf "${U:?}"/* && cp "$V/h9" "$U/x" && lower && take_events || return
	exec_and_name || status=$?
	take_events && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" path "$O/x" &&
		event_is "${EVENTS[0]}" ino "$(<"$T/ino")"
}
# Technique: none
check "$mode/83-event-names-overlay" overlay_named
# A check keeps its own count of events.
take_events >/dev/null

# Technique: T1554
deny 83-changed-above file=good prepare=changed_above target='' pid=child \
	reason=digest-mismatch -- with_overlay "$A" exec "$O/x"

# A descriptor from before the copying up reads the new file and maps the old.
deny 83-descriptor-before-copy-up file=evil-blob prepare=lower target='' \
	pid=child hook=mmap-overlay reason=untrusted-fs \
	-- with_overlay "$A" old-descriptor "$O/x" "$V/good-blob"

many_evil() {
	local i
	for ((i = 0; i < 60; i++)); do
		mkdir -p "$U/lower"
		cp "$U/x" "$U/lower/$i"
	done
	rm "$U/x"
	overlay ''
}
evil_program() {
	cp "$V/good" "$U/x" && "$A" patch "$U/x" && many_evil
}
deny 83-race-copy-up prepare=evil_program reason=any hook=any many=any target='' \
	pid=any left=3 -- with_overlay "$A" race-copy-up 60 "$V/good" "$O"

# The bytes in use are those of the layer: changed there, or through the
# overlay, or through another one over the same layer.
in_use() {
	deny "83-$1" file=good-blob prepare="$2" hook=open reason=sealed \
		target='' pid=child refused="$etxtbsy" \
		-- with_overlay "$A" mapped-beside "$O/x" "$3" "$4"
}
in_use write-upper-through upper "$O/x" write
in_use write-upper-below upper "$U/up/x" write
in_use write-lower-below lower "$U/lower/x" write
in_use map-shared-upper upper "$O/x" map-shared
in_use punch-upper upper "$O/x" punch
deny 83-truncate-upper file=good-blob prepare=upper hook=truncate \
	reason=sealed target='' pid=child refused="$etxtbsy" \
	-- with_overlay "$A" mapped "$O/x" truncate
# Writing to a file of the lower layer through the overlay makes another file.
allow 83-write-lower-through file=good-blob prepare=lower \
	-- with_overlay "$A" mapped "$O/x" write
deny 83-writer-through file=good-blob prepare=lower hook=mmap target='' \
	pid=child reason=writer-open -- with_overlay "$A" writer "$O/x"
deny 83-writer-below file=good-blob prepare=upper hook=mmap target='' \
	pid=child reason=writer-open \
	-- with_overlay "$A" writer "$O/x" "$U/up/x"
deny 83-shared-writer-through file=good-blob prepare=lower hook=mmap target='' \
	pid=child reason=writer-open -- with_overlay "$A" shared-writer "$O/x"
race 83-overwritten-below file=good prepare=upper pid=any hook=any \
	-- with_overlay "$A" race-overwrite 2 "$V/good" "$V/evil-signed-part" \
	"$U/up/x" "$O/x"
# execve reads the headers of a program's interpreter, and maps it later.
with_program() { "$1" && cp "$V/good-interpreted" "$U/program"; }
program_lower() { with_program lower; }
program_upper() { with_program upper; }
program_metacopy() { with_program metacopy; }
for place in lower upper metacopy; do
	allow "83-interpreter-$place" file=good-interpreter \
		prepare="program_$place" \
		-- with_overlay "$A" exec "$U/program"
done
race 83-interpreter-headers file=good-interpreter prepare=program_lower \
	pid=any hook=any \
	-- with_overlay "$A" race-interpreter 10 "$V/good-interpreter" \
	"$V/evil-interpreter" "$U/lower/x" "$U/program"
