# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Shared by the scripts of the test ground: where things live, how a layer of the cache is made, how a root is entered.

set -euo pipefail
shopt -s inherit_errexit

vm=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$vm/../.." && pwd)
cache=${EXECGATE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/execgate}
suite=trixie

say() { printf 'vm: %s\n' "$*" >&2; }
die() { say "$@"; exit 125; }

# Roots hold files of many owners and are entered by chroot, so every entry point runs as root.
need_root() {
	((EUID == 0)) || exec sudo EXECGATE_CACHE="$cache" "$0" "$@"
	mkdir -p "$cache/log"
}

key_of() { sha256sum | cut -c1-16; }

# layer NAME KEY KEEP FUNC [ARG...]: print the directory NAME-KEY of the cache; FUNC DIR ARG... fills it when absent.
# It appears by a rename, so what exists is complete; the KEEP most recently used ones stay (not of NAME-OTHER: a key is 16
# digits).
layer() {
	local name=$1 dir=$cache/$1-$2 keep=$3 func=$4 tmp lock log
	shift 4
	if [[ ! -d $dir ]]; then
		exec {lock}>"$cache/$name.lock"
		flock "$lock"
	fi
	if [[ ! -d $dir ]]; then
		log=$cache/log/$name.log
		if [[ -t 2 ]]; then say "making $name (log: $log)"; fi
		rm -rf "$cache/$name".tmp.*
		tmp=$(mktemp -d "$cache/$name.tmp.XXXXXX")
		chmod 755 "$tmp"
		if ! (exec {lock}>&-; "$0" --layer "$func" "$tmp" "$@") >"$log" 2>&1; then
			tail -n 40 "$log" >&2
			die "$name failed (log: $log)"
		fi
		mv -T "$tmp" "$dir"
		find "$cache" -maxdepth 1 -name "$name-????????????????" -printf '%T@ %p\n' | sort -rn | tail -n +$((keep + 1)) |
			cut -d' ' -f2- | grep -vxF "$dir" | xargs -r -d '\n' rm -rf || true
	fi
	[[ -z ${lock-} ]] || exec {lock}>&-
	touch -c "$dir"
	printf '%s\n' "$dir"
}

# in_root ROOT SRC CMD...: run CMD in ROOT with SRC as its /src. Mounts and processes are private and go away with CMD.
# With "over" set, these are the options of an overlay that CMD sees in ROOT's place.
in_root() {
	local root=$1 src=$2
	shift 2
	# shellcheck disable=SC2016 # expanded by the inner shell
	unshare --mount --pid --fork --kill-child bash -c '
		set -e
		root=$0 src=$1; shift
		if [[ -n ${over-} ]]; then mount -t overlay -o "$over" overlay "$root"; fi
		mount -t proc proc "$root/proc"
		mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
		if [[ $src != - ]]; then mount --bind "$src" "$root/src"; fi
		exec chroot "$root" "$@"' "$root" "$src" \
		env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
		${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} "$@"
}

# The Debian mirror that this host already uses; nothing when it has none, for debootstrap's own default.
mirror() {
	# shellcheck disable=SC2016 # $(...) is apt's own format
	apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
		sed -n 's/^Debian|Debian|\(https\?:.*\)$/\1/p' | head -n 1
}

# new_root DIR PACKAGE...: a Debian root that also knows backports, with both cloud kernels and their headers.
# INITRD=No: nothing here boots through an initramfs that Debian's tools would make.
new_root() {
	local root=$1 get='INITRD=No apt-get install -qy --no-install-recommends'
	shift
	# shellcheck disable=SC2046 # no mirror is no argument
	unshare --mount debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" $(mirror)
	sed "s/ $suite / $suite-backports /" "$root/etc/apt/sources.list" >"$root/etc/apt/sources.list.d/backports.list"
	mkdir "$root/src"
	in_root "$root" - sh -ec "
		apt-get update -q
		$get linux-image-cloud-amd64 linux-headers-cloud-amd64 $*
		$get -t $suite-backports linux-image-cloud-amd64 linux-headers-cloud-amd64
		apt-get clean"
}

# kernel_version ROOT 6.12|latest: the full version of that kernel in ROOT.
kernel_version() {
	local pattern=$2
	[[ $2 != latest ]] || pattern=
	find "$1/boot" -name "vmlinuz-$pattern*" -printf '%f\n' | sed 's/^vmlinuz-//' | sort -V | tail -n 1 | grep .
}

# snapshot DIR: copy what git would commit to DIR, so that what is hashed is what is built, whoever edits meanwhile.
snapshot() {
	git -c safe.directory='*' -C "$top" ls-files -coz --exclude-standard |
		rsync -a --from0 --files-from=- --ignore-missing-args "$top/" "$1/"
}

# tree_key DIR [FIND EXPRESSION...]: the hash of names, modes and contents below DIR.
tree_key() {
	local dir=$1
	shift
	(
		cd "$dir"
		find . -type f "$@" -printf '%m %p\0' | LC_ALL=C sort -z | tr '\0' '\n'
		find . -type f "$@" -print0 | LC_ALL=C sort -z | xargs -r0 sha256sum
	) | key_of
}
