# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What an interpreter reads as code, and code on its command line. The interpreter is
# signed well, and so is what it is started by; each attack works without the rules.

script_signer=(--key /etc/execgate/test/key.pem --cert /etc/execgate/test/cert.pem)
script_rules=('reads name *.sh' 'reads name .bashrc' 'reads shebang bash'
	'reads quiet *.cache'
	'inline -c^ -s< -o> +o> -O> +O> --rcfile* --init-file* %@ < - $BASH_ENV* $ENV* $BASH_FUNC_*: $PS4$')

# kept NAME FILE COMMAND...: FILE as COMMAND makes it, which it does once: the same signature is as good on a copy
kept() {
	local kept=$T/kept/${1//\//_} file=$2
	mkdir -p "$T/kept" && rm -f "$file" || return
	if [[ ! -e $kept ]]; then
		"${@:3}" && cp -p "$file" "$kept"
		return
	fi
	cp -p "$kept" "$file"
}

# signed_program PROGRAM FILE IDENTITY [RULE...]: a copy of it with these rules
signed_program() {
	local rule options=()
	for rule in "${@:4}"; do options+=(--rule "$rule"); done
	cp "$1" "$2" && { execgate unsign "$2" >/dev/null 2>&1 || true; } &&
		execgate sign "${script_signer[@]}" "${options[@]}" --identity "$3" "$2"
}

# interpreter [RULE...]: a shell of ours with these rules
script_interpreter() {
	kept "shell $*" "$U/shell" signed_program /bin/bash "$U/shell" org.example/shell "$@"
}

script_good() {
	printf '#!/bin/bash\nread -r line <%s && [[ $line == text ]] && exit 9\n' "$U/data" >"$U/good.sh" &&
		chmod 755 "$U/good.sh" && execgate sign "${script_signer[@]}" "$U/good.sh"
}

# Texts that nobody signed, and one that somebody did.
script_slate() {
	execgate gate inline off >/dev/null
	if [[ -e $T/script.cat ]]; then
		execgate catalog remove --no-persist script >/dev/null 2>&1
		rm -f "$T/script.cat"
	fi
	rm -rf "${U:?}"/* && mkdir "$U/bin" "$U/home" && script_interpreter &&
		echo 'exit 9' >"$U/evil.txt" && echo 'exit 9' >"$U/evil.sh" &&
		echo 'exit 9' >"$U/home/.bashrc" && echo 'exit 9' >"$U/bin/tool" &&
		echo 'exit 9' >"$U/x.cache" && echo text >"$U/data" &&
		printf '#!/bin/bash\nexit 9\n' >"$U/lines" && chmod 755 "$U"/*.sh "$U/lines" &&
		kept good.sh "$U/good.sh" script_good && take_events
}

# told REASON HOOK [FILE]: one event tells it
script_told() {
	take_events && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason "$1" && event_is "${EVENTS[0]}" hook "$2" &&
		event_is "${EVENTS[0]}" mode "${mode:-enforce}" || return
	[[ ! ${3-} ]] || event_is "${EVENTS[0]}" ino "$(stat -L -c %i "$3")"
}
script_quiet() { take_events && same events "${#EVENTS[@]}" 0; }

# script_attack FILE COMMAND...: FILE is run without rules, and not with them
script_attack() {
	local file=$1 output
	shift
	script_slate && expect 9 "$@" && script_quiet &&
		script_interpreter "${script_rules[@]}" && take_events || return
	output=$("$@" 2>&1) && output+=' status 0'
	[[ $? != 9 ]] && echo "$output" && script_told script read "$file"
}

# in_sh COMMAND: a shell of ours runs it where the files are
in_sh() { (cd "$U" && exec ./shell "$@"); }
from_file() { in_sh "${@:2}" <"$1"; }
by_search() { (cd / && PATH=$U/bin:$PATH exec "$U/shell" tool); }
by_variable_of() { (cd "$U" && export "$1=$2" && exec ./shell -c 'exit 1'); }
at_home() { HOME=$U/home in_sh -i </dev/null; }
by_loader_of() { /lib64/ld-linux-x86-64.so.2 "$U/shell" "$@"; }
loader_from() { by_loader_of <"$1"; }
# Behind so many of the loader's options that the interpreter's name is not looked for.
# shellcheck disable=SC2120 # called with arguments by script_far
by_loader_far() {
	local many=()
	for _ in {1..40}; do many+=(--inhibit-cache); done
	/lib64/ld-linux-x86-64.so.2 "${many[@]}" "$U/shell" "$@"
}
loader_far_from() { by_loader_far <"$1"; }
by_descriptor() { in_sh "$@" 3<"$U/evil.txt"; }
linked() { ln -sf "$U/evil.txt" "$U/$1" && in_sh "${@:2}"; }
hard_linked() { ln -f "$U/evil.txt" "$U/$1" && in_sh "${@:2}"; }
# Named when it was good; another file has the name when it is read.
swapped() {
	cp -p "$U/good.sh" "$U/now.sh" &&
		"$U/shell" -c "cp '$U/evil.txt' '$U/now.sh' && exec '$U/shell' '$U/now.sh'"
}

script_signed() {
	script_slate && script_interpreter "${script_rules[@]}" &&
		take_events && expect 9 in_sh good.sh && expect 9 in_sh ./good.sh "$U/data" &&
		expect 9 from_file "$U/good.sh" && expect 9 in_sh -c '. ./good.sh' &&
		cp -p "$U/good.sh" "$U/renamed.txt" && expect 9 in_sh renamed.txt &&
		script_quiet
}

script_tampered() {
	script_slate && script_interpreter "${script_rules[@]}" && take_events &&
		expect 9 in_sh good.sh && sed -i 's/text/tixt/' "$U/good.sh" && take_events
	in_sh good.sh
	[[ $? != 9 ]] && script_told digest-mismatch read "$U/good.sh"
}

script_data() {
	script_slate && script_interpreter "${script_rules[@]}" && take_events &&
		expect 9 in_sh -c "read -r line <data && read -r line <evil.txt && exit 9" &&
		expect 9 in_sh -c 'read -r line <evil.txt; exit 9' evil.txt && script_quiet
}

script_catalog() {
	script_slate && script_interpreter "${script_rules[@]}" &&
		execgate catalog build --no-cache --name script --sequence 1 --sign "${script_signer[@]}" \
			-o "$T/script.cat" "$U/lines" &&
		execgate catalog install --no-persist --sequences "$T/none" "$T/script.cat" && take_events &&
		expect 9 in_sh lines && expect 9 in_sh -c '. ./lines' && script_quiet
}

# Longer than what the shell reads at a time; its first line waits for a word.
script_long() {
	{
		printf '#!/bin/bash\nread -r word <%q\n' "$U/go"
		for ((line = 0; line < 2000; line++)); do
			echo "# line $line, which does nothing but fill the script"
		done
	} >"$U/long.sh" && stat -c %s "$U/long.sh" >"$U/at" &&
		echo 'exit 5' >>"$U/long.sh" && rm -f "$U/go" && mkfifo "$U/go"
}

# While it waits for its word, the rest of it is written anew: in its place, so that
# this is the file that it has open.
rewritten() {
	in_sh long.sh &
	# shellcheck disable=SC2016 # expanded in there
	timeout 60 bash -c 'exec 5>"$1" && printf "exit 9" |
		dd of="$2" bs=1 conv=notrunc seek="$3" 2>/dev/null && echo word >&5' \
		- "$U/go" "$U/long.sh" "$(<"$U/at")"
	wait "$!"
}

# Judged when it was opened, and changed when half of it had been read.
script_rewritten() {
	script_slate && script_long && expect 9 rewritten && script_long &&
		execgate sign "${script_signer[@]}" "$U/long.sh" &&
		script_interpreter "${script_rules[@]}" && take_events || return
	rewritten
	[[ $? != 9 ]] && script_told writer-open read-bytes "$U/long.sh"
}

script_denials() {
	execgate status --json | tr -d ' \n' |
		sed 's/.*"denies":{[^}]*"script":\([0-9]*\).*/\1/'
}

script_cached_quietly() {
	local before
	script_slate && expect 9 in_sh -c '. ./x.cache; exit 1' &&
		script_interpreter "${script_rules[@]}" && take_events || return
	before=$(script_denials)
	expect 1 in_sh -c '. ./x.cache; exit 1' && script_quiet &&
		same denials "$(script_denials)" "$((before + 1))"
}

script_in_audit() {
	local mode=audit status=0
	script_slate && script_interpreter "${script_rules[@]}" && execgate mode audit &&
		take_events && expect 9 in_sh evil.sh && script_told script read "$U/evil.sh" ||
		status=1
	execgate mode enforce
	return "$status"
}

script_reports() {
	local mode=audit
	script_slate && script_interpreter 'report reads name *.sh' && take_events &&
		expect 9 in_sh evil.sh && script_told script read "$U/evil.sh"
}

script_gate_off() {
	local status=0
	script_slate && script_interpreter "${script_rules[@]}" &&
		execgate gate script off && take_events && expect 9 in_sh evil.sh &&
		script_quiet || status=1
	execgate gate script on
	return "$status"
}

# What is forked from it has its rules; what it executes has its own.
script_forked() {
	script_slate && script_interpreter "${script_rules[@]}" && take_events || return
	in_sh -c '( . ./evil.sh ); exit $?'
	[[ $? != 9 ]] && script_told script read "$U/evil.sh" &&
		expect 9 in_sh -c 'exec /bin/bash evil.txt' && script_quiet
}

# Code on the command line, or in a pipe: when that is not let through.
script_inline() {
	script_slate && script_interpreter "${script_rules[@]}" && take_events &&
		expect 9 in_sh "$@" && script_quiet && execgate gate inline on &&
		take_events || return
	in_sh "$@"
	[[ $? != 9 ]] && script_told inline-script exec "$U/shell" || return
	expect 9 in_sh good.sh && script_quiet && expect 9 /bin/bash -c 'exit 9' &&
		execgate gate inline off
}
script_inline_pipe() {
	script_slate && script_interpreter "${script_rules[@]}" &&
		execgate gate inline on && take_events || return
	in_sh < <(echo 'exit 9')
	[[ $? != 9 ]] && script_told inline-script exec "$U/shell" || return
	in_sh -s a b < <(echo 'exit 9')
	[[ $? != 9 ]] && script_told inline-script exec "$U/shell" || return
	expect 0 in_sh </dev/null && execgate gate inline off
}

# Code in a variable: when that is not let through. What shows that it ran is its status.
script_inline_variable() {
	script_slate && script_interpreter "${script_rules[@]}" && take_events &&
		expect 9 "$@" && script_quiet && execgate gate inline on && take_events || return
	"$@"
	[[ $? != 9 ]] && script_told inline-script exec "$U/shell" || return
	expect 9 in_sh good.sh && script_quiet && execgate gate inline off
}
# A function of the environment stands in for a builtin of a script that is signed.
by_function() {
	env "BASH_FUNC_read%%=() { exit 7; }" "$U/shell" "$U/good.sh"
	[[ $? != 7 ]] || return 9
}
# Bash takes no PS4 from root, so somebody else runs the script.
by_trace() {
	chmod 755 "$U" "$U/shell" && setpriv --reuid=65534 --regid=65534 --clear-groups \
		env SHELLOPTS=xtrace "PS4=\$(kill -9 \$\$)" "$U/shell" "$U/good.sh"
	[[ $? != 137 ]] || return 9
}

# So many names that they are not kept: then all that is read is judged.
script_many() {
	local many
	script_slate && script_interpreter "${script_rules[@]}" && take_events || return
	for many in {1..17}; do many+=(--rcfile "/nowhere/$many"); done
	in_sh "${many[@]:1}" -c 'read -r line <data && exit 9'
	[[ $? != 9 ]] && take_events &&
		event_is "${EVENTS[-1]}" reason script &&
		event_is "${EVENTS[-1]}" ino "$(stat -c %i "$U/data")"
}

# The loader is told what to run; what that is told counts all the same.
script_loader_inline() {
	script_slate && script_interpreter "${script_rules[@]}" && take_events &&
		expect 9 by_loader_of -c 'read -r line <'"$U/data"' && exit 9' &&
		script_quiet && execgate gate inline on && take_events || return
	by_loader_of -c 'exit 9'
	[[ $? != 9 ]] && script_told inline-script mmap "$U/shell" &&
		execgate gate inline off
}

# Some interpreters take such a name for a descriptor of their own, and open nothing.
by_interpreter() { (cd "$U" && exec ./reader interpret "$@"); }
descriptor_interpreter() {
	kept "reader $*" "$U/reader" signed_program "$A" "$U/reader" org.example/reader "$@"
}
descriptor_slate() {
	script_slate && descriptor_interpreter && cp "$U/evil.txt" "$U/fine.sh" &&
		execgate sign "${script_signer[@]}" --class script "$U/fine.sh" && take_events &&
		expect 9 by_interpreter -f /dev/fd/3 3<"$U/evil.txt" && script_quiet &&
		descriptor_interpreter "${1-inline -f@ &}" && take_events
}
script_descriptor() {
	descriptor_slate && expect 9 by_interpreter -f /dev/fd/3 3<"$U/fine.sh" && script_quiet ||
		return
	by_interpreter -f /dev/fd/3 3<"$U/evil.txt"
	[[ $? != 9 ]] && script_told script read "$U/evil.txt" || return
	by_interpreter -f/dev/fd/3 3<"$U/evil.txt"
	[[ $? != 9 ]] && script_told script read "$U/evil.txt"
}
# Behind more names than are kept.
script_descriptor_many() {
	local names=()
	descriptor_slate || return
	for _ in {1..17}; do names+=(-f "$U/fine.sh"); done
	by_interpreter "${names[@]}" -f /dev/fd/3 3<"$U/evil.txt"
	[[ $? != 9 ]] && script_told script read "$U/evil.txt"
}
script_descriptor_reports() {
	local mode=audit
	descriptor_slate 'report inline -f@ &' &&
		expect 9 by_interpreter -f /dev/fd/3 3<"$U/evil.txt" &&
		script_told script read "$U/evil.txt"
}
script_descriptor_pipe() {
	descriptor_slate && expect 9 by_interpreter -f /dev/fd/3 3< <(echo 'exit 9') &&
		script_quiet && execgate gate inline on && take_events || return
	by_interpreter -f /dev/fd/3 3< <(echo 'exit 9')
	[[ $? != 9 ]] && script_told inline-script exec "$U/reader" && execgate gate inline off
}
# A pipe that has a name is opened as a file is. Nobody waits for it in vain.
fed() {
	local status=0
	rm -f "$U/$1" && mkfifo "$U/$1" || return
	# shellcheck disable=SC2016 # expanded in there
	timeout 20 bash -c 'echo "exit 9" >"$1"' - "$U/$1" &
	"${@:2}" || status=$?
	kill "$!" 2>/dev/null
	return "$status"
}
# Reopened, such a pipe is not waited for.
from_pipe() { in_sh "$@" < <(echo 'exit 9'); }
# script_fed HOOK FILE COMMAND...: with gate inline off, and on
script_fed() {
	script_slate && script_interpreter "${script_rules[@]}" &&
		printf '#!/bin/bash\n. %s\n' "$U/pipe.sh" >"$U/sources.sh" &&
		execgate sign "${script_signer[@]}" "$U/sources.sh" && take_events &&
		expect 9 "${@:3}" && script_quiet && execgate gate inline on && take_events ||
		return
	"${@:3}"
	[[ $? != 9 ]] && script_told inline-script "$1" "$2" && execgate gate inline off
}

# At a terminal, which has a gate of its own; as its input, and by its name.
by_terminal() { (cd "$U" && exec "$A" typed 'exit 9' ./shell "$@"); }
script_terminal() {
	script_slate && script_interpreter "${script_rules[@]}" && take_events &&
		expect 9 by_terminal "${@:2}" && script_quiet &&
		execgate gate inline on && expect 9 by_terminal "${@:2}" && script_quiet &&
		execgate gate terminal on && take_events || return
	by_terminal "${@:2}"
	[[ $? != 9 ]] && script_told inline-script "$1" && execgate gate terminal off &&
		execgate gate inline off
}

# script_far REASON HOOK FILE COMMAND...: all that it reads is code then, so one event of several tells it
script_far() {
	local event
	script_slate && expect 9 "${@:4}" && script_quiet &&
		script_interpreter "${script_rules[@]}" && execgate gate inline on && take_events || return
	"${@:4}"
	[[ $? != 9 ]] && take_events && execgate gate inline off || return
	printf '%s\n' "${EVENTS[@]}"
	for event in "${EVENTS[@]}"; do
		event_is "$event" reason "$1" && event_is "$event" hook "$2" &&
			event_is "$event" ino "$(stat -L -c %i "$3")" && return
	done
	return 1
}

check script-operand script_attack "$U/evil.txt" in_sh evil.txt
check script-operand-options script_attack "$U/evil.txt" in_sh -o posix -e -- evil.txt
check script-operand-path script_attack "$U/evil.txt" in_sh "$U/bin/../evil.txt"
check script-operand-link script_attack "$U/evil.txt" linked link link
check script-operand-search script_attack "$U/bin/tool" by_search
check script-operand-descriptor script_attack "$U/evil.txt" by_descriptor /dev/fd/3
check script-operand-proc script_attack "$U/evil.txt" by_descriptor /proc/self/fd/3
check script-operand-input script_attack "$U/evil.txt" from_file "$U/evil.txt" /proc/self/fd/0
check script-input script_attack "$U/evil.txt" from_file "$U/evil.txt"
check script-input-option script_attack "$U/evil.txt" from_file "$U/evil.txt" -s a b
check script-swapped script_attack "$U/now.sh" swapped
check script-rewritten script_rewritten
check script-rcfile script_attack "$U/evil.txt" in_sh --rcfile evil.txt -i -c 'exit 1'
check script-home script_attack "$U/home/.bashrc" at_home
check script-variable script_attack "$U/evil.txt" by_variable_of BASH_ENV ./evil.txt
check script-sourced script_attack "$U/evil.sh" in_sh -c '. ./evil.sh'
check script-sourced-line script_attack "$U/lines" in_sh -c '. ./lines'
check script-sourced-link script_attack "$U/evil.txt" linked l.sh -c '. ./l.sh'
check script-sourced-hard-link script_attack "$U/evil.txt" hard_linked l.sh -c '. ./l.sh'
check script-loader script_attack "$U/evil.txt" by_loader_of "$U/evil.txt"
check script-loader-input script_attack "$U/evil.txt" loader_from "$U/evil.txt"
check script-loader-inline script_loader_inline
check script-loader-far-input script_far inline-script mmap "$U/shell" loader_far_from "$U/evil.txt"
check script-loader-far-inline script_far inline-script mmap "$U/shell" by_loader_far -c 'exit 9'
check script-loader-far-script script_attack "$U/evil.txt" loader_far_from "$U/evil.txt"
check script-signed script_signed
check script-tampered script_tampered
check script-data script_data
check script-catalog script_catalog
check script-quiet script_cached_quietly
check script-in-audit script_in_audit
check script-reports script_reports
check script-gate-off script_gate_off
check script-forked script_forked
check script-inline script_inline -c 'exit 9'
check script-inline-cluster script_inline -ec 'exit 9'
check script-inline-pipe script_inline_pipe
check script-inline-function script_inline_variable by_function
check script-inline-trace script_inline_variable by_trace
check script-many script_many
check script-descriptor script_descriptor
check script-descriptor-many script_descriptor_many
check script-descriptor-reports script_descriptor_reports
check script-descriptor-pipe script_descriptor_pipe
check script-pipe-operand script_fed read "$U/pipe" fed pipe in_sh pipe
check script-pipe-sourced script_fed read "$U/pipe.sh" fed pipe.sh in_sh sources.sh
check script-pipe-input script_fed exec "$U/shell" from_pipe /dev/fd/0
check script-terminal script_terminal exec
check script-terminal-operand script_terminal read {}
execgate gate terminal off >/dev/null 2>&1
execgate gate inline off >/dev/null 2>&1
