# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# D. What anybody can do to everybody: an ordinary user (uid 1000) holds, maps or
# has judged what others need, and others go about their business.

# beside ATTACK-ARG... : a neighbour, until the caller's subshell ends
beside() {
	local said
	exec {ready}< <(exec "$A" "$@")
	neighbour=$!
	read -r said <&"$ready" && [[ $said == ready ]] && return
	echo "the neighbour says \"$said\""
	return 98
}

# Every verdict made so far counts no more, as after each key, catalog or gate.
new_epoch() { execgate mode "$mode"; }

# with_pages_held FILE STATUS COMMAND...
with_pages_held() {
	beside hold-pages "$1" 1536 && new_epoch && expect "${@:2}" || return
	kill "$neighbour"
	return 9
}

# A new one: what was once mapped to be written to is another matter there.
program_on_tmpfs() { rm -f "$T/program" && cp "$V/good" "$T/program"; }

# 1,024 references and more look like a pin: whose, nobody can say.
allow 101-pages-of-a-program file=good -- with_pages_held "$U/x" 9 "$U/x"
allow 101-pages-on-tmpfs prepare=program_on_tmpfs \
	-- with_pages_held "$T/program" 9 "$T/program"
# What every program needs.
allow 101-pages-of-libc -- with_pages_held "$LIBC" 0 /usr/bin/env /usr/bin/true
allow 101-pages-of-the-loader -- with_pages_held "$LOADER" 0 /usr/bin/env /usr/bin/true

# harmless NAME [WORD=VALUE]... -- ATTACK...: works in every mode, and whatever
# is told of the neighbour is told.
harmless() {
	local name=$1 works=9 file='' prepare=: evil=''
	local status=0 output='' inode='' why=''
	shift
	selected "$name" || return 0
	while [[ $1 != -- ]]; do
		local "$1"
		shift
	done
	shift
	if stage "$file" "$prepare" "$@" >"$T/why"; then
		why=$(judge_worked)
	else
		why=$(<"$T/why")
	fi
	EVENTS=()
	conclude "$why"
}

a_log() { head -c 8192 /dev/zero >"$U/log"; }
a_script() { cp "$V/good-script" "$U/x"; }

# Anybody may map what he can read; that keeps nobody from writing to it.
for processes in 1 4; do
	harmless "102-open-while-mapped-$processes" prepare=a_log \
		-- "$A" open-while-mapped "$processes" "$U/log"
done

# A verified file that somebody only reads is not in use.
edit_script() {
	expect 9 "$U/x" && beside hold-mapping "$U/x" && echo '# edited' >>"$U/x" ||
		return
	kill "$neighbour"
	return 9
}
allow 102-edit-script-that-is-read file=good-script -- edit_script

# A file of any size can be had judged by who can make it: nobody reads what no
# catalog has the size of.
own=(--key /etc/execgate/test/key.pem --cert /etc/execgate/test/cert.pem)

catalog_of_one() {
	[[ -e $T/neighbours.cat ]] ||
		execgate catalog build --no-cache --name neighbours --sequence 1 \
			--sign "${own[@]}" -o "$T/neighbours.cat" "$V/d9" || return
	execgate catalog install --sequences "$T/none" --no-persist \
		"$T/neighbours.cat"
}

a_sparse_file() {
	rm -f "$T/sparse" && truncate -s "$sparse" "$T/sparse" && catalog_of_one
}

map_unread() {
	local before status=0
	before=$(counter bytes_hashed)
	"$A" as 1000 "$A" map-only "$1" || status=$?
	((status == 3 || status == 9)) || return
	# The attack's own program may have been, once.
	(($(counter bytes_hashed) - before < 1 << 24)) || {
		echo "it was hashed"
		return 5
	}
	return "$status"
}

for sparse in 256M 4T; do
	# Technique: T1499
	deny "103-sparse-$sparse" prepare=a_sparse_file hook=mmap uid=1000 \
		reason=unsigned pid=child target="$T/sparse" left=3 \
		-- map_unread "$T/sparse"
done
if selected 103-sparse-4T; then
	rm -f "$T/sparse"
	execgate catalog remove --no-persist neighbours >"$T/out" 2>&1 ||
		not_ok "$mode/103" "no catalog to remove"
fi

# Whoever judges first may be kept from running by its owner, for as long as he
# likes: others do not wait for it.
slow=/sys/fs/cgroup/slow

a_large_program() {
	[[ -e $T/large ]] || {
		cp "$V/h9" "$T/large" && truncate -s 8M "$T/large" &&
			execgate sign "${own[@]}" "$T/large"
	} || return
	# What the attack itself needs is judged before.
	new_epoch && expect 99 "$A"
}

# beside_a_judge COMMAND...: what others do while it judges $T/large
beside_a_judge() {
	local before judge status=0
	before=$(counter cache_misses)
	"$@" &
	judge=$!
	# It is not only about to judge; with the gate off nobody does.
	until [[ $mode == off ]] || (($(counter cache_misses) > before)); do
		:
	done
	expect 9 "$A" exec "$T/large" || status=$?
	[[ $mode == off || $(readlink "/proc/$judge/exe") == "$A" ]] || {
		echo "the one who judged first was done before"
		status=5
	}
	let_go
	expect 9 wait "$judge" || return
	return $((status ? status : 9))
}

throttled_judge() {
	echo "$BASHPID" >"$slow/cgroup.procs"
	exec "$A" as 1000 "$T/large"
}

beside_a_throttled_one() {
	let_go() { echo max >"$slow/cpu.max"; }
	mkdir -p "$slow" && echo +cpu >/sys/fs/cgroup/cgroup.subtree_control &&
		echo '2000 100000' >"$slow/cpu.max" || return
	local status=0
	beside_a_judge throttled_judge || status=$?
	rmdir "$slow" && return "$status"
}

idle_judge() { exec "$A" idle-as 1000 "$T/large"; }

# On a busy host a processor may be idle for long enough, and the judge be done:
# that says nothing yet.
beside_an_idle_one() {
	local busy=() processors status tries
	let_go() { kill "${busy[@]}"; }
	for tries in 1 2 3 4; do
		busy=()
		for ((processors = $(nproc); processors; processors--)); do
			while :; do :; done &
			busy+=("$!")
		done
		status=0
		beside_a_judge idle_judge || status=$?
		((status == 5)) || break
		new_epoch || return
	done
	return "$status"
}

# From 6.18 on a limit holds a task back in user mode only.
if ! kernel_from 6 18; then
	allow 103-throttled-judge prepare=a_large_program \
		-- beside_a_throttled_one
fi
reverified_large() { execgate gate reverify on && a_large_program; }
beside_an_idle_one_anew() {
	local status=0
	beside_an_idle_one || status=$?
	execgate gate reverify off || return 98
	return "$status"
}
if [[ $mode != off ]]; then
	# Then it happens to a file that has long been judged.
	allow 103-idle-judge-anew prepare=reverified_large \
		-- beside_an_idle_one_anew
fi
allow 103-idle-judge prepare=a_large_program -- beside_an_idle_one
