# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Other programs that make containers, with the same image: a program of it runs, what was put beside it does not.

R=/srv/root

unpacked() {
	local mounted
	mounted=$(podman image mount "$H/busybox:1") && mkdir -p "$R"/{usr,proc,dev,sys,run,var} &&
		cp -a "$mounted/." "$R/" && podman image umount "$H/busybox:1" && cp "$E/program" "$R/evil" &&
		printf 'ID=suite\n' >"$R/etc/os-release" && chmod 755 "$R" && printf '%s\n' "lxc.rootfs.path = dir:$R" \
		'lxc.uts.name = suite' 'lxc.net.0.type = none' 'lxc.apparmor.profile = unconfined' >/srv/lxc.conf
}

# in_KIND COMMAND...: in a container of that kind
in_nspawn() { systemd-nspawn -q --register=no --keep-unit -D "$R" "$@"; }
in_lxc() { lxc-execute -n suite -f /srv/lxc.conf -- "$@"; }
in_bubblewrap() { as_someone bwrap --unshare-all --bind "$R" / --proc /proc --dev /dev "$@"; }
in_chroot() { chroot "$R" "$@"; }
in_unshare() { as_someone unshare -Urmpf --root="$R" "$@"; }
in_runc() { podman --runtime runc run -q --rm --network none --entrypoint '' -v "$R/evil:/evil" "$H/busybox:1" "$@"; }
# As docker does it where it keeps images in containerd: unpacked by its snapshotter overlayfs.
in_containerd() {
	ctr run --rm --snapshotter overlayfs --mount "type=bind,src=$R/evil,dst=/evil,options=rbind:ro" \
		"$H/busybox:1" suite "$@"
}
start_containerd() {
	systemctl start containerd && quiet podman save -q --format oci-archive -o /srv/busybox.tar "$H/busybox:1" &&
		quiet ctr image import --snapshotter overlayfs /srv/busybox.tar && says "$H/busybox:1" "$(ctr image ls -q)"
}

check containers-unpacked unpacked
check containers-containerd start_containerd
for mode in audit enforce; do
	check "$mode/containers-others-mode" execgate mode "$mode"
	take_events >"$T/why"
	for kind in nspawn lxc bubblewrap chroot unshare runc containerd; do
		uid=0 refused=$eperm
		[[ $kind != @(bubblewrap|unshare) ]] || uid=1000
		[[ $kind != lxc ]] || refused= # it says nothing
		allow "containers-in-$kind" works=0 says='in a container' \
			-- "in_$kind" /bin/busybox echo in a container
		# Technique: T1204.003
		deny "containers-in-$kind-unsigned" reason=unsigned pid=any target='' uid="$uid" \
			refused="$refused" -- "in_$kind" /evil
		# Technique: none
	done
done

# podman uses it where it is told to: here in a storage of its own.
F=/srv/someone/fuse
pod_fuse() { as_someone env CONTAINERS_STORAGE_CONF="$F/storage.conf" podman "$@"; }
with_fuse() {
	as_someone mkdir -p "$F" && printf '%s\n' '[storage]' 'driver = "overlay"' "graphroot = \"$F/storage\"" \
		"runroot = \"/run/user/1000/fuse\"" '[storage.options.overlay]' 'mount_program = "/usr/bin/fuse-overlayfs"' \
		>"$F/storage.conf" && chmod 644 "$F/storage.conf" && quiet pod_fuse pull -q "oci:$I:$H/busybox:1"
}
on_fuse() { pod_fuse run -q --rm --network none "$H/busybox:1" true; }
fuse_advised() {
	local sequence
	on_fuse && return 1
	take_events && same events "${#EVENTS[@]}" 1 && field "${EVENTS[0]}" sequence && sequence=$REPLY &&
		says 'remove mount_program from storage.conf' "$(execgate why "$sequence" | tr -s ' \n' ' ')"
}
check containers-rootless-fuse-overlayfs-prepared with_fuse
for mode in audit enforce; do
	check "$mode/containers-fuse-mode" execgate mode "$mode"
	take_events >"$T/why"
	# Technique: T1553
	deny containers-rootless-fuse-overlayfs reason=untrusted-fs pid=any target='' works=0 uid=1000 -- on_fuse
	# Technique: none
done
check containers-rootless-fuse-overlayfs-advice fuse_advised
take_events >"$T/why"
