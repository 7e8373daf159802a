# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What a denial tells of the process: its cgroup, unit and container, its parent, its user
# namespace and login, and the file's path as the process and as the host see it.
# Technique: none

who_cgroups=/sys/fs/cgroup
who_id=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
who_scope=machine.slice/libpod-$who_id.scope

# who_in CGROUP COMMAND...: it replaces a process that is there
who_in() { (echo "$BASHPID" >"$who_cgroups/$1/cgroup.procs" && exec "${@:2}"); }

who_slate() {
	rm -rf "${U:?}"/* && mkdir -p "$U/root/bin" "$who_cgroups/$1" &&
		cp "$V/h9" "$U/root/bin/x" && take_events
}

# who_event FIELD VALUE...: of the one event that there is now
who_event() {
	take_events && same events "${#EVENTS[@]}" 1 || return
	while (($#)); do
		event_is "${EVENTS[0]}" "$1" "$2" || return
		shift 2
	done
}

# who_json FIELD VALUE...: of the newest in the words of the command
who_json() {
	local json
	json=$(execgate denials --kernel --json -n 1) || return
	while (($#)); do
		event_is "$json" "$1" "$2" || return
		shift 2
	done
}

# A rootless container: a namespace of the user's with a root of its own, in a cgroup.
who_container() {
	local attacker namespace folder=$who_scope/container status=0
	who_slate "$folder" || return
	(
		echo "$BASHPID" >"$who_cgroups/$folder/cgroup.procs" && echo "$BASHPID" >"$T/pid" &&
			exec "$A" subordinate 33 "$A" chrooted "$U/root" /bin/x sshd
	) >"$T/who" || status=$?
	attacker=$(<"$T/pid") namespace=$(head -n 1 "$T/who")
	((status != 9 && namespace > 0)) &&
		[[ "user:[$namespace]" != "$(readlink /proc/self/ns/user)" ]] &&
		who_event reason unsigned hook exec uid 100000 path /bin/x argv0 sshd \
			ppid "$attacker" user_ns "$namespace" cgroup_path "/$folder" \
			cgroup "$(stat -c %i "$who_cgroups/$folder")" \
			ino "$(stat -c %i "$U/root/bin/x")" &&
		who_json container "$who_id" container_runtime podman \
			unit "libpod-$who_id.scope" host_path "$U/root/bin/x"
}

# Its image, as podman keeps it; and one of the same id that nobody keeps.
who_image() {
	local folder=$who_scope state=/var/lib/containers/storage/overlay-containers
	who_slate "$folder" && mkdir -p $state && cat >$state/containers.json <<-EOF || return
		[{"id": "${who_id//0/1}", "names": ["other"]},
		 {"id": "$who_id", "names": ["web"], "image": "feed",
		  "metadata": "{\"image-name\":\"docker.io/library/nginx:1\"}"}]
	EOF
	who_in "$folder" "$U/root/bin/x" && return 1
	take_events && who_json container_name web image docker.io/library/nginx:1 image_id feed &&
		expect 0 execgate denials --kernel --container web >/dev/null &&
		expect 0 execgate denials --kernel --container "${who_id:0:4}" >/dev/null &&
		expect 7 execgate denials --kernel --container other &&
		expect 7 execgate denials --kernel --container "${who_id:1:4}" || return
	says 'in container web \(docker.io/library/nginx:1\)' \
		"$(execgate denials --kernel -n 1)" && field "${EVENTS[0]}" sequence &&
		says 'It was used in container web' "$(execgate why "$REPLY")" && rm -r $state
}

who_unit() {
	who_slate system.slice/held.service || return
	who_in system.slice/held.service "$U/root/bin/x" && return 1
	who_event cgroup_path /system.slice/held.service path "$U/root/bin/x" &&
		who_json unit held.service &&
		expect 0 execgate denials --kernel --unit held >/dev/null &&
		expect 0 execgate denials --kernel --unit 'he*.service' >/dev/null &&
		expect 7 execgate denials --kernel --unit eld || return
	! field "$(execgate denials --kernel --json -n 1)" container
}

# An overlay's file is told by its layer, which is what the host can look at.
who_overlay() {
	local status=0
	who_slate system.slice/held.service && mkdir -p "$U/lower" "$U/empty" "$U/merged" &&
		cp "$V/h9" "$U/lower/x" && mount -t overlay -o "lowerdir=$U/lower:$U/empty" \
			overlay "$U/merged" || return
	"$A" chrooted "$U/merged" /x x >/dev/null && status=1
	((status)) || who_event path /x dev "$(who_device "$U/merged")" &&
		who_json real_dev "$(who_device "$U/lower")" host_path "$U/lower/x" || status=1
	umount "$U/merged" && return $status
}

# who_device FOLDER: of its file system, as events tell it
who_device() {
	local dev
	dev=$(stat -c %d "$1") && echo "$((dev >> 8 & 0xfff)):$((dev & 0xff | (dev >> 12 & 0xfff00)))"
}

# Nested as deep as the kernel lets it: what is above stays to be seen.
who_nested() {
	local deep=$who_scope path=/$who_scope i
	for ((i = 0; i < 60; i++)); do deep+=/d; done
	for ((i = 0; i < 14; i++)); do path+=/d; done
	who_slate "$deep" || return
	who_in "$deep" "$U/root/bin/x" && return 1
	who_event cgroup_path "$path" cgroup "$(stat -c %i "$who_cgroups/$deep")" &&
		who_json container "$who_id"
}

# The user who logged in stays, whoever the process becomes; before there is nobody.
who_login() {
	who_slate system.slice/held.service || return
	"$U/root/bin/x" && return 1
	take_events && ! field "${EVENTS[0]}" login_uid || return
	(
		echo 1001 >/proc/self/loginuid &&
			exec setpriv --reuid=33 --regid=33 --clear-groups "$U/root/bin/x"
	) && return 1
	who_event login_uid 1001 uid 33
}

# With interrupts off: names by locks that may be taken there, and none of a disk.
who_traced() {
	local status=0
	who_slate system.slice/held.service && execgate gate inject on >/dev/null || return
	who_in system.slice/held.service "$A" traceme && status=1
	((status)) || { who_event reason inject hook traceme path_cut true argv0 "$A" \
		cgroup_path /system.slice/held.service && ! field "${EVENTS[0]}" real_path; } || status=1
	execgate gate inject off >/dev/null && return $status
}

modprobe overlay || not_ok setup "no overlayfs"
check who-container who_container
check who-image who_image
check who-unit who_unit
check who-overlay who_overlay
check who-traced who_traced
check who-nested who_nested
check who-login who_login
