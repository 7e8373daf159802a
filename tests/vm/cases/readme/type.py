#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""type.py README TITLE: type the blocks below a title of README, as its reader would.

Titles are the words in bold that begin a paragraph. Each command is run on a terminal of
its own by a shell, in the reader's folder; with "sudo" as root, else as the user "reader".
Questions are answered. Fails at the first command that does not end as README lets expect.

type.py README --titles: those with blocks, in order.
"""
import os
import pty
import pwd
import re
import select
import sys
import time

FOLDER = "/srv/reader/execgate"
# Where the packages were built, which a lane of its own does.
BUILT = ("sudo apt-get install build-essential", "sudo apt-get build-dep", "dpkg-buildpackage")
# The exit code is that of the pages: audit.
CODES = {"execgate status": 10}
ANSWERS = (
    (r"[Pp]assphrase[^\n]*: ?$", "a long enough secret"),
    (r"\[Y/n\] ?$", "y"),
    (r"\[yes/no\] ?[^\n]*$", "yes"),
    (r"\[q\]uit\? $", "c"),
)
PATIENCE = 1500  # seconds, under emulation


def blocks(text):
    """(title, command) of the part about a real machine, in order."""
    text = text[text.index("\n## On a real machine\n"):]
    title = None
    for line in text.splitlines():
        match = re.match(r"\*\*([^*]+?)\.?\*\*", line)
        if match:
            title = match[1]
        elif line.startswith("    "):
            yield title, line.strip()


def in_child(line):
    os.chdir(FOLDER)
    os.environ.update(TERM="dumb", PAGER="cat")
    if line.startswith("sudo "):
        line = line[len("sudo "):]
        os.environ.update(HOME="/root")
    else:
        reader = pwd.getpwnam("reader")
        os.initgroups("reader", reader.pw_gid)
        os.setgid(reader.pw_gid)
        os.setuid(reader.pw_uid)
        os.environ.update(HOME=reader.pw_dir, USER="reader")
    os.execv("/bin/bash", ["bash", "-c", line])


def follow(terminal):
    """Show what comes, answer what is asked, until the other side is gone."""
    seen, end = "", time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 1)[0]:
            for question, answer in ANSWERS:
                if re.search(question, seen):
                    os.write(terminal, answer.encode() + b"\n")
                    seen = ""
                    break
            continue
        try:
            data = os.read(terminal, 4096)
        except OSError:
            return True
        if not data:
            return True
        text = data.decode(errors="replace").replace("\r\n", "\n")
        sys.stdout.write(text)
        sys.stdout.flush()
        seen = (seen + text)[-2000:]
    return False


def typed(line):
    print("$", line, flush=True)
    child, terminal = pty.fork()
    if child == 0:
        in_child(line)
    if not follow(terminal):
        print("it did not end")
        return False
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    wanted = next((c for start, c in CODES.items() if line.startswith(start)), 0)
    if code != wanted:
        print(f"exit {code} instead of {wanted}: {line}")
    return code == wanted


def main():
    found = list(blocks(open(sys.argv[1], encoding="utf-8").read()))
    if sys.argv[2] == "--titles":
        print(*dict.fromkeys(title for title, _ in found), sep="\n")
        return
    lines = [line for title, line in found if title == sys.argv[2]]
    if not lines:
        sys.exit("README has no such block")
    for line in lines:
        if not line.startswith(BUILT) and not typed(line):
            sys.exit(1)


main()
