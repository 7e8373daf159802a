# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# An ordinary user who does to others all that he can, without end.
# Shared by lane soak, where many kernels are tried, and by lane apt, where the
# others have packages to install.

# again COMMAND...: until neighbours_end, whatever comes of it
again() {
	while [[ ! -e $T/enough ]]; do "$@" >/dev/null 2>&1; done
}

mapped_copies() {
	rm -rf "$U/copies" && install -d -o 1000 "$U/copies" &&
		"$A" as 1000 "$A" map-many 2000 "$V/good-blob" "$U/copies"
}

idle_judgement() {
	forget_large
	"$A" idle-as 1000 "$U/large"
}
forget_large() { : >>"$U/large"; }

# The user's loops; their processes are $neighbours. No step of one takes long.
neighbours_begin() {
	truncate -s 4T "$U/sparse" && cp "$V/h9" "$U/large" && truncate -s 8M "$U/large" &&
		execgate sign --key /etc/execgate/test/key.pem \
			--cert /etc/execgate/test/cert.pem "$U/large" >/dev/null &&
		cp "$V/h9" "$U/unsigned" && echo begun >"$U/log" &&
		chmod 644 "$U/log" || return
	neighbours=()
	# Pages of what all need are held.
	again timeout 5 "$A" hold-pages "$LIBC" 1536 &
	neighbours+=($!)
	again timeout 5 "$A" hold-pages /usr/bin/ls 1536 &
	neighbours+=($!)
	# Files of others are mapped executable: one that is written to, a program.
	again "$A" as 1000 "$A" map-only "$U/log" &
	neighbours+=($!)
	again "$A" as 1000 "$A" map-only "$U/sparse" &
	neighbours+=($!)
	# Verdicts in great number, and denials.
	again mapped_copies &
	neighbours+=($!)
	again "$A" as 1000 "$A" flood 1 1 "$U/unsigned" &
	neighbours+=($!)
	# Judging when nobody else wants to run.
	again idle_judgement &
	neighbours+=($!)
	# Code on the heap.
	again "$A" as 1000 "$A" brk-implied &
	neighbours+=($!)
}

neighbours_end() {
	: >"$T/enough"
	wait "${neighbours[@]}"
	rm -rf "$T/enough" "$U/copies" "$U/sparse" "$U/large" "$U/unsigned" "$U/log"
}

# One round of what the others do: in turn another user's ls, a write of root's to
# the log that is mapped all the time, a program that is new, and a change of mode.
others_round() {
	quietly "$A" as 1001 /usr/bin/ls / || return
	echo "round $1" >>"$U/log" || { echo 'the log cannot be written to'; return 1; }
	cp "$V/good" "$U/new" && expect 9 "$U/new" && rm "$U/new" || return
	quietly execgate mode audit && quietly execgate mode enforce
}

quietly() {
	"$@" >"$T/quiet" 2>&1 && return
	echo "failed: $*"
	tail -n 5 "$T/quiet"
	return 1
}

# among_neighbours SECONDS [COMMAND...]: rounds, with the command in each of them
among_neighbours() {
	local end status=0
	rounds=0
	neighbours_begin || return
	end=$((SECONDS + $1))
	while ((SECONDS < end)); do
		others_round "$rounds" && "${@:2}" || {
			status=1
			break
		}
		rounds=$((rounds + 1))
	done
	neighbours_end
	((rounds)) || status=1
	return "$status"
}
