# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Programs of Debian's that compile while they run, reach into others, or run from
# memory: nothing of it is denied in profile standard, nor in strict, where the
# catalog gave them the classes for it.

P=$S/programs

python_callback() {
	same sorted "$(python3 -c '
import ctypes
less = ctypes.CFUNCTYPE(ctypes.c_int, *2 * [ctypes.POINTER(ctypes.c_int)])
numbers = (ctypes.c_int * 3)(3, 1, 2)
ctypes.CDLL(None).qsort(numbers, 3, 4, less(lambda a, b: a[0] - b[0]))
print(*numbers)')" '1 2 3'
}
grep_perl() { same matched "$(echo abc | grep -oP 'a(?=b)')" a; }
luajit_trace() {
	same sum "$(luajit -jon -e 'local s = 0 for i = 1, 1e5 do s = s + i end
		print(s, jit.status() and "compiled")')" $'5000050000\tcompiled'
}
php_expression() {
	# shellcheck disable=SC2016 # PHP's
	same replaced "$(php -r 'echo preg_replace("/b+/", "<$0>", "abbc");')" 'a<bb>c'
}
php_code='function f($n) { return $n < 2 ? $n : f($n - 1) + f($n - 2); }
	$jit = opcache_get_status()["jit"]; echo f(15), " ", $jit["on"] ? "compiled" : "slow", "\n";'
php_compiled() {
	same compiled "$(php -d opcache.enable_cli=1 -d opcache.jit=tracing \
		-d opcache.jit_buffer_size=8M -r "$php_code")" '610 compiled'
}
apache_php() {
	local page
	mkdir -p "$P/www" "$P/php" && printf '<?php %s\n%s' "$php_code" \
		'echo preg_replace("/b+/", "B", "abbc"), "\n";' >"$P/www/index.php"
	# After Debian's own, which has it off.
	printf 'opcache.jit=tracing\nopcache.jit_buffer_size=8M\n' >"$P/php/99-jit.ini"
	printf '%s\n' 'ServerName localhost' 'Listen 127.0.0.1:8081' \
		'User www-data' 'Group www-data' "PidFile $P/apache.pid" \
		"ErrorLog $P/apache.log" "DocumentRoot $P/www" \
		'SetHandler application/x-httpd-php' >"$P/apache.conf"
	for module in mpm_prefork:mod_mpm_prefork authz_core:mod_authz_core \
		php:libphp8.4; do
		echo "LoadModule ${module%:*}_module" \
			"/usr/lib/apache2/modules/${module#*:}.so" >>"$P/apache.conf"
	done
	PHP_INI_SCAN_DIR=":$P/php" /usr/sbin/apache2 -f "$P/apache.conf" -k start || return
	page=$(curl -sS --retry 20 --retry-delay 1 --retry-connrefused \
		http://127.0.0.1:8081/index.php)
	kill -TERM "$(<"$P/apache.pid")"
	while [[ -e $P/apache.pid ]]; do sleep 0.2; done
	tail -n 5 "$P/apache.log"
	same page "$page" $'610 compiled\naBc'
}
debugged() {
	says 'rip +0x' "$(gdb -q -batch -ex 'break main' -ex starti \
		-ex 'info registers rip' --args /usr/bin/true 2>&1)"
}

query_compiled() {
	says 'JIT:.*Functions: [1-9]' "$(su postgres -c "psql -c 'set jit_above_cost = 0' \
		-c 'explain analyze select sum(i * i) from generate_series(1, 10) i'" |
		tr '\n' ' ')"
}

# container RUNTIME: a clone of itself in a sealed memfd is what goes on
container() {
	local bundle=$P/$1 file
	rm -rf "$bundle" && mkdir -p "$bundle"/rootfs/{bin,lib64,proc,dev,sys} &&
		cp /usr/bin/dash "$bundle/rootfs/bin/sh" &&
		cp -L /lib64/ld-linux-x86-64.so.2 "$bundle/rootfs/lib64/" || return
	cp -L /lib/x86_64-linux-gnu/libc.so.6 "$bundle/rootfs/lib64/" &&
		(cd "$bundle" && "$1" spec) || return
	python3 - "$bundle/config.json" <<-'END'
		import json, sys
		config = json.load(open(sys.argv[1]))
		config["process"].update(terminal=False, args=["sh", "-c", "echo in a container"])
		config["process"]["env"].append("LD_LIBRARY_PATH=/lib64")
		json.dump(config, open(sys.argv[1], "w"))
	END
	says 'in a container' "$("$1" run -b "$bundle" "suite-$1" 2>&1)"
}
# It goes on in its own clone before it looks for the container.
attached() {
	local out
	out=$(lxc-attach -n none -- true 2>&1)
	echo "$out"
	[[ ! $out =~ (memfd|re-?exec|permitted) ]]
}
# kexec-tools hands the kernel a memfd, with the bytes that dpkg installed.
next_kernel() {
	local image=(/usr/lib/modules/*/vmlinuz)
	kexec -s -l "${image[0]}" --append=quiet &&
		same loaded "$(</sys/kernel/kexec_loaded)" 1 && kexec -s -u
}

programs=(python_callback grep_perl luajit_trace php_expression php_compiled
	apache_php query_compiled debugged attached next_kernel)
none_lost() { says 'no program is known' "$(execgate profile --check strict)"; }

mkdir -p "$P"
for profile in standard strict; do
	check "services-programs-$profile" execgate profile "$profile"
	take_events >/dev/null
	for program in "${programs[@]}"; do
		check "services-$profile-$program" "$program"
	done
	for runtime in runc crun; do
		check "services-$profile-$runtime" container "$runtime"
	done
	undenied() { take_events && printf '%s\n' "${EVENTS[@]}" && ((${#EVENTS[@]} == 0)); }
	check "services-$profile-no-denials" undenied
done
check services-strict-none-lost none_lost

# A program that is known to need more and has not got it is named, with the way out.
named_if_lost() {
	local out
	printf '[mawk]\npackage = mawk\npath = /usr/bin/mawk\nclass = debugger\nwhy = suite\n' \
		>/etc/execgate/identities.d/suite.conf
	out=$(expect 12 execgate profile --check strict) || { echo "$out"; return 1; }
	says '/usr/bin/mawk: access to other processes .class debugger. +because: +suite.*execgate-apt refresh' "$(tr '\n' ' ' <<<"$out")"
}
# Without its class, what it needs is refused, and by nothing else.
refused_without_class() {
	printf '[grep]\nclass = none\n' >/etc/execgate/identities.d/suite.conf &&
		/usr/libexec/execgate-apt refresh && take_events || return
	echo abc | grep -oP 'a(?=b)' >"$P/grep" 2>&1
	take_events && ((${#EVENTS[@]} > 0)) || { cat "$P/grep"; return 1; }
	event_is "${EVENTS[0]}" reason anon-exec &&
		rm /etc/execgate/identities.d/suite.conf
}
check services-strict-named-if-lost named_if_lost
check services-strict-refused-without-class refused_without_class
check services-programs-standard-again execgate profile standard
take_events >/dev/null
