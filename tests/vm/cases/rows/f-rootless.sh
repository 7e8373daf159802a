# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# F. 86: what an ordinary user mounts in a user namespace, as rootless containers do. He
# owns the layers and may write to them from outside while they are used inside.

O=$U/all
M=$T/m
L=$T/layers # on a file system of the machine's, which is not an image

# as_user SCRIPT: by a user, as root of namespaces of his own
as_user() {
	exec "$A" as 1000 /usr/bin/unshare -Urm "$BASH" -c "set -e
		overlay() {
			mkdir -p $L/lower $L/up $L/work $O
			[[ ! -e $U/x ]] || cp $U/x $L/lower/x
			mount -t overlay -o lowerdir=$L/lower,upperdir=$L/up,workdir=$L/work,userxattr overlay $O
		}
		$1"
}
open_to_all() {
	rm -rf "${L:?}"/* && chmod 777 "$U" && chmod 755 "$U/x"
}
of_program() { open_to_all && cp "$V/good-interpreted" "$U/program"; }

declare -A rootless=(
	[tmpfs]="mount -t tmpfs tmpfs $M; cp $U/x $M/x"
	[ramfs]="mount -t ramfs ramfs $M; cp $U/x $M/x"
	[lower]="overlay"
	[upper]="overlay; cp $O/x $O/y; mv $O/y $O/x"
	[copied-up]="overlay; chmod 700 $O/x; [[ -e $L/up/x ]]"
	[layers-in-memory]="mount -t tmpfs tmpfs $M; mkdir $M/lower $M/up $M/work $O
		cp $U/x $M/lower/x
		mount -t overlay -o lowerdir=$M/lower,upperdir=$M/up,workdir=$M/work,userxattr overlay $O"
	[stacked]="overlay; mkdir $L/up2 $L/work2 $L/second
		mount -t overlay -o lowerdir=$O,upperdir=$L/up2,workdir=$L/work2,userxattr overlay $L/second
		mount --bind $L/second $O"
)

{ modprobe overlay && mkdir -p "$L" && mount -t tmpfs -o mode=777 tmpfs "$L"; } ||
	not_ok "$mode/86-setup" "no overlayfs, or no memory for layers"

for place in "${!rootless[@]}"; do
	program=$O/x
	[[ $place != @(tmpfs|ramfs) ]] || program=$M/x
	allow "86-rootless-$place" file=good prepare=open_to_all \
		-- as_user "${rootless[$place]}; exec $A exec $program"
	# Technique: T1204.003
	deny "86-rootless-$place-unsigned" file=h9 prepare=open_to_all \
		reason=unsigned uid=1000 target='' pid=any \
		-- as_user "${rootless[$place]}; exec $A exec $program"
done

# A whole container: a root of its own, processes, names.
container="mount -t tmpfs tmpfs $M; mkdir $M/up $M/work $M/root
	mkdir $L/image; cp $U/x $L/image/x; cp -L $A $L/image/attack
	mount -t overlay -o lowerdir=$L/image,upperdir=$M/up,workdir=$M/work,userxattr overlay $M/root
	exec unshare -m -p -f -u -i -n chroot $M/root /attack exec /x"
allow 86-rootless-container file=good prepare=open_to_all -- as_user "$container"
deny 86-rootless-container-unsigned file=h9 prepare=open_to_all reason=unsigned \
	uid=1000 target='' pid=any -- as_user "$container"

# What the dynamic loader does to a library.
for place in lower copied-up tmpfs; do
	program=$O/x
	[[ $place != tmpfs ]] || program=$M/x
	allow "86-rootless-$place-dlopen" file=good.so prepare=open_to_all \
		says='evil ran' -- as_user "${rootless[$place]}; exec $V/loader $program"
	allow "86-rootless-$place-protect-again" file=good-blob prepare=open_to_all \
		works=7 -- as_user "${rootless[$place]}; exec $A protect-again $program"
done

# Technique: T1554
deny 86-rootless-changed file=good prepare=open_to_all reason=digest-mismatch \
	uid=1000 target='' pid=any -- as_user "overlay
		printf '\xff' | dd of=$O/x bs=1 seek=300 conv=notrunc 2>/dev/null
		exec $A exec $O/x"
deny 86-rootless-descriptor-before-copy-up file=evil-blob prepare=open_to_all \
	target='' uid=1000 pid=any hook=mmap-overlay reason=untrusted-fs \
	-- as_user "overlay; exec $A old-descriptor $O/x $V/good-blob"

# in_use NAME PLACE FILE HOW: changed from inside or from below while it is in use
in_use() {
	deny "86-rootless-$1" file=good-blob prepare=open_to_all hook=open \
		reason=sealed target='' uid=1000 pid=any refused="$etxtbsy" \
		-- as_user "${rootless[$2]}; exec $A mapped-beside $5 $3 $4"
}
in_use write-lower lower "$L/lower/x" write "$O/x"
in_use write-upper-below upper "$L/up/x" write "$O/x"
in_use write-upper-through upper "$O/x" write "$O/x"
in_use map-upper-shared upper "$L/up/x" map-shared "$O/x"
in_use write-tmpfs tmpfs "$M/x" write "$M/x"
in_use punch-tmpfs tmpfs "$M/x" punch "$M/x"
in_use write-layer-in-memory layers-in-memory "$M/lower/x" write "$O/x"

race 86-rootless-overwritten-below file=good prepare=open_to_all uid=1000 pid=any \
	hook=any -- as_user "${rootless[upper]}
		exec $A race-overwrite 2 $V/good $V/evil-signed-part $L/up/x $O/x"
race 86-rootless-overwritten-tmpfs file=good prepare=open_to_all uid=1000 pid=any \
	hook=any -- as_user "${rootless[tmpfs]}
		exec $A race-overwrite 2 $V/good $V/evil-signed-part $M/x $M/x"
deny 86-rootless-race-copy-up file=good prepare=open_to_all reason=any hook=any \
	many=any target='' uid=1000 pid=any left=3 -- as_user "mkdir $L/lower
		for i in {0..59}; do cp $U/x $L/lower/\$i; $A patch $L/lower/\$i; done
		rm $U/x; overlay
		exec $A race-copy-up 60 $V/good $O"
allow 86-rootless-interpreter file=good-interpreter prepare=of_program \
	-- as_user "overlay; exec $A exec $U/program"
race 86-rootless-interpreter-headers file=good-interpreter prepare=of_program \
	uid=1000 pid=any hook=any -- as_user "overlay
		exec $A race-interpreter 4 $V/good-interpreter $V/evil-interpreter $L/lower/x $U/program"

# Technique: T1553
# Other bytes at each reading, by a server of the user's own.
anybodys_fuse() { fuse_programs && chmod 666 /dev/fuse; } # as udev has it
deny 86-rootless-fuse prepare=anybodys_fuse works=66 reason=untrusted-fs target='' \
	uid=1000 pid=any -- as_user "exec $A fuse $M $V/good $U/evil"

# An image that the user's desktop mounted, and that the user may write to, below a mount
# of the user's own, which says nothing of nosuid. How the image is mounted does not show
# there, so one of root's is refused as well.
image_layer() {
	mkdir -p "$T/image.d" && cp /suite/scratch.img "$T/image" &&
		mount -t ext4 -o "loop$1" "$T/image" "$T/image.d" &&
		cp "$V/good" "$T/image.d/x" && chmod 777 "$U"
}
users_layer() { image_layer ,nosuid; }
roots_layer() { image_layer ''; }
over_image() {
	"$A" as 1000 /usr/bin/unshare -Urm "$BASH" -c "mkdir $O $U/empty &&
		mount -t overlay -o lowerdir=$T/image.d:$U/empty,userxattr overlay $O &&
		exec $A exec $O/x"
	local status=$?
	umount "$T/image.d"
	return "$status"
}
deny 86-rootless-over-image prepare=users_layer reason=untrusted-fs target='' \
	uid=1000 pid=any -- over_image
deny 86-rootless-over-image-of-root prepare=roots_layer reason=untrusted-fs target='' \
	uid=1000 pid=any -- over_image
umount "$L"
