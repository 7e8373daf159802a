# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The boot walk: a machine that enforces is booted again and again, and each time one
# thing is wrong: a file that the daemon reads, or one of its system calls. It enforces,
# or says at the login and in the log that it does not; nothing unsigned runs silently.
# Here a part of it; "--lane walk" goes all the way.

C=/etc/execgate
L=/var/lib/execgate
W=$T/walk
good=$V/good
evil=$V/h9
stride=${WALK_STRIDE:-53}
kinds=(empty cut directory gone zeros fifo garbage dangling)
steps=0 enforced=0 closed=0 loud=0 silent=0

# walk: one boot; the outcome is in REPLY
walk() {
	REPLY=
	"$A" walk-once "$evil" "$good" /usr/sbin/execgated >"$W/out" 2>&1
	[[ $(<"$W/out") =~ (enforce|closed|loud|SILENT)$ ]] && REPLY=${BASH_REMATCH[1]}
	steps=$((steps + 1))
	case $REPLY in
	enforce) enforced=$((enforced + 1)) ;;
	closed) closed=$((closed + 1)) ;;
	loud) loud=$((loud + 1)) ;;
	*) silent=$((silent + 1)) ;;
	esac
}

# Which ways to be wrong it is now; in the short walk one after the other.
kinds_now() {
	if [[ $stride == 1 ]]; then
		echo "${kinds[@]}"
	else
		echo "${kinds[steps % ${#kinds[@]}]}"
	fi
}

# spoil FILE KIND: of a folder "directory" is a file in its place
spoil() {
	local size
	if [[ -d $1 ]]; then
		rm -rf "$1"
		case $2 in
		fifo) busybox mkfifo "$1" ;;
		dangling) ln -s /nowhere/at/all "$1" ;;
		directory) : >"$1" ;;
		gone) ;;
		*) mkdir "$1" ;;
		esac
		return
	fi
	case $2 in
	empty) : >"$1" ;;
	cut)
		size=$(stat -c %s "$1")
		truncate -s $((size / 2)) "$1"
		;;
	zeros)
		size=$(stat -c %s "$1")
		truncate -s 0 "$1" && truncate -s "$size" "$1"
		;;
	garbage) printf '\377\376nonsense\n[' >"$1" ;;
	gone) rm -rf "$1" ;;
	directory) rm -rf "$1" && mkdir "$1" ;;
	fifo) rm -rf "$1" && busybox mkfifo "$1" ;;
	dangling) rm -rf "$1" && ln -s /nowhere/at/all "$1" ;;
	esac
}

machine() {
	rm -rf "$C" "$L"
	rm -rf /etc/ssl/openssl.cnf
	cp -a "$W/etc" "$C" && cp -a "$W/lib" "$L" && cp "$W/openssl.cnf" /etc/ssl/openssl.cnf
}

# A machine as it is after its first boot in enforce.
first_boot() {
	cp -a "$C" "$W/saved" && cp /etc/ssl/openssl.cnf "$W/openssl.cnf" || return
	rm -rf "$C"/execgate.conf.d "$L" && mkdir -p "$L" "$C"/{keys,catalogs,execgate.conf.d} &&
		cp /suite/keys/trusted.pem "$C/keys/trusted.pem" || return
	printf '[gate]\nmode = audit\n' >"$C/execgate.conf"
	printf '[gate]\nmode = enforce\n' >"$C/execgate.conf.d/90-mode.conf"
	printf '[gate]\nprofile = standard\n' >"$C/execgate.conf.d/90-policy.conf"
	execgate catalog build --name walk --sequence 3 --sign --key /suite/keys/trusted.key \
		--cert /suite/keys/trusted.pem -o "$C/catalogs/walk.cat" "$V/d9" || return
	printf 'digest %064d\n' 7 >"$C/revoked"
	walk
	cat "$W/out"
	cp -a "$C" "$W/etc" && cp -a "$L" "$W/lib" && ls -l "$L" &&
		same outcome "$REPLY" enforce && [[ -s $L/enforced && -s $L/boots ]]
}

# walk_file WANTED FILE: each way in which it can be wrong comes to one of WANTED
walk_file() {
	local kind status=0
	for kind in $(kinds_now); do
		machine && spoil "$2" "$kind" || return
		walk
		[[ " $1 " != *" $REPLY "* ]] || continue
		echo "$2, $kind: $REPLY"
		cat "$W/out"
		status=1
	done
	return $status
}

# What can be lost of it changes nothing: enforce stays, and who is trusted runs.
configuration() {
	local file status=0
	for file in "$C/execgate.conf" "$C/execgate.conf.d/90-mode.conf" \
		"$C/execgate.conf.d/90-policy.conf" "$C/execgate.conf.d" "$C/catalogs" \
		"$C/catalogs/walk.cat" "$C/revoked" "$C/policy" /etc/ssl/openssl.cnf; do
		[[ -e $file ]] || : >"$file"
		walk_file enforce "$file" || status=1
	done
	return $status
}

state() {
	local file status=0
	for file in "$L/enforced" "$L/boots" "$L/sequences" "$L/policy-version" "$L"; do
		walk_file enforce "$file" || status=1
	done
	return $status
}

# openssl.cnf is everybody's, and no slip in it keeps a key from being read.
openssl_conf() {
	local slip text
	local head=$'openssl_conf = init\n[init]\n'
	for slip in legacy missing fips; do
		case $slip in
		legacy) text=$'providers = p\n[p]\nlegacy = l\n[l]\nactivate = 1\n' ;;
		missing) text=$'providers = p\n[p]\nnone = n\n[n]\nmodule = /no/such.so\nactivate = 1\n' ;;
		fips) text=$'alg_section = a\n[a]\ndefault_properties = fips=yes\n' ;;
		esac
		machine && printf '%s%s' "$head" "$text" >/etc/ssl/openssl.cnf || return
		walk
		[[ $REPLY == enforce ]] || { echo "$slip: $REPLY"; cat "$W/out"; return 1; }
		cp "$V/d9" "$W/signed" && expect 0 execgate sign --key /suite/keys/trusted.key \
			--cert /suite/keys/trusted.pem "$W/signed" || return
	done
}

# Nobody is let in by the loss of all keys. After some such boots the machine is let in.
keys() {
	walk_file closed "$C/keys/trusted.pem" && walk_file closed "$C/keys"
}

# The configuration and the memory of it at once: not silent, whatever comes of it.
both() {
	local kind
	for kind in $(kinds_now); do
		machine && spoil "$C/execgate.conf.d/90-mode.conf" "$kind" &&
			spoil "$L/enforced" "$kind" && spoil "$C/execgate.conf" garbage || return
		walk
		[[ $REPLY == @(enforce|loud) ]] || { cat "$W/out"; return 1; }
	done
}

unload() { execgate mode off && rmmod execgate; }

no_module() {
	machine && unload && mv "$MODULE" "$W/module.ko" || return
	walk
	mv "$W/module.ko" "$MODULE"
	same outcome "$REPLY" loud
}

# calls FIRST STRIDE LOADS
calls() {
	local status=0
	machine || return
	"$A" walk-calls "$@" "$evil" "$good" /usr/sbin/execgated >"$W/out" 2>&1 || status=$?
	tail -n 20 "$W/out" >>"$W/figures"
	((status == 9)) || { cat "$W/out"; return 1; }
}

figures() {
	echo "# files: $steps steps, enforce $enforced, closed $closed, loud $loud, silent $silent"
	sed 's/^/# calls: /' "$W/figures"
}

as_before() {
	rm -rf "$C" "$L"
	cp -a "$W/saved" "$C"
	cp "$W/openssl.cnf" /etc/ssl/openssl.cnf
}

# A case is a subshell, which counts for itself.
walk_case() {
	read -r steps enforced closed loud silent <"$W/counts"
	"$1"
	REPLY=$?
	echo "$steps $enforced $closed $loud $silent" >"$W/counts"
	return "$REPLY"
}

mkdir -p "$W"
echo 0 0 0 0 0 >"$W/counts"
: >"$W/figures"
check walk-first-boot walk_case first_boot
check walk-configuration walk_case configuration
check walk-state walk_case state
check walk-openssl-conf walk_case openssl_conf
check walk-keys walk_case keys
check walk-both walk_case both
check walk-no-module walk_case no_module
check walk-calls calls 3 "$stride" 0
check walk-calls-of-loading calls 5 $((stride * 4 - 3)) 1
read -r steps enforced closed loud silent <"$W/counts"
figures
unload >/dev/null 2>&1
as_before
