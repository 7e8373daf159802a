# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Rules of a process: what may come into it, and what it may start. All files here are
# signed well; each attack works without the rule, and leaves one event with it.

P=$T/process
own=(--key /etc/execgate/test/key.pem --cert /etc/execgate/test/cert.pem)
other=(--key "$P/key.pem" --cert "$P/cert.pem")

# Programs of ours, and libraries of another vendor, whose key is enrolled too.
process_slate() {
	rm -rf "${U:?}"/* && execgate catalog remove --no-persist process >/dev/null 2>&1
	cp "$V/d9" "$U/x" && cp "$V/evil.so" "$U/lib.so" && cp "$A" "$U/server" &&
		execgate sign "${own[@]}" "$U/x" && execgate unsign "$U/server" &&
		execgate sign "${own[@]}" "$U/server" &&
		execgate sign "${other[@]}" --identity com.example/lib --version 7 \
			"$U/lib.so" &&
		cp "$V/h9" "$U/tool" &&
		execgate sign "${own[@]}" --identity org.example/tool "$U/tool" &&
		take_events
}

# ruled FILE RULE...: signed anew with these rules
ruled() {
	local rule options=()
	for rule in "${@:2}"; do options+=(--rule "$rule"); done
	execgate unsign "$1" >/dev/null 2>&1 # if it is signed
	execgate sign "${own[@]}" "${options[@]}" \
		--identity "org.example/${1##*/}" "$1" && take_events
}

signer_of() {
	local json
	json=$(execgate check --json --hook mmap "$1") && field "$json" signer
}

# What a program of the system needs besides its own.
base_libraries() {
	signer_of /lib/x86_64-linux-gnu/libc.so.6 && base=$REPLY &&
		rules=("libraries own" "libraries signer $base")
}

# broke REASON HOOK FILE: one event tells it
broke() {
	take_events && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason "$1" &&
		event_is "${EVENTS[0]}" mode "${mode:-enforce}" &&
		event_is "${EVENTS[0]}" hook "$2" &&
		event_is "${EVENTS[0]}" ino "$(stat -L -c %i "$3")" &&
		field "${EVENTS[0]}" signer && field "${EVENTS[0]}" identity
}

quiet() { take_events && same events "${#EVENTS[@]}" 0; }

# started WAY PROGRAM / not_started: by the server
started() { expect 9 "$U/server" start "$1" "$2" && quiet; }
not_started() {
	expect 3 "$U/server" start "$1" "$2" && says EPERM "$(cat "$T/out")" &&
		broke foreign-program exec "$2"
}

# --- starts

by_way() {
	process_slate && started "$1" "$U/tool" && ruled "$U/server" 'starts none' &&
		not_started "$1" "$U/tool"
}

by_threads() {
	process_slate && started threads "$U/tool" && ruled "$U/server" 'starts none' &&
		expect 3 "$U/server" start threads "$U/tool" && take_events &&
		same events "${#EVENTS[@]}" 2 &&
		event_is "${EVENTS[0]}" reason foreign-program &&
		event_is "${EVENTS[1]}" reason foreign-program
}

# What it may start runs, and has no rules of the one that started it.
named() {
	process_slate && ruled "$U/server" 'starts identity org.example/t*' &&
		started exec "$U/tool" && not_started exec "$V/good" &&
		started fork "$U/tool" && not_started vfork "$V/good" &&
		cp "$A" "$U/tools" && ruled "$U/tools" &&
		expect 9 "$U/server" exec "$U/tools" start exec "$V/good" && quiet
}

# The script, and what runs it.
scripts() {
	local bash
	process_slate && printf '#!/bin/bash\nexit 9\n' >"$U/script" &&
		chmod 755 "$U/script" && ruled "$U/script" && started exec "$U/script" &&
		ruled "$U/server" 'starts none' && not_started exec "$U/script" &&
		ruled "$U/server" 'starts identity org.example/script' &&
		bash=$(readlink -f /bin/bash) &&
		expect 3 "$U/server" start exec "$U/script" &&
		broke foreign-program exec "$bash" || return
	signer_of "$bash" && ruled "$U/server" 'starts identity org.example/script' \
		"starts signer $REPLY" && started exec "$U/script"
}

# A script's own rules bind what runs it.
of_script() {
	process_slate && printf '#!/bin/bash\n%s\nexit $?\n' "$U/tool" >"$U/script" &&
		chmod 755 "$U/script" && ruled "$U/script" && expect 9 "$U/script" &&
		ruled "$U/script" 'starts none' && expect 126 "$U/script" &&
		broke foreign-program exec "$U/tool"
}

# A library with rules brings them along, for good, and to whoever shares the memory
# or is forked from it.
of_library() {
	process_slate && expect 9 "$U/server" "$1" "$U/lib.so" "$2" "$U/tool" &&
		quiet && execgate unsign "$U/lib.so" &&
		execgate sign "${other[@]}" --identity com.example/lib \
			--rule 'starts none' "$U/lib.so" && take_events &&
		expect 3 "$U/server" "$1" "$U/lib.so" "$2" "$U/tool" &&
		broke foreign-program exec "$U/tool"
}

# One that a child maps is none of its parent's.
of_childs_library() {
	process_slate && ruled "$U/lib.so" 'starts none' &&
		expect 9 "$U/server" fork-load-start "$U/lib.so" exec "$U/tool" && quiet
}

loader_by_hand() {
	local loader=/lib64/ld-linux-x86-64.so.2
	process_slate && cp /bin/bash "$U/sh" && ruled "$U/sh" &&
		expect 9 "$loader" "$U/sh" -c "exec $U/tool" &&
		ruled "$U/sh" 'starts none' &&
		expect 126 "$loader" "$U/sh" -c "exec $U/tool" &&
		broke foreign-program exec "$U/tool"
}

starts_reports() {
	local mode=audit
	process_slate && ruled "$U/server" 'report starts none' &&
		expect 9 "$U/server" start fork "$U/tool" &&
		broke foreign-program exec "$U/tool"
}

starts_in_audit() {
	local mode=audit
	process_slate && ruled "$U/server" 'starts none' && execgate mode audit &&
		take_events && expect 9 "$U/server" start fork "$U/tool" &&
		broke foreign-program exec "$U/tool" && execgate mode enforce &&
		mode=enforce && not_started fork "$U/tool"
}

# Two that vouch for the same content: the rules of both hold.
starts_of_catalogs() {
	process_slate && execgate unsign "$U/server" &&
		execgate catalog build --no-cache --name process --sequence 1 \
			--identity org.example/server --rule 'starts identity org.example/*' \
			--sign "${own[@]}" -o "$P/a.cat" "$U/server" &&
		execgate catalog build --no-cache --name process-2 --sequence 1 \
			--identity com.example/server --rule 'starts identity *tool' \
			--sign "${other[@]}" -o "$P/b.cat" "$U/server" &&
		execgate catalog install --no-persist --sequences "$P/none" "$P/a.cat" &&
		cp "$V/h9" "$U/y" && execgate sign "${own[@]}" --identity tool "$U/y" &&
		take_events && started fork "$U/tool" && not_started fork "$U/y" &&
		expect 9 "$A" netlink-catalog-add "$P/b.cat" && take_events &&
		started fork "$U/tool" && not_started fork "$U/y" &&
		ruled "$U/y" && not_started fork "$U/y" &&
		execgate catalog remove --no-persist process && take_events &&
		not_started fork "$U/y" && started fork "$U/tool" &&
		execgate catalog remove --no-persist process-2 && expect 126 "$U/server"
}

# --- libraries

# loaded VARIABLE VALUE, and not_loaded: the program runs
loaded() {
	local output
	output=$(with "$1" "$2" "$U/x")
	says 'evil ran' "$output" && says 'status 9' "$output" && quiet
}

not_loaded() {
	local output
	output=$(with "$1" "$2" "$U/x")
	echo "$output"
	[[ $output != *'evil ran'* ]] && broke foreign-library mmap "$U/lib.so"
}

by_variable() {
	local base rules
	process_slate && base_libraries && loaded "$1" "$U/lib.so" &&
		ruled "$U/x" "${rules[@]}" && expect 9 "$U/x" && quiet &&
		not_loaded "$1" "$U/lib.so" && not_loaded "$1" "$U/lib.so" &&
		says 'evil ran' "$(with "$1" "$U/lib.so" "$V/good-d9")"
}

# In the place of one that it needs.
by_path() {
	local base rules
	process_slate && base_libraries && mkdir "$U/lib" &&
		cp "$U/lib.so" "$U/lib/libc.so.6" || return
	says 'evil ran' "$(with LD_LIBRARY_PATH "$U/lib" "$U/x")" >/dev/null
	take_events && ruled "$U/x" "${rules[@]}" &&
		[[ $(with LD_LIBRARY_PATH "$U/lib" "$U/x") != *'evil ran'* ]] &&
		broke foreign-library mmap "$U/lib/libc.so.6"
}

by_file() {
	local base rules status=0
	process_slate && base_libraries || return
	echo "$U/lib.so" >/etc/ld.so.preload
	{ says 'evil ran' "$("$U/x")" && take_events; } || status=1
	: >/etc/ld.so.preload
	ruled "$U/x" "${rules[@]}" || status=1
	echo "$U/lib.so" >/etc/ld.so.preload
	[[ $("$U/x" 2>&1) != *'evil ran'* ]] || status=1
	: >/etc/ld.so.preload
	rm /etc/ld.so.preload
	take_events && ((status == 0 && ${#EVENTS[@]})) &&
		event_is "${EVENTS[0]}" reason foreign-library
}

by_loader() {
	local base rules loader=/lib64/ld-linux-x86-64.so.2
	process_slate && base_libraries &&
		says 'evil ran' "$(LD_PRELOAD="$U/lib.so" "$loader" "$U/x")" || return
	take_events && ruled "$U/x" "${rules[@]}" && expect 9 "$loader" "$U/x" && quiet &&
		[[ $(LD_PRELOAD="$U/lib.so" "$loader" "$U/x" 2>&1) != *'evil ran'* ]] &&
		broke foreign-library mmap "$U/lib.so" &&
		event_is "${EVENTS[0]}" identity_version 7
}

# By name, and by what is executable only later.
by_name() {
	process_slate && ruled "$U/server" 'libraries identity com.example/*' &&
		expect 9 "$U/server" load "$U/lib.so" && quiet &&
		ruled "$U/server" 'libraries identity com.example/?' &&
		expect 3 "$U/server" load "$U/lib.so" &&
		broke foreign-library mmap "$U/lib.so" &&
		expect 3 "$U/server" load "$V/good.so" &&
		broke foreign-library mmap "$V/good.so"
}

# By a key that was enrolled for the platform.
of_platform() {
	process_slate && ruled "$U/server" 'libraries none' &&
		cp "$V/evil.so" "$U/libc.so" &&
		execgate sign --key "$P/platform/key.pem" --cert "$P/platform/cert.pem" \
			"$U/libc.so" && take_events && expect 9 "$U/server" load "$U/libc.so" &&
		quiet && expect 3 "$U/server" load "$U/lib.so" &&
		broke foreign-library mmap "$U/lib.so"
}

libraries_report() {
	local mode=audit
	process_slate && ruled "$U/server" 'report libraries none' &&
		expect 9 "$U/server" load "$U/lib.so" &&
		broke foreign-library mmap "$U/lib.so"
}

# --- the rest

process_told() {
	local json
	process_slate && ruled "$U/server" 'starts none' 'libraries own' &&
		json=$(execgate check --json "$U/server" | tr -d '\n') &&
		says '"rules": *"libraries own\\nstarts none\\n"' "$json" &&
		says 'Rule: *starts none' "$(execgate check "$U/server")" && quiet
}

# Who may name another file as its program would be told of under its name.
pass_for_another() {
	process_slate && expect 3 "$A" exe-file "$V/good" && take_events &&
		same events "${#EVENTS[@]}" 1 && event_is "${EVENTS[0]}" reason inject &&
		event_is "${EVENTS[0]}" hook prctl
}

# Off and on again: what runs then has no mark, what is started after has.
process_off_and_on() {
	process_slate && ruled "$U/server" 'starts none' && not_started fork "$U/tool" &&
		execgate mode off && expect 9 "$U/server" start fork "$U/tool" &&
		execgate mode enforce && take_events && not_started fork "$U/tool"
}

# Two more keys: another vendor's, and one of the platform.
process_keys() {
	mkdir -p "$P" && rm -rf "${P:?}"/* &&
		execgate key generate --out "$P/made" --no-passphrase --name vendor &&
		mv "$P/made/key.pem" "$P/made/cert.pem" "$P" &&
		execgate key enroll --no-persist "$P/cert.pem" &&
		execgate key generate --out "$P/platform" --no-passphrase --name platform &&
		execgate key enroll --no-persist --for files,platform "$P/platform/cert.pem"
}

process_keys >"$T/out" 2>&1 || not_ok process/setup "keys"
for way in exec fork vfork double clone; do
	# Technique: T1059
	check "process-starts-by-$way" by_way "$way"
done
check process-starts-by-threads by_threads
check process-starts-named named
check process-starts-scripts scripts
check process-starts-of-script of_script
for way in load protect clone-load thread-load; do
	check "process-starts-of-library-$way" of_library "$way-start" exec
	check "process-starts-of-library-$way-fork" of_library "$way-start" fork
done
check process-starts-of-library-vfork of_library load-start vfork
check process-starts-of-library-double of_library load-start double
check process-starts-of-childs-library of_childs_library
check process-starts-loader-by-hand loader_by_hand
check process-starts-reports starts_reports
check process-starts-in-audit starts_in_audit
check process-starts-of-catalogs starts_of_catalogs
# Technique: T1574.006
check process-libraries-preload by_variable LD_PRELOAD
check process-libraries-audit by_variable LD_AUDIT
check process-libraries-path by_path
check process-libraries-preload-file by_file
check process-libraries-loader by_loader
check process-libraries-named by_name
check process-libraries-of-platform of_platform
check process-libraries-report libraries_report
# Technique: none
check process-told process_told
# Technique: T1036
check process-passes-for-another pass_for_another
# Technique: none
check process-off-and-on process_off_and_on
execgate mode enforce >/dev/null
execgate catalog remove --no-persist process >/dev/null 2>&1
execgate catalog remove --no-persist process-2 >/dev/null 2>&1
take_events >/dev/null
