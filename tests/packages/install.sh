# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# From nothing: apt installs the packages on a machine that has only kernels, as README says.

# state: each path with its type, mode and owner, and the content of what administrators edit;
# without what apt, dpkg and other packages write as they come and go
state() {
	on_machine sh -ec '
		find / -xdev \( -path /proc -o -path /src -o -path /tmp -o -path /var/log -o -path /var/lib/apt \
			-o -path /var/lib/dpkg -o -path /var/cache \) -prune -o -printf "%y %m %u:%g %p %l\n"
		find /etc /boot -type f -exec sha256sum {} +
		dpkg-query -W -f "\${db:Status-Abbrev} \${Package}\n"' | LC_ALL=C sort
}

installs() {
	on_machine sh -exc 'apt-get update -q
		INITRD=No apt-get install -qy /src/execgate-dkms_*.deb /src/execgate_*.deb' \
		>"$work/installation" 2>&1 || { cat "$work/installation"; return 1; }
}

programs_run() {
	local libraries
	libraries=$(on_machine ldd /usr/bin/execgate /usr/sbin/execgated) || return
	! grep 'not found' <<<"$libraries" && on_machine execgate --version
}

# has_headers KERNEL
has_headers() { on_machine test -e "/lib/modules/$1/build/include"; }

is_too_old() { [[ $1 == 6.1.* ]]; }

# Debian 12's own kernel may get headers, too: dkms recommends some.
wanted_kernels() {
	local kernel
	for kernel in $(kernels); do
		is_too_old "$kernel" || ! has_headers "$kernel" || echo "$kernel"
	done
}

module_files() { on_machine sh -c 'cd /lib/modules && ls -d */updates/dkms/execgate.ko*'; }

modules_built() {
	same "modules of" "$(module_files | cut -d/ -f1 | sort)" "$(wanted_kernels)"
}

# Without BTF a module loads, and gates nothing.
modules_whole() {
	local file
	[[ -n $(module_files) ]] || return
	for file in $(module_files); do
		same "kernel of $file" "$(on_machine modinfo -F vermagic "/lib/modules/$file" | cut -d' ' -f1)" \
			"${file%%/*}" && has_btf "$file" || return
	done
}

# has_btf FILE: below /lib/modules
has_btf() {
	# shellcheck disable=SC2016 # expanded in the root
	on_machine sh -ec 'file=/lib/modules/$1
		case $file in
		*.xz) xz -dc "$file" ;;
		*.zst) zstd -dc "$file" ;;
		*) cat "$file" ;;
		esac >/tmp/module.ko
		objdump -h /tmp/module.ko | grep -q " \.BTF "' sh "$1"
}

# told KERNEL: by the installation, that it would boot ungated, and what to do, which is printed
told() {
	grep -A 1 "there is no module for the kernel $1:" "$work/installation" | sed -n '2s/^execgate: //p' | grep .
}

kernels_told() {
	local kernel advice
	for kernel in $(kernels); do
		advice=$(told "$kernel") || advice=
		if is_too_old "$kernel"; then
			same "about $kernel" "$advice" 'It is older than 6.12. Next: install a newer one, and boot it'
		elif has_headers "$kernel"; then
			same "about $kernel" "$advice" ""
		else
			same "about $kernel" "$advice" \
				"Its headers are missing. Next: apt-get install linux-headers-$kernel"
		fi || return
	done
}

# The advice, typed as it stands.
advice_helps() {
	local kernel command
	for kernel in $(kernels); do
		command=$(told "$kernel" | sed -n 's/.*missing. Next: //p') || continue
		[[ -n $command ]] || continue
		on_machine sh -exc "INITRD=No $command --no-install-recommends -qy" || return
	done
	modules_built
}

units_enabled() {
	on_machine test -L /etc/systemd/system/sysinit.target.wants/execgated.service || return
	same "the timer of metrics" \
		"$(on_machine find /etc/systemd/system -name 'execgate-metrics*')" ""
}

before=$(state)
judges "apt installs them where only kernels are" installs
judges "programs find their libraries" programs_run
judges "a module for each kernel with headers" modules_built
judges "a kernel without a module is named, with what to do" kernels_told
judges "headers that come later bring its module" advice_helps
judges "each has BTF and is for its kernel" modules_whole
judges "the daemon starts at boot, the timer does not" units_enabled
