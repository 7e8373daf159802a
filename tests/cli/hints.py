#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""hints.py TOP: every command of ours that something tells a user to type.

One a line: "KIND<TAB>FILE<TAB>COMMAND". KIND is "line" for a command that stands alone, to be
typed as it is, and "mention" for one in a sentence, which may lack arguments. What a
sentence leaves open (FILE, CERTIFICATE, a %s) is filled in.
"""
import pathlib
import re
import shlex
import sys

FILL = {
    "MODE": "audit", "CLASS": "program", "NUMBER": "1", "NAME": "tool", "TIME": "10min",
    "DIGEST": "0" * 64, "FINGERPRINT": "0" * 64, "LIST": "code", "GATE": "module",
    "PROFILE": "strict", "PURPOSES": "code", "HOOK": "exec", "USE": "exec", "COUNT": "10",
}
OURS = r"(?:/usr/libexec/)?execgate(?:-apt)?"
START = re.compile(r"^(?:sudo )?(" + OURS + r") ")
# In a sentence a command is quoted; it ends with the quotation.
QUOTED = re.compile(r'["`](?:sudo )?(' + OURS + r' [a-z][^"`]*)["`]')
# One that nobody quoted ends where a word of English goes on.
BARE = re.compile(r"^(?:run |\"|then )?(" + OURS + r" [a-z].*)")
# What our programs write that begins like a command: headers, names, lines of a terminal.
NO_COMMANDS = ("execgate code ", "execgate denied ", "execgate signing key ", "execgate is ",
               "execgate 0.", "execgate policy file keys ", "execgate policy % keys ")
ENDS = re.compile(r"[,;:&|()]| (?:or|and|then|shows|names|tells|as|again|to) |\. ")


def fill(command):
    """The placeholders replaced; None where it is the syntax that is told of."""
    command = re.sub(r"gate %s", "gate module", command)
    command = re.sub(r"%[-.0-9]*[a-z]*[sfduxX]", "1", command)
    if re.search(r"\[[-A-Z]|\| |<[a-z]", command):
        return None
    try:
        words = shlex.split(command, comments=True)
    except ValueError:
        return None
    words = [re.sub(r"^[A-Z]{3,}(\.\.\.)?$", lambda m: FILL.get(m[0].strip("."), "file"), w)
             for w in words if w not in ("...", "…", "COMMAND")]
    return shlex.join(words)


def alone(text):
    """The commands of a line that is to be typed."""
    text = re.sub(r"\s+#.*", "", text.strip())
    for part in re.split(r" && |; |\| ", text):
        part = part.strip().rstrip("\\").strip()
        if START.match(part):
            yield re.sub(r"^sudo ", "", part)


def markdown(text):
    # A block is indented, or fenced; a line that ends in "\" goes on.
    text = text.replace("\\\n", " ")
    fenced = False
    for line in text.splitlines():
        if line.startswith("```"):
            fenced = not fenced
        elif fenced or line.startswith("    "):
            # What a command printed follows its prompt "#".
            for command in alone(re.sub(r"^ *# ", "", line)):
                yield "line", command
    prose = "\n".join(l for l in text.splitlines() if not l.startswith("    "))
    for match in QUOTED.finditer(" ".join(prose.split())):
        yield "mention", match[1]


def roff(text):
    text = re.sub(r"\\f[BIRP]", "", text.replace("\\-", "-").replace("\\(aq", "'"))
    for block in re.findall(r"^\.nf\n(.*?)^\.fi", text, re.S | re.M):
        for line in block.replace("\\e\n", " ").splitlines():
            for command in alone(line):
                yield "line", command
    for match in re.finditer(r"^\.B[RI]? \"?(" + OURS + r" [a-z][^\"\n]*)\"?", text, re.M):
        # The synopsis of a page is its own business.
        if "[" not in match[1] and not re.search(r"\.SH SYNOPSIS\n(?:(?!\.SH).|\n)*$",
                                                   text[:match.start()]):
            yield "mention", match[1]
    for match in QUOTED.finditer(" ".join(text.split())):
        yield "mention", match[1]


def catalog(text):
    for line in text.splitlines():
        if line.startswith("    "):
            for command in alone(line):
                yield "line", command
    for match in QUOTED.finditer(" ".join(text.split())):
        yield "mention", match[1]


def source(text):
    """The literals of C, joined as the compiler joins them."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    literal = r'"(?:[^"\\\n]|\\.)*"'
    for run in re.findall(literal + r"(?:\s*(?:\\\n\s*)?(?:PRI[a-z]\w*\s*)?" + literal + ")*",
                          text):
        joined = "".join(part[1:-1] for part in re.findall(literal, run))
        joined = joined.replace('\\"', '"').replace("\\n", "\n")
        for match in QUOTED.finditer(joined.replace("\n", " ")):
            yield "mention", match[1]
        for line in re.sub(QUOTED, "", joined).splitlines():
            for part in re.split(r" && |; |, (?:then |or )?| or ", line.strip()):
                match = BARE.match(part)
                if match:
                    yield "mention", ENDS.split(match[1] + " ")[0]


def shell(text):
    for match in re.finditer(r'\\"(' + OURS + r' [a-z][^"\\]*)\\"', text):
        yield "mention", match[1]
    for match in re.finditer(r"(?:First|Then|then):\s+(" + OURS + r" .*)", text):
        yield "line", match[1]


KINDS = (
    (markdown, ("README.md", "docs/*.md", "keys/*.md")),
    (roff, ("userspace/man/*.[1-8]",)),
    (catalog, ("userspace/systemd/*.catalog",)),
    (source, ("userspace/**/*.[ch]", "kernel/uapi/linux/*.h")),
    (shell, ("userspace/apt/execgate-apt", "debian/execgate*.p*", "userspace/hooks/*")),
)


def main():
    top = pathlib.Path(sys.argv[1])
    seen = set()
    for read, patterns in KINDS:
        for pattern in patterns:
            for file in sorted(top.glob(pattern)):
                for kind, command in read(file.read_text()):
                    command = fill(command)
                    if not command or " " not in command or (kind, command) in seen:
                        continue
                    if not command.startswith(NO_COMMANDS):
                        seen.add((kind, command))
                        print(kind, file.relative_to(top), command, sep="\t")


main()
