# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# F. A good program in another place or under another name: its signature says where
# it may be. "bound" may be $U/bin/busybox, bound.so be below $U/lib.

B=$U/bin/busybox

in_place() { mkdir "$U/bin" && mv "$U/x" "$B"; }
# Run once, so that there is a verdict of the content.
used() { in_place && expect 9 "$B"; }
named() { mkdir -p "$U/bin" && mv "$U/x" "$U/bin/$1"; }
as_nologin() { named nologin; }
as_sshd() { named sshd; }
as_kworker() { named '[kworker0:0]'; }
as_deeper() { mkdir -p "$U/bin/busybox.d" && mv "$U/x" "$U/bin/busybox.d/busybox"; }
hard_linked() { used && ln "$B" "$U/x"; }
linked_beside() { used && ln "$B" "$U/bin/sshd"; }
renamed_after() { used && mv "$B" "$U/bin/sshd"; }
folder_renamed() { used && mv "$U/bin" "$U/sbin"; }
moved_here() { mkdir "$U/bin" && { "$U/x" || mv "$U/x" "$B"; }; }
linked_to() { used && ln -s bin/busybox "$U/x"; }

for name in nologin sshd kworker; do
	path=$U/bin/$name
	[[ $name != kworker ]] || path="$U/bin/[kworker0:0]"
	# Technique: T1036.005
	deny "121-path-as-$name" file=bound prepare="as_$name" reason=wrong-path \
		target="$path" -- "$A" exec "$path"
done
deny 121-path-copy file=bound reason=wrong-path
deny 121-path-copy-user file=bound reason=wrong-path uid=1000 \
	-- "$A" as 1000 "$U/x"
deny 121-path-deeper file=bound prepare=as_deeper reason=wrong-path \
	target="$U/bin/busybox.d/busybox" -- "$A" exec "$U/bin/busybox.d/busybox"
deny 121-path-hard-link file=bound prepare=hard_linked reason=wrong-path
deny 121-path-hard-link-beside file=bound prepare=linked_beside reason=wrong-path \
	target="$U/bin/sshd" -- "$A" exec "$U/bin/sshd"
deny 121-path-renamed file=bound prepare=renamed_after reason=wrong-path \
	target="$U/bin/sshd" -- "$A" exec "$U/bin/sshd"
deny 121-path-folder-renamed file=bound prepare=folder_renamed reason=wrong-path \
	target="$U/sbin/busybox" -- "$A" exec "$U/sbin/busybox"
deny 121-path-deleted file=bound prepare=used reason=wrong-path target='' \
	-- "$A" exec-fd "$B"
deny 121-path-sealed-memory file=bound reason=wrong-path target='' \
	-- "$A" sealed "$U/x" sgwk exec
deny 121-path-several file=bound-several reason=wrong-path
deny 121-path-script file=bound-script reason=wrong-path
deny 121-path-loader file=bound-d9 hook=mmap reason=wrong-path \
	refused="$no_map" -- "$LOADER" "$U/x"
deny 121-path-library file=bound.so hook=mmap reason=wrong-path evil='evil ran' \
	left=9 refused="$no_map|cannot be preloaded" \
	-- env LD_PRELOAD="$U/x" "$V/good-d9"

allow 121-path-in-place file=bound prepare=in_place -- "$A" exec "$B"
allow 121-path-in-place-again file=bound prepare=used -- "$A" exec "$B"
allow 121-path-in-place-user file=bound prepare=in_place -- "$A" as 1000 "$B"
allow 121-path-in-place-script file=bound-script prepare=in_place -- "$A" exec "$B"
allow 121-path-in-place-loader file=bound-d9 prepare=in_place -- "$LOADER" "$B"
allow 121-path-one-of-several file=bound-several prepare=in_place -- "$A" exec "$B"
allow 121-path-symbolic-link file=bound prepare=linked_to
# Refused elsewhere first, without a verdict that would say so here.
allow 121-path-moved-there file=bound prepare=moved_here -- "$A" exec "$B"
in_lib() { mkdir -p "$U/lib/deep" && mv "$U/x" "$U/lib/deep/l.so"; }
allow 121-path-library-in-place file=bound.so prepare=in_lib says='evil ran' \
	-- env LD_PRELOAD="$U/lib/deep/l.so" "$V/good-d9"
blob_in_lib() { mkdir -p "$U/lib" && mv "$U/x" "$U/lib/l.so"; }
allow 121-path-map file=bound-blob prepare=blob_in_lib works=7 \
	-- "$A" call "$U/lib/l.so"
# No folder can be looked up under the lock of mprotect.
deny 121-path-protect file=bound-blob prepare=blob_in_lib hook=mprotect \
	reason=mprotect works=7 target="$U/lib/l.so" \
	-- "$A" protect "$U/lib/l.so"

# Whoever is in a folder, without the right to search what is above it, may run
# what is there; the kernel's own right is what the rule's folder is looked up by.
in_closed_folder() {
	chmod 700 "$U"
	cd "$U/bin" && "$A" as 1000 ./busybox
	local status=$?
	chmod 755 "$U"
	return "$status"
}
allow 121-path-closed file=bound prepare=in_place -- in_closed_folder

# Mounts. One over the folder of the rule, which only its maker sees, changes nothing,
# and neither does another name of the right place.
over_place() {
	mkdir "$U/bin" "$U/evil" && mv "$U/x" "$U/evil/busybox"
}
exec_over() {
	exec unshare -m "$BASH" -c "mount --bind $U/evil $U/bin && exec $A exec $B"
}
exec_over_user() {
	exec "$A" as 1000 /usr/bin/unshare -Urm "$BASH" -c \
		"mount --bind $U/evil $U/bin && exec $B"
}
exec_elsewhere() {
	exec unshare -m "$BASH" -c \
		"mkdir $U/other && mount --bind $U/bin $U/other && exec $A exec $U/other/busybox"
}
file_over() { mkdir "$U/bin" && : >"$B"; }
exec_file_over() {
	exec unshare -m "$BASH" -c "mount --bind $U/x $B && exec $A exec $B"
}
deny 122-path-mount-over file=bound prepare=over_place reason=wrong-path \
	target="$U/evil/busybox" -- exec_over
deny 122-path-mount-over-user file=bound prepare=over_place reason=wrong-path \
	uid=1000 target="$U/evil/busybox" -- exec_over_user
deny 122-path-file-over file=bound prepare=file_over reason=wrong-path -- exec_file_over
allow 122-path-other-name file=bound prepare=used -- exec_elsewhere
root_below() { mkdir -p "$U/root$U/bin" && mv "$U/x" "$U/root$B"; }
exec_below() { exec chroot "$U/root" "$B"; }
deny 122-path-chroot file=bound prepare=root_below reason=wrong-path \
	target="$U/root$B" -- exec_below

# In a container that has all of $U below: its own root, its own file system.
overlay_place() {
	in_place && mount -t tmpfs tmpfs "$T/m" &&
		mkdir -p "$T/m/up" "$T/m/work" "$T/m/root"
}
with_memory() {
	local status
	"$@"
	status=$?
	umount "$T/m"
	return "$status"
}
exec_in_overlay() {
	unshare -m "$BASH" -c "
		mount -t overlay -o lowerdir=/,upperdir=$T/m/up,workdir=$T/m/work \
			overlay $T/m/root && mkdir -p $T/m/root$U &&
			mount --bind $U $T/m/root$U || exit 99
		mkdir $T/m/root/evil && cp $B $T/m/root/evil/busybox
		exec chroot $T/m/root $1"
}
# Technique: T1204.003
deny 122-path-container file=bound prepare=overlay_place reason=wrong-path \
	target='' pid=child -- with_memory exec_in_overlay /evil/busybox
# A bind mount of the machine's own folder is that folder, there too.
allow 122-path-container-bind file=bound prepare=overlay_place \
	-- with_memory exec_in_overlay "$B"

# An overlay at the folder of the rule is the place, and its layers are not.
overlay_over() {
	mkdir "$U/bin" "$U/lower" "$U/up" "$U/work" && mv "$U/x" "$U/lower/busybox" &&
		mount -t overlay -o "lowerdir=$U/lower,upperdir=$U/up,workdir=$U/work" \
			overlay "$U/bin"
}
with_bin() {
	local status
	"$@"
	status=$?
	umount "$U/bin"
	return "$status"
}
allow 122-path-overlay file=bound prepare=overlay_over -- with_bin "$A" exec "$B"
# Technique: T1036.005
deny 122-path-layer file=bound prepare=overlay_over reason=wrong-path target='' \
	pid=child -- with_bin "$A" exec "$U/lower/busybox"

# What the folder is called counts when it is used: mounted and made later, with no
# rule loaded anew; and no file system stays in use for it.
mounted_later() {
	rm -rf "${U:?}"/* && cp "$V/bound" "$U/x" && take_events &&
		expect 126 "$U/x" && mkdir "$U/bin" && cp "$U/x" "$B" && expect 9 "$B" &&
		mount -t tmpfs tmpfs "$U/bin" && cp "$U/x" "$B" && expect 9 "$B" &&
		expect 9 "$B" && umount "$U/bin" && expect 9 "$B" && rm -r "${U:?}/bin" &&
		expect 126 "$U/x" && take_events && same events "${#EVENTS[@]}" 2
}
# A rule that only reports is told of once a use, and it runs.
reported() {
	rm -rf "${U:?}"/* && cp "$V/bound-report" "$U/x" && mkdir "$U/bin" &&
		cp "$U/x" "$B" && take_events && expect 9 "$B" && take_events &&
		same events "${#EVENTS[@]}" 0 && expect 9 "$U/x" && expect 9 "$U/x" &&
		take_events && same events "${#EVENTS[@]}" 2 &&
		event_is "${EVENTS[0]}" reason wrong-path &&
		event_is "${EVENTS[0]}" mode audit
}
# Renamed to and fro while it is run: it runs, is refused, or is ended when its program
# is mapped, after execve has taken the old one away.
renamed_meanwhile() {
	rm -rf "${U:?}"/* && cp "$V/bound" "$U/x" && mkdir "$U/bin" &&
		cp "$U/x" "$B" || return
	(while [[ ! -e $U/end ]]; do
		mv "$U/bin" "$U/bon" && mv "$U/bon" "$U/bin"
	done) &
	local mover=$! i status ran=0 not=0
	for ((i = 0; i < 40; i++)); do
		status=0
		"$BASH" -c "exec $B" 2>/dev/null || status=$?
		case $status in
		9) ran=$((ran + 1)) ;;
		126 | 127 | 139) not=$((not + 1)) ;;
		*) kill "$mover"; return 1 ;;
		esac
	done
	: >"$U/end"
	wait "$mover"
	echo "ran $ran, not $not"
	expect 9 "$B" && take_events
}
if [[ $mode == enforce ]]; then
	# Technique: T1036.005
	check "$mode/123-path-mounted-later" mounted_later
	check "$mode/123-path-reported" reported
	check "$mode/123-path-renamed-meanwhile" renamed_meanwhile
	take_events >/dev/null
fi
