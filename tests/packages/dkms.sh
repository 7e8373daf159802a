# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Headers without vmlinux, as other distributions have them: the module gets its BTF from the
# kernel that runs, or none is built, and that is said.

kernel=$(wanted_kernels | sort -V | tail -n 1)
version=$(sed -n '1s/.*(\(.*\)).*/\1/p' "$shared/tree/debian/changelog")

# dkms_at COMMAND [RUNNING]: on the machine, where RUNNING is the kernel that runs
dkms_at() {
	# shellcheck disable=SC2016 # expanded in the root
	on_machine sh -ec 'mkdir -p /tmp/bin
		printf "#!/bin/sh\n[ \"\$*\" = -r ] || exec /usr/bin/uname \"\$@\"\necho %s\n" "$1" >/tmp/bin/uname
		chmod 755 /tmp/bin/uname
		PATH=/tmp/bin:$PATH dkms "$2" execgate/"$3" -k "$4" && exit
		status=$?
		cat "/var/lib/dkms/execgate/$3/build/make.log" || true
		exit $status' sh "${2:-0.0.0-other}" "$1" "$version" "$kernel"
}

headers() { on_machine readlink -f "/lib/modules/$kernel/build"; }

# The file of BTF that a kernel shows of itself is a folder of this root, without a kernel.
prepared() {
	on_machine mv "$(headers)/vmlinux" /root/ && dkms_at remove >/dev/null
}

# fails_for RUNNING: to build, with what to do, and leaves no module
fails_for() {
	local status=0
	dkms_at build "$1" >"$work/dkms" 2>&1 || status=$?
	((status)) || { echo "it was built"; cat "$work/dkms"; return 1; }
	says 'vmlinux is missing: a module for .* would have no BTF' "$work/dkms" &&
		says "boot .* and then: dkms autoinstall" "$work/dkms" &&
		! module_files | grep "^$kernel/"
}

other_runs() { prepared && fails_for 0.0.0-other; }
it_runs_without_btf() { fails_for "$kernel"; }

borrows_btf() {
	on_machine sh -ec 'mkdir -p /sys/kernel/btf
		objcopy --dump-section .BTF=/sys/kernel/btf/vmlinux /root/vmlinux /tmp/vmlinux' &&
		dkms_at install "$kernel" && has_btf "$(module_files | grep "^$kernel/")" &&
		same "the link to it" "$(on_machine find "$(headers)" -maxdepth 1 -name vmlinux)" ""
}

# refused_at_installation: the package is not configured, and the terminal shows why
refused_at_installation() {
	on_machine apt-get -qy remove execgate-dkms || return
	! on_machine apt-get -qy install --no-install-recommends \
		"/src/$(basename "$shared"/execgate-dkms_*.deb)" >"$work/dkms" 2>&1 &&
		says '^execgate: .*/vmlinux is missing' "$work/dkms" &&
		says '^execgate: Install headers that have it' "$work/dkms"
}

# The headers have it again, as after their upgrade.
restored() {
	on_machine sh -exc 'mv /root/vmlinux "$1/"; rm -rf /sys/kernel; dpkg --configure -a' sh "$(headers)" &&
		modules_built && modules_whole
}

judges "headers without vmlinux, another kernel runs: no module" other_runs
judges "the same with that kernel running, without BTF: no module" it_runs_without_btf
judges "with its BTF: built, and nothing is left in the headers" borrows_btf
judges "the installation fails there, and says why" refused_at_installation
judges "with headers that have it, the packages are configured" restored
