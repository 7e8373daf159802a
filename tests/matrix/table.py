#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""table.py [--configs] [--logs DIR] [--write PAGE] [CONFIGURATION...]: what the logs of the matrix come to.

Prints "ok" or "not ok" for each attack without a defense, which must work, and for each under execgate, which must be
stopped or be named in the file "open"; then the table. --write makes docs/matrix.md of it.
"""
import argparse
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
# In the order of the columns: file of peers/, head of its column.
CONFIGURATIONS = {
    "none": "no defense",
    "execgate": "execgate, standard",
    "execgate-strict": "execgate, strict",
    "apparmor": "AppArmor",
    "fapolicyd": "fapolicyd",
    "ima": "IMA, digests",
    "ima-signature": "IMA, signatures",
    "ipe": "IPE, digests",
}
WORKED, STOPPED = 0, 1


def comment(path, mark):
    """The text behind "# MARK: ", or the first comment of a configuration."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if mark:
        return next(line[len(mark) + 4:] for line in lines if line.startswith(f"# {mark}: "))
    text = []
    for line in lines:
        if line.startswith("# ") and not line.startswith(("# SPDX", "# shellcheck")):
            text.append(line[2:])
        elif text:
            break
    return " ".join(text)


class Technique:
    def __init__(self, folder):
        self.name = folder.name
        self.title, *about = (folder / "about").read_text(encoding="utf-8").splitlines()[1:]
        self.about = " ".join(about)
        self.attacks = {path.name: comment(path, "Attack") for path in sorted(folder.iterdir()) if path.name != "about"}


class Log:
    """What one guest said."""

    def __init__(self, path):
        self.attacks, self.good, self.versions = {}, {}, []
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            word, _, rest = line.partition(" ")
            if word == "attack":
                technique, name, status = rest.split()
                self.attacks[technique, name] = int(status)
            elif word == "good":
                name, status = rest.split()
                self.good[name] = int(status)
            elif word == "version":
                self.versions.append(rest)


def techniques():
    return [Technique(folder) for folder in sorted(HERE.glob("T*"))]


def read_open():
    """{(configuration, technique, attack): reason}"""
    found = {}
    for line in (HERE / "open").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        attack, configurations, reason = re.split(r"\s+", line, maxsplit=2)
        for configuration in configurations.split(","):
            found[configuration, *attack.split("/")] = reason
    return found


def wrong(configuration, key, status, known):
    """Why the outcome of an attack is not what it must be, or nothing."""
    listed = (configuration, *key) in known
    if configuration == "none":
        return "" if status == WORKED else f"without a defense it must work: status {status}"
    if not configuration.startswith("execgate"):
        return ""
    if status == WORKED:
        return "" if listed else 'it worked, and "open" says no reason'
    if status != STOPPED:
        return f"it could not be tried: status {status}"
    return '"open" lists it, and it was stopped' if listed else ""


def unsaid(log):
    """The attacks of which a guest that made all of them said nothing: only such a one also does good work."""
    everything = [(technique.name, name) for technique in techniques() for name in technique.attacks]
    return [key for key in everything if key not in log.attacks] if log.attacks and log.good else []


def judge(logs, known):
    good = True
    for configuration, log in logs.items():
        for key in unsaid(log):
            print(f"not ok {configuration}/{'/'.join(key)} - the guest said nothing of it")
            good = False
        for key, status in log.attacks.items():
            why = wrong(configuration, key, status, known)
            print(f"{'not ok' if why else 'ok'} {configuration}/{'/'.join(key)}{' - ' if why else ''}{why}")
            good = good and not why
    return good


def cell(technique, log):
    """Stopped/tried of one technique; those that could not be tried are not counted."""
    outcome = [log.attacks[key] for name in technique.attacks if (key := (technique.name, name)) in log.attacks]
    tried = [status for status in outcome if status in (WORKED, STOPPED)]
    return f"{tried.count(STOPPED)}/{len(tried)}" if tried else "-"


def row(words):
    return "| " + " | ".join(words) + " |\n"


def table(logs):
    text = row(["technique", *(CONFIGURATIONS[name] for name in logs)]) + row(["---"] * (len(logs) + 1))
    for technique in techniques():
        text += row([f"{technique.name} {technique.title}", *(cell(technique, log) for log in logs.values())])
    total = []
    for log in logs.values():
        stopped = [status for status in log.attacks.values() if status in (WORKED, STOPPED)]
        total.append(f"{stopped.count(STOPPED)}/{len(stopped)}")
    return text + row(["all", *total])


def goods(logs):
    text = row(["good work", *(CONFIGURATIONS[name] for name in logs)]) + row(["---"] * (len(logs) + 1))
    for path in sorted((HERE / "good").iterdir()):
        outcome = [{0: "works", None: "-"}.get(log.good.get(path.name), "**fails**") for log in logs.values()]
        text += row([comment(path, "Good"), *outcome])
    return text


def remaining(log, configuration, known):
    text = ""
    for technique in techniques():
        for name, about in technique.attacks.items():
            if log.attacks.get((technique.name, name)) == WORKED:
                reason = known.get((configuration, technique.name, name), "")
                text += row([technique.name, name, about, reason])
    return text


def outcomes(logs):
    """Each attack, with the configurations under which it worked."""
    text = ""
    for technique in techniques():
        text += f"\n### {technique.name} {technique.title}\n\n{technique.about}\n\n"
        text += row(["attack", "it does", "it works under"]) + row(["---"] * 3)
        for name, about in technique.attacks.items():
            under = [head for config, head in CONFIGURATIONS.items() if config in logs and config != "none"
                     and logs[config].attacks.get((technique.name, name)) == WORKED]
            untried = [head for config, head in CONFIGURATIONS.items()
                       if config in logs and logs[config].attacks.get((technique.name, name), 2) not in (WORKED, STOPPED)]
            said = ", ".join(under) or "none of them"
            text += row([name, about, said + (f" (not tried: {', '.join(untried)})" if untried else "")])
    return text


def page(logs, known):
    text = (HERE / "page").read_text(encoding="utf-8")
    versions = ""
    for name, log in logs.items():
        versions += f"**{CONFIGURATIONS[name]}.** {comment(HERE / 'peers' / (name + '.sh'), '')}\n\n"
        versions += "".join(f"    {line}\n" for line in log.versions) + "\n"
    left = ""
    for name in ("execgate", "execgate-strict"):
        if name in logs:
            left += f"### {CONFIGURATIONS[name]}\n\n" + row(["technique", "attack", "it does", "why it stays open"])
            left += row(["---"] * 4) + remaining(logs[name], name, known) + "\n"
    parts = {"table": table(logs), "good": goods(logs), "versions": versions, "open": left, "attacks": outcomes(logs)}
    for name, part in parts.items():
        text = text.replace(f"<!-- {name} -->", part.strip("\n"))
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--configs", action="store_true")
    parser.add_argument("--logs", type=Path)
    parser.add_argument("--write", type=Path)
    parser.add_argument("configurations", nargs="*")
    options = parser.parse_args()
    if options.configs:
        print("\n".join(CONFIGURATIONS))
        return 0
    there = {name: Log(options.logs / f"{name}.log") for name in CONFIGURATIONS
             if (options.logs / f"{name}.log").exists()}
    known = read_open()
    asked = {name: there[name] for name in options.configurations if name in there}
    good = judge(asked, known) and len(asked) == len(options.configurations)
    print("# " + table(there).replace("\n", "\n# ").rstrip("# "))
    if options.write:
        options.write.write_text(page(there, known), encoding="utf-8")
    return 0 if good else 1


sys.exit(main())
