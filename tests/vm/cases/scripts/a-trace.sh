# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Two witnesses of the workloads. One, which knows nothing of the gate, notes what interpreters
# open (vm/attacks/opens.c); the other, in the kernel, notes what the gate judges for being read
# as code. They are compared by thread and file: each open of code has a judgment of its own.

tracing=/sys/kernel/tracing

# Written down again, not taken from scripts.conf: a name that is missing there is to be found.
# Program, names of code, options before a script, words of a "#!" line. "-" is none.
kinds='
dash [.]sh$|(^|[.])profile$ [eux]* sh|dash
bash [.](sh|bash)$|^[.]bash(rc|_profile|_login|_logout|_aliases)$|(^|[.])profile$|^bash[.]bashrc$ [eux]* sh|bash
python3.* [.](py|pyc|pth)$ [EIsSuBO]* python[0-9.]*
perl.* [.](pl|pm|ph|al|ix)$ [wTtUuX]* perl[0-9.]*
php.* [.](php|inc|phar)$|^php(-cli)?[.]ini$ - php[0-9.]*
mawk [.]awk$ - awk|mawk
sed [.]sed$ - sed
lua.* [.]lua$ [ivE]* lua[0-9.]*|luajit[0-9.]*
make ^(GNUm|M|m)akefile$|[.]mk$ - make
gdb [.](py|pyc|gdb)$|^[.]?gdb(early)?init$ - -
'

# All that rules are about and this machine has.
interpreters() {
	local pattern
	while read -r pattern; do
		compgen -G "$pattern"
	done < <(sed -n 's/^path = //p' /etc/execgate/identities.d/scripts.conf) | sort -u
}

probe_on() {
	{ [[ -e $tracing/kprobe_events ]] || mount -t tracefs tracefs "$tracing"; } &&
		echo 16384 >"$tracing/buffer_size_kb" && echo 0 >"$tracing/options/overwrite" &&
		echo 'p:suite/judged eg_reading_begin dev=req->inode->i_sb->s_dev:u32 ino=req->inode->i_ino:u64' \
			>"$tracing/kprobe_events" &&
		: >"$tracing/trace" && echo 1 >"$tracing/events/suite/judged/enable" &&
		echo 1 >"$tracing/tracing_on"
}
probe_off() {
	echo 0 >"$tracing/events/suite/judged/enable" && cat "$tracing/trace" >"$1" &&
		: >"$tracing/kprobe_events"
}

# trace_begins NAME, trace_ends NAME: what was seen in between is in $S/NAME
trace_begins() {
	local try programs
	mapfile -t programs < <(interpreters)
	rm -rf "${S:?}/$1" && mkdir "$S/$1" && probe_on || return
	"$A" opens "$S/$1/opens" / /run /tmp /dev/shm -- "${programs[@]}" \
		>"$S/$1/witness" 2>&1 </dev/null &
	echo $! >"$S/$1/pid"
	for ((try = 0; try < 100; try++)); do
		! grep -q watching "$S/$1/witness" || return 0
		sleep 0.2
	done
	cat "$S/$1/witness"
	return 1
}
trace_ends() {
	local pid try
	pid=$(<"$S/$1/pid") && kill "$pid" || { cat "$S/$1/witness"; return 1; }
	for ((try = 0; try < 100; try++)); do
		[[ -e /proc/$pid ]] || break
		sleep 0.2
	done
	probe_off "$S/$1/judged"
}

# trace_compares NAME: figures, what was read as data, and code that was not judged, if any
trace_compares() {
	local status=0
	awk -F '\t' "$(<"$cases/scripts/compare.awk")" - "$S/$1/judged" "$S/$1/opens" \
		<<<"$kinds" >"$S/$1/figures" || status=$?
	grep -v '^data of ' "$S/$1/figures"
	return "$status"
}

# The comparison can fail: without the gate a script is not judged, and is named. Last, since
# what runs when a gate comes back has no rules any more.
finds_unjudged() {
	local status=0
	echo 'exit 9' >"$S/plain.sh" && execgate gate script off >/dev/null && trace_begins small || return
	expect 9 bash "$S/plain.sh" && trace_ends small || status=1
	execgate gate script on >/dev/null && ((status == 0)) && expect 1 trace_compares small &&
		says "NOT JUDGED: $S/plain.sh by /usr/bin/bash, 1 times" "$(<"$S/small/figures")"
}
# One that is refused is not an open, and one that is read as data none of code.
finds_judged() {
	echo 'exit 9' >"$S/plain.sh" && echo 'words' >"$S/plain.txt" && trace_begins small || return
	expect 126 bash "$S/plain.sh"
	bash -c "read -r line <'$S/plain.txt'" && bash -lc true && trace_ends small && take_events &&
		trace_compares small && says '[1-9][0-9]* opens of code' "$(<"$S/small/figures")" &&
		says 'data of bash in /run/' "$(<"$S/small/figures")"
}

# All that the workloads opened as code was judged, each time; and that was a lot.
all_judged() {
	trace_ends day && trace_compares day &&
		(($(sed -n 's/^\([0-9]*\) opens of code.*/\1/p' "$S/day/figures") > 2000))
}
# tell_figures NAME: with the folders that most data was read in
tell_figures() {
	[[ -s $S/$1/figures ]] || return 0
	{
		grep -v '^data of ' "$S/$1/figures"
		grep '^data of ' "$S/$1/figures" | sort -t : -k 2 -rn | head -n 40
	} | sed 's/^/# /'
}

check scripts-trace-finds-judged finds_judged
