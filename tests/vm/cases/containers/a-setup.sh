# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# podman of root (rootful) and of a user (rootless), with the images of /srv/images, which are made of Debian's packages.
# Until they are trusted each is refused, with one denial.

I=/srv/images
H=example.org/shop
E=/srv/evil # what attackers put into images
K=(--key /suite/keys/trusted.key --cert /suite/keys/trusted.pem)
images=(nginx:1 postgres:1 app:1 busybox:1 web:2)
# In the words of every runtime.
eperm='EPERM|[Oo]peration not permitted'
owners=(rootful rootless)
declare -gA port=([nginx]=80 [postgres]=5432 [app]=8080 [busybox]=8080 [web]=8080)
declare -gA page=([nginx]='Welcome to nginx' [app]='"app": "python"' [busybox]=busybox [web]='web 2')
declare -gA uid_of=([rootful]=0 [rootless]=1000)

# As somebody who has logged in.
as_someone() {
	(cd / && exec runuser -u someone -- env HOME=/srv/someone XDG_RUNTIME_DIR=/run/user/1000 \
		DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/1000/bus "$@")
}

# pod ARG...: podman of root, or of that user
owner=rootful
pod() {
	if [[ $owner == rootful ]]; then
		podman "$@"
	else
		as_someone podman "$@"
	fi
}

# Containers of others' networks need one that the machine has.
network() {
	modprobe -a dummy overlay fuse bridge veth nf_tables tun && ip link add eth0 type dummy &&
		ip address add 192.0.2.2/24 dev eth0 && ip link set eth0 up && ip route add default via 192.0.2.1
}
people() {
	useradd --create-home --home-dir /srv/someone --shell /bin/bash someone && same uid "$(id -u someone)" 1000 &&
		loginctl enable-linger someone && systemctl start user@1000.service &&
		says '^someone:' "$(</etc/subuid)"
}
set_up() {
	quiet /usr/libexec/execgate-apt setup && execgate key enroll /suite/keys/trusted.pem
}

pulled() {
	local image
	for image in "${images[@]}" web:1; do
		quiet pod pull -q "oci:$I:$H/$image" || return
	done
	pod images && says overlay "$(pod info --format '{{.Store.GraphDriverName}}')"
}

# As the image's own client asks.
query() { pod exec used psql -h /tmp -XAtqc 'select 6 * 7'; }

# asked IMAGE: what it serves, by the port that is published
asked() {
	if [[ $1 == postgres ]]; then
		same query "$(query 2>&1)" 42
	else
		says "${page[$1]}" "$(curl -sS -m 20 http://127.0.0.1:18080/ 2>&1)"
	fi
}
# answers IMAGE: as soon as it is up
answers() {
	local try
	for ((try = 0; try < 60; try++)); do
		! asked "$1" >"$T/asked" || return 0
		[[ $(pod inspect --format '{{.State.Status}}' used) == running ]] || break
		sleep 1
	done
	cat "$T/asked"
	return 1
}

removed() { pod rm -f -t 0 "$@" >"$T/removed" 2>&1; }

# used IMAGE: it starts, serves, and stops when it is told to; 9 if so
used() {
	local status=9 name=${1%:*}
	removed used
	pod run -q -d --name used -p "127.0.0.1:18080:${port[$name]}" "$H/$1" || return 1
	answers "$name" && pod stop -t 60 used &&
		same "exit status" "$(pod inspect --format '{{.State.ExitCode}}' used)" 0 || status=1
	((status == 9)) || pod logs used
	removed used
	return "$status"
}

check containers-setup set_up
check containers-network network
check containers-people people
for owner in "${owners[@]}"; do check "containers-$owner-pull" pulled; done

# The processes of PostgreSQL's image are not root's.
# Technique: T1204.003
for mode in audit enforce; do
	check "$mode/containers-unsigned-mode" execgate mode "$mode"
	take_events >"$T/why"
	for owner in "${owners[@]}"; do
		for image in "${images[@]}"; do
			[[ $image != postgres:1 ]] || continue
			deny "containers-$owner-unsigned-${image%:*}" reason=unsigned pid=any target='' \
				uid="${uid_of[$owner]}" -- used "$image"
		done
	done
done
# Technique: none

signed_and_trusted() {
	local image
	for image in "${images[@]}"; do
		quiet execgate image sign "${K[@]}" "oci:$I:$H/$image" &&
			execgate image trust "oci:$I:$H/$image" || return
	done
	execgate catalog list
}
check containers-sign-and-trust signed_and_trusted
mode=enforce
take_events >"$T/why"
for owner in "${owners[@]}"; do
	for image in "${images[@]}"; do
		allow "containers-$owner-${image%:*}" -- used "$image"
	done
done
