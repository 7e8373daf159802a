# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What the cases share. Each case runs in an empty folder of its own, with
# $EXECGATE the program, $KEYS the keys, $TOP the sources.

pass() {
	echo "ok $CASE: $1" | tee -a "$RESULTS"
}

fail() {
	echo "not ok $CASE: $1" | tee -a "$RESULTS"
	shift
	[ $# -eq 0 ] || printf '    %s\n' "$@"
}

# expect CODE WHAT COMMAND...: the command exits with CODE; its output is left
# in the files out and err.
expect() {
	local code=$1 what=$2 got
	shift 2
	"$@" >out 2>err </dev/null
	got=$?
	if [ "$got" -eq "$code" ]; then
		pass "$what"
	else
		fail "$what" "exit $got instead of $code: $*" \
			"stdout: $(head -c 400 out)" "stderr: $(head -c 400 err)"
	fi
}

# holds WHAT COMMAND...: the command is true.
holds() {
	local what=$1
	shift
	if "$@" >holds.out 2>&1; then
		pass "$what"
	else
		fail "$what" "not so: $*" "$(head -c 400 holds.out)"
	fi
}

# says WHAT TEXT: standard error of the last expect has TEXT in it, and is
# nothing but messages of ours, one a line.
says() {
	if ! grep -qF -- "$2" err; then
		fail "$1" "no \"$2\" in: $(head -c 400 err)"
	elif grep -qv '^execgate: ' err; then
		fail "$1" "a line that is no message: $(head -c 400 err)"
	else
		pass "$1"
	fi
}

# prints WHAT TEXT: standard output of the last expect has TEXT in it.
prints() {
	if grep -qF -- "$2" out; then
		pass "$1"
	else
		fail "$1" "no \"$2\" in: $(head -c 400 out)"
	fi
}

# json WHAT FILTER: standard output is JSON of schema 1, and FILTER is true.
json() {
	if ! python3 -m json.tool out >/dev/null 2>&1; then
		fail "$1" "not JSON: $(head -c 400 out)"
	elif ! jq -e "(.schema == 1) and ($2)" out >/dev/null 2>&1; then
		fail "$1" "not so: $2" "$(head -c 400 out)"
	else
		pass "$1"
	fi
}

# preloaded NAME: NAME.so of NAME.c
preloaded() { gcc -shared -fPIC -I"$TOP/tests/cli" -o "$1.so" "$1.c"; }

# The key that most cases sign with.
sign() {
	"$EXECGATE" sign --key "$KEYS/rsa/key.pem" "$@"
}

verify() {
	"$EXECGATE" verify --cert "$KEYS/rsa/cert.pem" "$@"
}

# make_images: images of containers (tests/cli/oci.py) by the lines of python on standard
# input
make_images() {
	{
		echo 'from oci import *'
		cat
	} >make.py && PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$TOP/tests/cli python3 make.py
}

# Nothing of ours is left in a folder.
clean() {
	[ -z "$(find "$1" -name '.execgate-*')" ]
}

# A command as somebody without privilege.
unprivileged() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid 65534 --regid 65534 --clear-groups \
			--inh-caps=-all "$@"
	else
		"$@"
	fi
}

# tried COMMAND...: unlike what the command does, what it makes of its words is tested:
# run where it can do nothing, without privilege, terminal or files.
tried() {
	[ -d nowhere ] || { mkdir -p nowhere/old && chmod 777 nowhere && : >nowhere/old/cert.pem; }
	(cd nowhere && unprivileged env HOME=/nonexistent timeout 3 setsid --wait "$@" \
		>/dev/null 2>../err </dev/null)
}

# taken KIND COMMAND...: a line is complete; in a sentence arguments may be missing.
taken() {
	local kind=$1 status=0
	shift
	tried "$EXECGATE" "$@" || status=$?
	# Other words about what is not there also end with this status.
	[ $status -eq 2 ] && grep -q -- '--help"$' err || return 0
	[ "$kind" = mention ] &&
		! grep -qE 'unknown|takes no|is not a |excludes?' err
}

# The hook of apt is a script: it says its words in its first lines.
taken_by_hook() {
	local word
	for word; do
		sed -n '2,10p' "$TOP/userspace/apt/execgate-apt" | grep -qE -- "[ |[]$word( |\]|\$)" ||
			return
	done
}
