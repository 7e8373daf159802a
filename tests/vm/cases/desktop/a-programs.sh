# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Heavy programs of Debian's, each made to compile something: nothing is denied in
# profile standard, nor in strict, where the catalog gave them the classes for it.

P=/var/lib/programs
mkdir -p "$P"
useradd --create-home --shell /bin/bash someone
printf '%s\n' '<p id=x>slow</p><script>let s = 0;' \
	'for (let i = 0; i < 1e5; i++) s += i;' \
	'document.getElementById("x").textContent = "sum " + s;</script>' >"$P/page.html"

on_gjs() { same sum "$(gjs -c 'let s = 0; for (let i = 0; i < 1e5; i++) s += i; print(s)')" 4999950000; }
on_node() { same sum "$(node -e 'let s = 0; for (let i = 0; i < 1e5; i++) s += i; console.log(s)')" 4999950000; }
on_java() { says 'Java HotSpot|OpenJDK' "$(java -Xint -version 2>&1; java -Xcomp -version 2>&1)"; }
on_ruby() {
	same callback "$(ruby -e 'require "fiddle"
		c = Fiddle::Closure::BlockCaller.new(Fiddle::TYPE_INT, [Fiddle::TYPE_INT]) { |x| x + 1 }
		print Fiddle::Function.new(c, [Fiddle::TYPE_INT], Fiddle::TYPE_INT).call(8)')" 9 &&
		same yjit "$(ruby --yjit --yjit-call-threshold=1 -e 'def f(x) = x + 1
			s = 0; 1000.times { s = f(s) }; print s')" 1000
}
on_erlang() {
	same sum "$(erl -noshell -eval 'io:format("~p", [lists:sum(lists:seq(1, 1000))]), halt().')" 500500
}
on_mono() { says 'Mono JIT compiler' "$(mono-sgen --version)"; }
on_guile() {
	same sum "$(guile -c '(display (let loop ((i 0) (s 0))
		(if (= i 100000) s (loop (+ i 1) (+ s i)))))')" 4999950000
}
on_sbcl() {
	same product "$(sbcl --noinform --non-interactive \
		--eval '(princ (funcall (compile nil (lambda (x) (* x 7))) 6))')" 42
}
on_mariadb() {
	local status=0 tries server out socket=$P/mariadb/socket
	rm -rf "$P/mariadb" && mkdir "$P/mariadb" && chown someone "$P/mariadb" &&
		quiet mariadb-install-db --no-defaults --user=someone \
		--datadir="$P/mariadb" --auth-root-authentication-method=normal || return
	mariadbd --no-defaults --user=someone --datadir="$P/mariadb" --socket="$socket" \
		--skip-networking >"$P/mariadb.log" 2>&1 &
	server=$!
	for ((tries = 0; tries < 300; tries++)); do
		[[ ! -S $socket ]] || break
		sleep 0.2
	done
	out=$(mariadb --no-defaults --socket="$socket" -uroot -N \
		-e "select regexp_replace('abbc', 'b+', 'B')" 2>&1) || status=$?
	kill "$server"
	wait "$server"
	tail -n 5 "$P/mariadb.log"
	same replaced "$out" aBc && ((status == 0))
}
on_ltrace() {
	says 'exited .status 7' "$(ltrace dash -c 'exit 7' 2>&1)"
}
php_page() {
	printf '<?php %s echo preg_replace("/b+/", "B", "abbc"), array_sum(range(1, 10));' \
		"$1" >"$P/page.php"
}
jit=(-d opcache.enable=1 -d opcache.enable_cli=1 -d opcache.jit=tracing -d opcache.jit_buffer_size=8M)
on_phpdbg() { php_page '' && says 'aBc55' "$(phpdbg -qrr "${jit[@]}" "$P/page.php" </dev/null 2>&1)"; }
on_php_cgi() { php_page '' && says 'aBc55' "$(php-cgi -q "${jit[@]}" "$P/page.php")"; }
# With nginx before it, as it is used.
on_php_fpm() {
	local page fpm status=0
	php_page 'echo opcache_get_status()["jit"]["on"] ? "compiled " : "slow ";' &&
		printf '%s\n' '[global]' 'daemonize = no' "error_log = $P/fpm.log" \
		'[www]' 'user = www-data' 'group = www-data' 'listen = 127.0.0.1:9009' 'pm = static' \
		'pm.max_children = 1' \
		>"$P/fpm.conf" && printf '%s\n' "pid $P/nginx.pid;" 'events {}' \
		'http { server { listen 127.0.0.1:8083; location / {' \
		'include /etc/nginx/fastcgi_params;' "fastcgi_param SCRIPT_FILENAME $P/page.php;" \
		'fastcgi_pass 127.0.0.1:9009; } } }' >"$P/nginx.conf" || return
	php-fpm8.4 -y "$P/fpm.conf" "${jit[@]}" >"$P/fpm.out" 2>&1 &
	fpm=$!
	nginx -c "$P/nginx.conf" || status=$?
	page=$(curl -sS --retry 30 --retry-delay 1 --retry-all-errors --fail \
		http://127.0.0.1:8083/page.php)
	kill "$(<"$P/nginx.pid")" "$fpm"
	wait "$fpm"
	tail -n 5 "$P/fpm.log"
	same page "$page" 'compiled aBc55' && ((status == 0))
}
on_nvim() { says '42' "$(nvim --headless -c 'lua jit.on() print(6 * 7)' -c q 2>&1)"; }
on_git() {
	rm -rf "$P/git" && git init -q "$P/git" && echo abc >"$P/git/f" &&
		git -C "$P/git" add f &&
		same found "$(git -C "$P/git" grep -hP 'a(?=b)')" abc
}
on_haproxy() {
	printf '%s\n' 'defaults' '  mode http' '  timeout client 1s' \
		'  timeout server 1s' '  timeout connect 1s' 'frontend f' \
		'  bind 127.0.0.1:8082' '  http-request deny if { path_reg ^/a(b|c)+ }' \
		>"$P/haproxy.cfg" && haproxy -c -f "$P/haproxy.cfg"
}
on_qemu_user() { qemu-x86_64 /usr/bin/dash -c 'exit 7'; same status $? 7; }
on_qemu_system() {
	{ sleep 5; echo quit; } | qemu-system-x86_64 -accel tcg -display none \
		-monitor stdio -m 64
}
on_valgrind() { valgrind -q /usr/bin/dash -c 'exit 7'; same status $? 7; }
on_strace() { says 'exited with 7' "$(strace -f dash -c 'exit 7' 2>&1)"; }
make_root() {
	rm -rf "$P/rootfs" && mkdir -p "$P"/rootfs/{bin,lib64,proc,dev,sys,etc,run,tmp} &&
		cp /usr/bin/dash "$P/rootfs/bin/sh" &&
		cp -L /lib64/ld-linux-x86-64.so.2 /lib/x86_64-linux-gnu/libc.so.6 \
			"$P/rootfs/lib64/"
}
on_podman() {
	make_root && says 'in a container' "$(podman --storage-driver vfs run --rm \
		--network none -e LD_LIBRARY_PATH=/lib64 --rootfs "$P/rootfs" \
		sh -c 'echo in a container' 2>&1)"
}
# As docker and Kubernetes have it: a shim beside each container outlives the daemon.
on_containerd() {
	local out status=0
	make_root && systemctl start containerd || return
	out=$(ctr run --rm --rootfs --env LD_LIBRARY_PATH=/lib64 "$P/rootfs" suite \
		/bin/sh -c 'echo in a container' 2>&1) || status=$?
	quiet ctr run --detach --rootfs --env LD_LIBRARY_PATH=/lib64 "$P/rootfs" \
		stays /bin/sh -c 'while :; do :; done' &&
		systemctl restart containerd && pgrep -f 'containerd-shim-runc-v2 .*stays' &&
		says RUNNING "$(ctr task ls)" && ctr task kill --signal SIGKILL stays || status=1
	quiet ctr task delete stays
	quiet ctr container delete stays
	systemctl stop containerd
	same "output" "$out" 'in a container' && ((status == 0))
}
on_libreoffice() {
	echo text >"$P/x.txt" && (cd "$P" && rm -f x.pdf &&
		HOME=$P soffice --headless --convert-to pdf x.txt) && [[ -s $P/x.pdf ]]
}
# Not as root, so that it sets up its sandbox, too.
on_chromium() {
	says 'sum 4999950000' "$(runuser -u someone -- timeout 900 chromium --headless \
		--disable-gpu --dump-dom "file://$P/page.html" 2>&1)"
}
on_firefox() {
	local home
	home=$(getent passwd someone | cut -d: -f6) && rm -f "$home/x.png"
	runuser -u someone -- env HOME="$home" timeout 900 firefox-esr --headless \
		--screenshot "$home/x.png" "file://$P/page.html"
	[[ -s $home/x.png ]]
}
# It has no page to show. Its settings are written when its scripts have run for a while.
on_thunderbird() {
	local home tries reader status=1
	home=$(getent passwd someone | cut -d: -f6) && rm -rf "$home/.thunderbird"
	runuser -u someone -- env HOME="$home" timeout 900 thunderbird --headless &
	reader=$!
	for ((tries = 0; tries < 800 && status; tries++)); do
		sleep 1
		grep -qs '^user_pref("' "$home"/.thunderbird/*/prefs.js && status=0
		kill -0 "$reader" || break
	done
	kill "$reader"
	wait "$reader"
	return "$status"
}

programs=(gjs node java ruby erlang mono guile sbcl nvim git haproxy mariadb ltrace phpdbg
	php_cgi php_fpm qemu_user qemu_system valgrind strace podman containerd libreoffice
	chromium firefox thunderbird)
undenied() { take_events && printf '%s\n' "${EVENTS[@]}" && ((${#EVENTS[@]} == 0)); }
none_lost() { says 'no program is known' "$(execgate profile --check strict)"; }

for profile in standard strict; do
	check "desktop-$profile" execgate profile "$profile"
	take_events >/dev/null
	for program in "${programs[@]}"; do
		selected "desktop-$profile-$program" || continue
		check "desktop-$profile-$program" "on_$program"
		check "desktop-$profile-$program-undenied" undenied
		# What one was denied is not the next one's.
		take_events >/dev/null
	done
done
check desktop-none-lost none_lost
