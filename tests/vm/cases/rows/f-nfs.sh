# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# F. 87: NFS, from this machine to itself. What an administrator's tools tell the
# kernel's server is told by hand here.

N=$T/nfs
E=$T/exported

# tell CACHE LINE: an entry of one of the server's caches, for a day
tell() { echo "$2" >"/proc/net/rpc/$1/channel"; }

# Once; what later modes do is mount it. Who had opened what before is not known,
# so that nobody gets to open anything for the shortest time that can be set.
serve() {
	local later=$((EPOCHSECONDS + 86400)) flags
	[[ ! -d $E ]] || return 0
	# insecure port, asynchronous, no subtree check, found by its number
	flags=$((2 | 0x10 | 0x400 | 0x2000))
	mkdir -p "$E" "$N" && modprobe -a nfsd nfsv4 &&
		mount -t nfsd nfsd /proc/fs/nfsd &&
		tell auth.unix.ip "nfsd 127.0.0.1 $later localhost" &&
		tell nfsd.export "localhost $E $later $flags 65534 65534 0" &&
		tell nfsd.fh "localhost 1 \\x00000000 $later $E" &&
		echo '-3 +4 +4.2' >/proc/fs/nfsd/versions &&
		echo 10 >/proc/fs/nfsd/nfsv4gracetime &&
		echo 'tcp 2049' >/proc/fs/nfsd/portlist &&
		echo 2 >/proc/fs/nfsd/threads
}

import() {
	local options=vers=4.2,addr=127.0.0.1,clientaddr=127.0.0.1
	mount -t nfs4 -o "$options,noac,lookupcache=none" 127.0.0.1:/ "$N"
}

put_there() { rm -f "$E"/* && cp "$V/$1" "$E/x"; }
signed_there() { put_there good; }
unsigned_there() { put_there h9; }
library_there() { put_there good-blob; }

# 101: where a direct read of NFS will write to has plain references, no pins;
# pages that are on a disk are dropped, so that it writes to an orphan.
late_there() { "$A" write-code "$E/late" && cp "$V/good-blob" "$U/x"; }
late_on_tmpfs() { "$A" write-code "$E/late" && cp "$V/good-blob" "$T/x"; }

late_reads() {
	local fresh=7
	[[ $mode != off ]] || fresh=9
	allow 101-late-read-on-disk prepare=late_there works=$fresh \
		-- "$A" late-read "$N/late" "$U/x"
	# Technique: T1554
	deny 101-late-read-on-tmpfs prepare=late_on_tmpfs hook=mmap \
		reason=writer-open target="$T/x" \
		-- "$A" late-read "$N/late" "$T/x"
}

if serve >"$T/out" 2>&1 && import >>"$T/out" 2>&1; then
	for what in signed unsigned; do
		# Technique: T1080
		deny "87-nfs-$what" prepare="${what}_there" reason=untrusted-fs \
			target="$N/x" -- "$A" exec "$N/x"
	done
	deny 87-nfs-library prepare=library_there hook=mmap works=7 \
		reason=untrusted-fs target="$N/x" -- "$A" call "$N/x"
	late_reads
	umount "$N" || not_ok "$mode/87-nfs" "it cannot be unmounted"
else
	not_ok "$mode/87-nfs" "it cannot be served and mounted"
fi
