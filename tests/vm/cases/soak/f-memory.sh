# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Large files, little memory, and more verdicts than are kept.

# sparse NAME KB: a signed file of that size, nearly all of it a hole
sparse() {
	rm -f "$U/$1"
	truncate -s "$2K" "$U/$1" && sign --class library "$U/$1"
}

# R2: how fast a first use is, against the kernel's own SHA-256 over the same file.
cold_verify() {
	local kb verify hash
	modprobe algif_hash || return
	# What runs once in a boot.
	sparse cold 4 && "$V/bench" map 1 "$U/cold" >/dev/null &&
		"$V/bench" hash 1 "$U/cold" >/dev/null || return
	for kb in 1 64 1024 16384 262144 1048576; do
		# In a short soak none that takes longer than the row's share.
		((kb <= each * 16384)) || continue
		sparse cold "$kb" || return
		hash=$("$V/bench" hash 1 "$U/cold") && verify=$("$V/bench" map 1 "$U/cold") ||
			return
		note "R2 $kb kB: verified in $((verify / 1000)) us, hashed in" \
			"$((hash / 1000)) us: $((100 * hash / verify)) % of its speed (target 80)"
	done
	rm "$U/cold"
}

# The stack of one that a processor runs at this moment is not shown.
hashing() {
	(($(grep -l eg_reader_hash /proc/[0-9]*/stack 2>/dev/null | wc -l) >= $1))
}

# R2: what one verification holds while it runs: its own buffers, not the file.
verify_memory() {
	local before with n pids=() pid count=8 per kb=65536
	sparse part.0 "$kb" || return
	tail -c $(($(stat -c %s "$U/part.0") - (kb << 10))) "$U/part.0" >"$T/trailer"
	for ((n = 1; n < count; n++)); do
		truncate -s "${kb}K" "$U/part.$n" && cat "$T/trailer" >>"$U/part.$n" || return
	done
	settle
	before=$(unreclaimable)
	for ((n = 0; n < count; n++)); do
		"$V/bench" map 1 "$U/part.$n" >/dev/null &
		pids+=($!)
	done
	wait_for hashing $((count - 2)) || return
	with=$(unreclaimable)
	for pid in "${pids[@]}"; do expect 0 wait "$pid" || return; done
	rm -f "$U"/part.*
	per=$(((with - before) / count))
	note "R2 $count verifications of 64 MB at once: $per kB of kernel memory each" \
		"(with the process itself)"
	((per < 1024))
}

# As the group's member: run COMMAND
in_group() {
	(
		echo "$BASHPID" >/sys/fs/cgroup/soak/cgroup.procs
		exec "$@"
	)
}

oom_kills() { awk '$1 == "oom_kill" { print $2 }' /sys/fs/cgroup/soak/memory.events; }

# A disk without content, and on it a program twice as large as the group may be.
big_disk() {
	modprobe loop && truncate -s 160M "$T/big.img" &&
		mke2fs -F "$T/big.img" >/dev/null && mkdir -p "$T/big" &&
		mount -o loop "$T/big.img" "$T/big" && cp "$V/h9" "$T/big/x" &&
		truncate -s 128M "$T/big/x" && sign "$T/big/x" &&
		mkdir -p /sys/fs/cgroup/soak &&
		echo +memory >/sys/fs/cgroup/cgroup.subtree_control &&
		echo 64M >/sys/fs/cgroup/soak/memory.max &&
		echo 1 >/sys/fs/cgroup/soak/memory.oom.group
}

# R12: the OOM killer takes who verifies; the verdict is not there, and comes later.
out_of_memory() {
	local end kills=0 rounds=0 before took start status hog
	big_disk || return
	start=$(now)
	expect 9 in_group "$T/big/x" || return
	took=$(($(now) - start))
	note "R12 128 MB verified within 64 MB in $took us"
	before=$(oom_kills)
	end=$((SECONDS + each))
	while ((SECONDS < end || rounds < 2)); do
		forget_verdict "$T/big/x"
		status=0
		in_group "$T/big/x" &
		start=$!
		nap "$took" "$rounds"
		in_group "$A" hog 80 >/dev/null 2>&1 &
		hog=$!
		wait "$start" || status=$?
		wait "$hog"
		rounds=$((rounds + 1))
		case $status in
		137) kills=$((kills + 1)) ;;
		9) ;; # was through before
		*) echo "exit status $status"; return 1 ;;
		esac
	done 2>/dev/null
	after_oom "$before" "$rounds" "$kills"
}

# The last one was killed, or not: who comes next verifies, and so it runs.
after_oom() {
	local misses
	forget_verdict "$T/big/x"
	in_group "$T/big/x" &
	kill -9 $!
	wait $! 2>/dev/null
	misses=$(counter cache_misses)
	expect 9 "$T/big/x" || return
	(($(counter cache_misses) > misses)) || { echo 'a verdict of nobody'; return 1; }
	note "R12 $2 runs beside a hog, $3 killed amid verifying," \
		"$(($(oom_kills) - $1)) kills by the OOM killer"
	umount "$T/big" && rmdir /sys/fs/cgroup/soak && rm "$T/big.img"
	(($3 > 0)) && events_add_up
}

# R25: verdicts live as long as their inodes: they go with the files, and so does
# what they take.
many_verdicts() {
	local before after held left line grown
	printf 'one of many\n' >"$T/tiny" && sign --class library "$T/tiny" &&
		mkdir -p "$U/many" || return
	settle
	before=$(kmalloc_kb)
	expect 9 "$A" many-verdicts $((each * 4)) 98304 "$U/many" "$T/tiny" >"$T/verdicts" ||
		{ cat "$T/verdicts"; return 1; }
	held=$(counter cache_entries)
	rm -rf "$U/many"
	settle
	after=$(kmalloc_kb)
	left=$(counter cache_entries)
	line=$(<"$T/verdicts")
	grown=$((after - before))
	note "R25 $line; $held verdicts held, $left after the files are gone;" \
		"kmalloc grew by $grown kB"
	((left < 4096 && grown < 4096))
}

# R25: very many files that are mapped at once: each is, and is kept from writers,
# which is all that is told.
many_mapped() {
	local event
	skip_events
	mkdir -p "$T/many" && mount -t tmpfs -o nr_inodes=100k many "$T/many" ||
		return
	expect 7 "$A" map-many 50000 "$V/good-blob" "$T/many" >"$T/many.out" || {
		cat "$T/many.out"
		return 1
	}
	umount "$T/many" && take_events || return
	note "R25 files mapped at once: $(<"$T/many.out")"
	for event in "${EVENTS[@]}"; do
		event_is "$event" reason sealed || return
	done
	[[ $(<"$T/many.out") =~ mapped\ ([0-9]+)\ refused\ ([0-9]+) ]] &&
		((BASH_REMATCH[2] == 0 && BASH_REMATCH[1] == 50000))
}

row R2-cold-verify cold_verify
row R2-verify-memory verify_memory
row R12-out-of-memory out_of_memory
row R25-many-verdicts many_verdicts
row R25-many-mapped many_mapped
