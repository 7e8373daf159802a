# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What "why" advises, for every reason of the kernel's table: a command that our programs
# take, or one of a package that Debian always has or that we recommend; a file that
# somebody makes; each line once. Signing is then done as it was advised.

# Each command that is not ours, with the package that it comes from.
declare -A outside=(
	[apt-get]=apt [dpkg]=dpkg [install]=coreutils [stat]=coreutils [wc]=coreutils
	[sort]=coreutils [tail]=coreutils [findmnt]=util-linux [lsblk]=util-linux
	[umount]=mount [journalctl]=systemd [systemctl]=systemd [ps]=procps
	[fuser]=psmisc [modinfo]=kmod
)
always=' apt dpkg coreutils util-linux mount systemd procps '

# Files that are named although we do not make them.
foreign='^/(usr/local/bin/|proc/.*|sys/.*|etc/default/grub|etc/sysctl\.\*|etc/ld\.so\.preload'
foreign+='|var/lib/dkms/mok\.pub|lib/modules/.*)$'

# ours PATH: the product makes it, or looks for it there
ours() { grep -rqF -- "${1#/usr}" "$TOP/userspace/userspace.mk" ||
	grep -rqF --include=*.h -- "\"$1" "$TOP/userspace"; }

promised() {
	[[ $always == *" ${outside[$1]} "* ]] ||
		sed -n '/^Package: execgate$/,$p' "$TOP/debian/control" | grep -qx " ${outside[$1]},"
}

# understood COMMAND...: where it is installed, it knows these options
understood() {
	local words=("$@")
	case $1 in
	umount | systemctl | install) words=("$1" --help) ;;
	apt-get) words=("$1" --simulate "${@:2}") ;;
	lsblk) words=("$1" --help) ;;
	esac
	! command -v "$1" >/dev/null ||
		{ timeout 20 "${words[@]}" 2>&1 </dev/null || :; } |
		(! grep -qiE 'not understood|unknown option|unrecognized|invalid option')
}

# advised COMMAND...: one command of an advice, whose words are these
advised() {
	local word
	case $1 in
	*/execgate-apt) taken_by_hook "${@:2}" || return ;;
	execgate) taken line "${@:2}" || return ;;
	*) [ -n "${outside[$1]-}" ] && promised "$1" && understood "$@" || return ;;
	esac
	for word; do
		case $word in
		"$subject" | "$packaged") ;;
		/*) [[ $word =~ $foreign ]] || ours "$word" || {
			echo "nobody makes $word"
			return 1
		} ;;
		esac
	done
}

# follow ADVICE: each command of a line, pipes and all
follow() {
	local part words
	while read -r part; do
		eval "words=(${part//\*/\\*})"
		advised "${words[@]}" || return
	done < <(sed 's/ && /\n/g; s/ | /\n/g' <<<"$1")
}

reasons() { "$EXECGATE" help why | sed -nE '/^Reasons:/,$s/^    ([a-z-]+): .*/\1/p'; }

in_table=$(sed -n '/define EXECGATE_REASONS(X)/,/^$/p' "$TOP/kernel/uapi/linux/execgate.h" |
	grep -oE 'X\([A-Z_]+, *"[a-z-]+"' | sed -E 's/.*"(.*)"/\1/')
holds "\"why\" knows the kernel's reasons ($(reasons | wc -l))" \
	test "$(reasons)" = "$in_table"
mkdir -p home && chmod 777 . home
subject="$PWD/it's one"
cp /bin/true "$subject" && chmod 755 "$subject"
packaged=$(realpath /usr/bin/env)

: >advice
while read -r reason; do
	for file in "$packaged" "$subject" FILE; do
		"$EXECGATE" why --reason "$reason" --json "$file" >out
		holds "$reason of ${file##*/}: a cause, ways, and none twice" jq -e '
			.schema == 1 and (.cause | length > 20) and (.ways | length | . > 0 and . < 4)
			and ([.ways[].text, .ways[].command // empty] | length == (unique | length))' out
		jq -r '.ways[].command // empty' out >>advice
	done
done < <(reasons)
sort -u advice >lines
holds "reasons have commands ($(wc -l <lines))" test "$(wc -l <lines)" -gt 40
while read -r line; do
	holds "advice: $line" follow "$line"
done <lines
# The test itself: it tells what is not so.
for line in 'execgate sing x' 'execgate verify /etc/execgate/nonesuch' 'frob x' \
	'dpkg --verifi env' 'execgate sign --forever x'; do
	if follow "$line"; then
		fail "\"$line\" is told apart"
	else
		pass "\"$line\" is told apart"
	fi
done

# The same words, where the key is and where it is not.
advice_of() {
	env HOME="$PWD/home" "$EXECGATE" why --reason unsigned --json "$subject" |
		jq -r '.ways[0].command'
}
quoted=${subject//\'/\'\"\'\"\'}
if [ -e /etc/execgate/keys ] || [ -e /etc/execgate/signing ] || [ -e /etc/execgate/local ]; then
	holds "no key of the user: this machine has its own" test -n "$(advice_of)"
else
	holds "no key at all: setup comes first" \
		test "$(advice_of)" = "execgate setup && execgate sign '$quoted'"
fi
mkdir -p home/.config/execgate
cp "$KEYS"/rsa/{key,cert}.pem home/.config/execgate/
holds "with a key: it is signed" test "$(advice_of)" = "execgate sign '$quoted'"
mkdir bin && ln -s "$EXECGATE" bin/execgate
expect 0 "the advice is run as it is printed" \
	env HOME="$PWD/home" PATH="$PWD/bin:$PATH" sh -c "cd / && $(advice_of)"
expect 0 "and mends it" verify "$subject"

expect 2 "an unknown reason" "$EXECGATE" why --reason frob
says "an unknown reason: where they are" '--help"'
expect 0 "a reason without a file" "$EXECGATE" why --reason revoked
prints "a reason without a file: is explained" 'withdrawn on purpose'
# A name that is not shown as it is: the command is, and bash knows the file by it.
odd=$PWD/$'a\nb\e[2J\\'
cp /bin/true "$odd"
odd_advice() { env HOME="$PWD/home" "$EXECGATE" why --reason unsigned "$odd" | sed -n 's/^       //p'; }
holds "an odd name is one line of printable characters" \
	grep -qx "execgate sign [ -~]*" <(odd_advice)
expect 0 "an odd name: the advice is run as it is printed" \
	env HOME="$PWD/home" PATH="$PWD/bin:$PATH" bash -c "cd / && $(odd_advice)"
expect 0 "an odd name: and mends it" verify "$odd"
