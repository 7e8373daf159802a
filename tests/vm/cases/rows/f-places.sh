# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# F. The same file in other places: its signature comes along, and so does the
# lack of one.

hard_link() { mv "$U/x" "$U/y" && ln "$U/y" "$U/x"; }
moved() { mkdir "$U/d" && mv "$U/x" "$U/d/y"; }
sym_link() { mkdir "$U/d" && mv "$U/x" "$U/d/y" && ln -s d/y "$U/x"; }

exec_bound() {
	mkdir "$U/d" && mount --bind "$U" "$U/d" || return 99
	"$A" exec "$U/d/x"
	local status=$?
	umount "$U/d"
	return "$status"
}

fuse_programs() { cp "$V/good" "$U/evil" && "$A" patch "$U/evil"; }

exec_in_chroot() {
	exec chroot "$U" /x
}

# A container: its own root, mounts, processes and names; an overlay as runtimes
# make one, with the machine's programs below.
exec_in_container() {
	modprobe overlay && mount -t tmpfs tmpfs "$T/m" &&
		mkdir "$T/m/up" "$T/m/work" "$T/m/root" &&
		mount -t overlay -o \
			"lowerdir=$U,upperdir=$T/m/up,workdir=$T/m/work" \
			overlay "$T/m/root" &&
		cp -L "$A" "$T/m/root/attack" || return 99
	unshare -m -p -f -u -i -n "$BASH" -c "
		mount --make-rprivate / && exec chroot $T/m/root /attack exec /x"
	local status=$?
	umount "$T/m/root" "$T/m"
	return "$status"
}

exec_in_memory() {
	mount -t tmpfs tmpfs "$T/m" && cp "$U/x" "$T/m/x" || return 99
	"$A" exec "$T/m/x"
	local status=$?
	umount "$T/m"
	return "$status"
}

# on_fat COMMAND...: with the file on vfat as $F
F=$T/m/x
on_fat() {
	modprobe vfat && modprobe nls_cp437 && modprobe nls_ascii &&
		cp /suite/files/fat.img "$T/fat" &&
		mount -t vfat -o loop "$T/fat" "$T/m" && cp "$U/x" "$F" &&
		sync || return 99
	"$@"
	local status=$?
	umount "$T/m"
	return "$status"
}

exec_in_namespace() {
	exec unshare -m "$A" exec "$U/x"
}

for place in hard_link moved sym_link; do
	path=$U/x
	[[ $place != moved ]] || path=$U/d/y
	allow "82-$place" file=good prepare=$place -- "$A" exec "$path"
	# Technique: T1036
	deny "82-$place-unsigned" file=h9 prepare=$place reason=unsigned \
		target="$path" -- "$A" exec "$path"
done
allow 82-bind file=good -- exec_bound
deny 82-bind-unsigned file=h9 reason=unsigned pid=child -- exec_bound
allow 82-chroot file=good -- exec_in_chroot
deny 82-chroot-unsigned file=h9 reason=unsigned -- exec_in_chroot
allow 82-mount-namespace file=good -- exec_in_namespace
deny 82-mount-namespace-unsigned file=h9 reason=unsigned -- exec_in_namespace
allow 82-container file=good -- exec_in_container
# Technique: T1204.003
deny 82-container-unsigned file=h9 reason=unsigned target='' pid=child \
	-- exec_in_container
allow 87-tmpfs file=good -- exec_in_memory
# Technique: T1105
deny 87-tmpfs-unsigned file=h9 reason=unsigned target='' pid=child \
	-- exec_in_memory
# Judged each time, for its inodes are made up at mount; so nothing becomes
# executable later, which goes by verdicts that are kept.
allow 87-fat file=good -- on_fat "$A" exec "$F"
# Technique: T1091
deny 87-fat-unsigned file=h9 reason=unsigned target='' pid=child \
	-- on_fat "$A" exec "$F"
allow 87-fat-map file=good-blob works=7 -- on_fat "$A" call "$F"
deny 87-fat-protect file=good-blob works=7 reason=mprotect hook=mprotect \
	target='' pid=child -- on_fat "$A" protect "$F"
# Judged anew at each use, but what is mapped is sealed all the same.
deny 87-fat-write-mapped file=good-blob hook=open reason=sealed target='' \
	refused="$etxtbsy" pid=child -- on_fat "$A" mapped "$F" write
# Technique: T1553
# The first reader sees signed bytes, and the next one others.
deny 85-fuse prepare=fuse_programs works=66 reason=untrusted-fs target='' \
	pid=child -- "$A" fuse "$T/m" "$V/good" "$U/evil"
deny 85-fuse-unchanged reason=untrusted-fs target='' pid=child \
	-- "$A" fuse "$T/m" "$V/good" "$V/good"

# From where the file cannot be reached by name, the event says so.
unreachable_path() {
	[[ $mode != off ]] || return 0
	cp "$V/h9" "$U/x" && take_events || return
	local inode device
	inode=$(stat -c %i "$U/x") device=$(stat -c %d "$U/x")
	unshare -m "$BASH" -c "exec 5<$U/x; umount -l $U; exec $A exec /proc/self/fd/5"
	take_events && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason unsigned &&
		event_is "${EVENTS[0]}" ino "$inode" &&
		event_is "${EVENTS[0]}" dev "$((device >> 8)):$((device & 255))" &&
		field "${EVENTS[0]}" path && [[ $REPLY == */x ]]
}
# Technique: T1564
check "$mode/89-unreachable" unreachable_path
# A check keeps its own count of events.
take_events >/dev/null
