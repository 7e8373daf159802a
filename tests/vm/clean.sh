# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Clean roots: a Debian release as debootstrap makes it, whose apt knows its backports. Nothing of the builder's is in
# them, so a package that forgets to name what it needs is found out.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# make_clean DIR RELEASE
make_clean() {
	# shellcheck disable=SC2046 # no mirror is no argument
	unshare --mount debootstrap --variant=minbase --include=ca-certificates "$2" "$1" $(mirror)
	sed "s/ $2 / $2-backports /" "$1/etc/apt/sources.list" >"$1/etc/apt/sources.list.d/backports.list"
	mkdir "$1/src"
	rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/archives/*.deb
}

# clean_root RELEASE: print the root
clean_root() { layer "clean-$1" "$(declare -f make_clean | key_of)" 1 make_clean "$1"; }

# run_over DIR ROOT OVER SRC COMMAND: what COMMAND, of sh, changes in ROOT, as DIR/upper. OVER has the options of the
# overlay that ROOT is itself, or is empty.
run_over() {
	local dir=$1 root=$2 below=$3
	mkdir "$dir"/{upper,work}
	over="lowerdir=${below:-$root},upperdir=$dir/upper,workdir=$dir/work" in_root "$root" "$4" sh -exc "$5"
	rm -rf "$dir/work"
}

# clean_with NAME RELEASE SRC KEY COMMAND: the layer NAME-RELEASE, for lowerdir= of in_root: what COMMAND makes of the
# clean root, with SRC as its /src. KEY names what it reads there.
clean_with() {
	local root dir
	root=$(clean_root "$2")
	dir=$(layer "$1-$2" "$({
		basename "$root"
		declare -f run_over
		printf '%s\n' "${@:4}"
	} | key_of)" 1 run_over "$root" '' "$3" "$5")
	echo "$dir/upper:$root"
}
