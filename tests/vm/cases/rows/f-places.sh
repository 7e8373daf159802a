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

exec_in_chroot() {
	exec chroot "$U" /x
}

exec_in_namespace() {
	exec unshare -m "$A" exec "$U/x"
}

# Its own mount over a directory of programs, as any user may make one.
exec_in_user_namespace() {
	exec "$A" as 1000 /usr/bin/unshare -Urm "$BASH" -c "
		mount -t tmpfs tmpfs /run/suite/m && cp $U/x /run/suite/m && exec /run/suite/m/x"
}

for place in hard_link moved sym_link; do
	path=$U/x
	[[ $place != moved ]] || path=$U/d/y
	allow "82-$place" file=good prepare=$place -- "$A" exec "$path"
	deny "82-$place-unsigned" file=h9 prepare=$place reason=unsigned \
		target="$path" -- "$A" exec "$path"
done
allow 82-bind file=good -- exec_bound
deny 82-bind-unsigned file=h9 reason=unsigned pid=child -- exec_bound
allow 82-chroot file=good -- exec_in_chroot
deny 82-chroot-unsigned file=h9 reason=unsigned -- exec_in_chroot
allow 82-mount-namespace file=good -- exec_in_namespace
deny 82-mount-namespace-unsigned file=h9 reason=unsigned -- exec_in_namespace
# Whoever owns the mount can change what is on it: signed or not.
deny 86-user-namespace file=good reason=untrusted-fs uid=1000 target='' \
	-- exec_in_user_namespace
