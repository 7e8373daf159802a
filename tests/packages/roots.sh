# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The roots that the packages meet:
#   build     what README tells to install before the packages are built, and Build-Depends
#   machine   two kernels: that of the release, without headers, and that of its backports with them. Debian 12's own is
#             too old for the module; it stays on the machines that get a newer one.

. "$(dirname "${BASH_SOURCE[0]}")/../vm/clean.sh"

# install_in PACKAGE...: a command of sh
install_in() { echo "INITRD=No apt-get install -qy --no-install-recommends $*"; }

# After its packages a root has nothing of apt's that a later run would not fetch anew.
root_of() {
	printf '%s\n' 'apt-get update -q' "$@" 'apt-get clean' 'rm -rf /var/lib/apt/lists/*'
}

# build_root RELEASE TREE: for lowerdir=. The headers are of the kernel that the machine runs by then, so that
# Build-Depends brings no older ones.
build_root() {
	local control headers=
	control=$(mktemp -d)
	mkdir "$control/debian"
	# The paragraph of the source alone: what else the file says changes nothing here.
	sed '/^$/,$d' "$2/debian/control" >"$control/debian/control"
	[[ $1 != bookworm ]] || headers=$(install_in "linux-headers-cloud-amd64/$1-backports")
	clean_with packages-build "$1" "$control" "$(<"$control/debian/control")" "$(root_of "$headers" \
		"$(install_in build-essential)" 'apt-get build-dep -qy --no-install-recommends /src')"
	rm -r "$control"
}

# machine_root RELEASE: for lowerdir=
machine_root() {
	clean_with packages-machine "$1" - '' "$(root_of "$(install_in linux-image-cloud-amd64)" \
		"$(install_in linux-{image,headers}-cloud-amd64/"$1"-backports)")"
}
