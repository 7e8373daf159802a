# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What a user without privilege learns of a denial: at the terminal, and afterwards. And
# that nobody gets a line onto another's terminal, or keeps the daemon from its work.

C=$T/users
mkdir -p "$C" /run/systemd/users
chmod 755 "$T" "$C" 2>/dev/null
cat >"$C/at-terminal" <<'END'
# at-terminal UID SECONDS COMMAND...: what a terminal of that user shows meanwhile
import fcntl, os, pty, select, struct, sys, termios, time
uid, seconds, command = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]
os.setgroups([])
os.setgid(uid)
os.setuid(uid)
pid, master = pty.fork()
if not pid:
    if os.environ.get("STOPPED"):
        termios.tcflow(0, termios.TCOOFF)
    os.execvp(command[0], command)
end = time.time() + seconds
out = b""
while time.time() < end:
    if select.select([master], [], [], 0.2)[0]:
        try:
            out += os.read(master, 4096)
        except OSError:
            break
sys.stdout.buffer.write(out)
END

# The command and then a while in which the terminal is there.
at_terminal() {
	python3 "$C/at-terminal" "$1" "$2" sh -c "$3; sleep $2"
}

user_config() {
	mkdir -p /etc/execgate/execgate.conf.d
	printf '[users]\n%s\n' "$@" >/etc/execgate/execgate.conf.d/50-users.conf
	systemctl reload execgated
}

users_file() {
	mkdir -p "$C/bin" && chmod 755 "$C/bin" && cp "$V/h9" "$C/bin/$1" &&
		chmod 755 "$C/bin/$1"
}

pause_over() { sleep 6; }

told_at_terminal() {
	local line other
	touch /run/systemd/users/1000 && users_file x1 &&
		user_config 'contact = the help desk, 4711' 'url = https://help.example' || return
	at_terminal 1001 6 true >"$C/other" &
	other=$!
	line=$(at_terminal 1000 4 "$C/bin/x1")
	wait $other
	says "execgate denied $C/bin/x1: it carries no signature" "$line" &&
		says 'Ask the help desk, 4711, https://help.example.' "$line" &&
		says '"execgate why" tells more' "$line" &&
		! grep -q execgate "$C/other"
}

# A flood is one line, and the next line tells how many it left out.
one_line_in_a_while() {
	local line i
	for i in 1 2 3 4 5; do users_file "flood$i" || return; done
	pause_over
	line=$(at_terminal 1000 3 "for i in 1 2 3 4 5; do $C/bin/flood\$i; done")
	same lines "$(grep -c 'execgate denied' <<<"$line")" 1 && pause_over &&
		users_file x2 && line=$(at_terminal 1000 3 "$C/bin/x2") &&
		says '(and 4 more)' "$line"
}

# The name is the user's, who would write on the terminal what is no text.
hostile_name() {
	local line name=$'\e[2Jexecgate: all is well\r'
	pause_over
	users_file "$name" && line=$(at_terminal 1000 3 "$C/bin/*well*") &&
		grep -qF '\x1b[2Jexecgate:\x20all\x20is\x20well\x0d: it carries' <<<"$line" &&
		! grep -q $'\e\[2J' <<<"$(grep 'execgate denied' <<<"$line")"
}

# A devpts of one's own has the numbers of other users' terminals. The event names the
# victim's terminal, so without a look at its owner the line would get there.
other_users_terminal() {
	local victim tty
	pause_over
	users_file x3
	python3 "$C/at-terminal" 1000 9 sh -c 'tty; sleep 9' >"$C/victim" &
	victim=$!
	sleep 1
	take_events
	# As many terminals as it takes to have the same number.
	unshare -m sh -c "mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 d /dev/pts &&
		mount --bind /dev/pts/ptmx /dev/ptmx &&
		for i in 1 2 3 4 5 6 7 8; do python3 $C/at-terminal 1001 2 sh -c '$C/bin/x3; sleep 2' & done; wait" >"$C/attacker"
	wait $victim
	tty=$(grep -o 'pts/[0-9]*' "$C/victim") &&
		execgate denials --kernel --json >"$C/events" &&
		says "\"tty\":\"$tty\"" "$(grep '"uid":1001' "$C/events")" &&
		! grep -q 'execgate denied' "$C/victim"
}

# A terminal that is stopped takes no line; the daemon goes on for others.
stopped_terminal() {
	local line stopped
	pause_over
	users_file x4 && users_file x5 && touch /run/systemd/users/1001
	STOPPED=1 at_terminal 1000 8 "$C/bin/x4" >"$C/stopped" &
	stopped=$!
	sleep 1
	line=$(at_terminal 1001 3 "$C/bin/x5")
	wait $stopped
	says "execgate denied $C/bin/x5" "$line"
}

told_no_more() {
	local line
	pause_over
	users_file x6 && user_config 'terminal = no' &&
		line=$(at_terminal 1000 4 "$C/bin/x6") &&
		! grep -q 'execgate denied' <<<"$line"
}

as_user() { setpriv --reuid "$1" --regid "$1" --clear-groups "${@:2}"; }

own_denials() {
	local number
	users_file x7 && user_config 'contact = the help desk, 4711' || return
	as_user 1000 "$C/bin/x7" && return 1
	sleep 1
	as_user 1000 execgate denials --mine --json -n 1 >"$C/mine" &&
		event_is "$(<"$C/mine")" ino "$(stat -c %i "$C/bin/x7")" &&
		event_is "$(<"$C/mine")" reason unsigned || return
	field "$(<"$C/mine")" sequence && number=$REPLY &&
		says 'Ask: the help desk, 4711' "$(as_user 1000 execgate why)" &&
		says "$C/bin/x7: unsigned" "$(as_user 1000 execgate why "$number")" &&
		says "$C/bin/x7: unsigned" "$(as_user 1000 execgate why "$C/bin/x7")" &&
		expect 7 as_user 1000 execgate why /bin/true
}

# Neither content nor time: the folder is the user's alone.
others_denials() {
	expect 7 as_user 1002 execgate denials --mine &&
		! as_user 1001 ls /run/execgate/denials/1000 &&
		! as_user 1001 stat /run/execgate/denials/1000/log &&
		! as_user 1001 ls /run/execgate/denials &&
		! as_user 1000 sh -c ': >>/run/execgate/denials/1000/log'
}

# Of a user who is not logged in nothing is kept: thousands of uids may be one user's.
not_logged_in() {
	users_file x8 && ! as_user 100000 "$C/bin/x8" && sleep 1 &&
		[[ ! -e /run/execgate/denials/100000 ]]
}

# In one session of ssh, with a terminal and no more than the key of an ordinary user:
# the line, the denial and its cause. Its own program comes with it, so nothing is signed.
# The guest has no pam_systemd, which would have made the file in /run/systemd/users.
denied_over_ssh() {
	local home=$C/home said
	pause_over
	useradd --uid 1003 --shell /bin/bash --home-dir "$home" someone &&
		user_config 'contact = the help desk, 4711' && touch /run/systemd/users/1003 &&
		mkdir -p "$home/.ssh" && ssh-keygen -q -t ed25519 -N '' -f "$C/key" &&
		cp "$C/key.pub" "$home/.ssh/authorized_keys" && cp "$V/h9" "$home/tool" &&
		chown -R someone: "$home" && chmod -R go= "$home/.ssh" || return
	said=$(TERM=xterm timeout 120 ssh -n -tt -i "$C/key" -o StrictHostKeyChecking=no -o BatchMode=yes \
		-o UserKnownHostsFile=/dev/null someone@127.0.0.1 'stty rows 50 cols 200
			id -u; tty; ./tool
			until execgate denials --mine >/dev/null 2>&1; do sleep 1; done
			sleep 1; echo mine; execgate denials --mine; echo why; execgate why ~/tool')
	echo "$said"
	says $'^1003\r\n/dev/pts/' "$said" &&
		same lines "$(grep -c 'execgate denied' <<<"$said")" 1 &&
		says "execgate denied $home/tool: it carries no signature" "$said" &&
		says 'Ask the help desk, 4711' "$said" &&
		said=${said#*mine} && says "exec of $home/tool: .*unsigned" "${said%%why*}" &&
		says "$home/tool: .*unsigned" "${said#*why}" &&
		says 'Nobody vouches for it' "${said#*why}" &&
		says 'Ask: the help desk, 4711' "${said#*why}"
}

status_for_all() {
	says 'execgate is enforcing' "$(as_user 1000 execgate status)" &&
		expect 0 as_user 1000 execgate status --json &&
		says 'execgate is enforcing' "$(as_user 1000 execgate)" &&
		! as_user 1000 sh -c 'echo off >/sys/module/execgate/parameters/gate_now' &&
		! (echo off >/sys/module/execgate/parameters/gate_now)
}

# What audit let run is no denial once the mode is enforce.
audit_is_no_denial() {
	local before
	users_file x9 && before=$(counter denied) && execgate mode audit || return
	"$C/bin/x9"
	execgate mode enforce && same denied "$(counter denied)" "$before" &&
		says 'that audit, or a rule, reported' "$(execgate status)" &&
		! grep -q "Last denial.*x9" <<<"$(execgate status)"
}

not_asked() {
	says 'whether it is loaded was not asked' "$(as_user 1000 execgate key list)" &&
		says 'loaded, kept' "$(execgate key list)"
}

check users-told-at-terminal told_at_terminal
check users-one-line-in-a-while one_line_in_a_while
check users-hostile-name hostile_name
check users-other-users-terminal other_users_terminal
check users-stopped-terminal stopped_terminal
check users-told-no-more told_no_more
check users-own-denials own_denials
check users-others-denials others_denials
check users-not-logged-in not_logged_in
check users-denied-over-ssh denied_over_ssh
check users-status-for-all status_for_all
check users-audit-is-no-denial audit_is_no_denial
check users-not-asked not_asked
rm -f /etc/execgate/execgate.conf.d/50-users.conf
systemctl reload execgated
