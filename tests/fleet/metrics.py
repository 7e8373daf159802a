#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""metrics.py FILE [NAME{LABEL="VALUE"}=NUMBER]...: what Prometheus' own parser makes of it.

One line is printed for each rule of its naming that is broken, and for each sample that
is not there with that number.
"""

import re
import sys

from prometheus_client.parser import text_string_to_metric_families

# Base units, and what a name says of them; https://prometheus.io/docs/practices/naming/
NOT_BASE = re.compile(r"_(milliseconds|minutes|hours|days|kilobytes|megabytes|percent)\b")
NAME = re.compile(r"execgate_[a-z][a-z0-9_]*")


def check(families):
    """Each sentence on a rule that is broken."""
    seen = set()
    for family in families:
        name = family.name
        if name in seen:
            yield f"{name} is there twice"
        seen.add(name)
        if not NAME.fullmatch(name) or NOT_BASE.search(name):
            yield f"{name} is not a name for a metric"
        if not family.documentation.endswith("."):
            yield f"{name} has no help"
        if family.type not in ("counter", "gauge"):
            yield f"{name} is of type {family.type}"
        samples = [(s.name, tuple(sorted(s.labels.items()))) for s in family.samples]
        if len(set(samples)) != len(samples):
            yield f"{name} has a sample twice"
        for sample in family.samples:
            # The parser takes "_total" from a counter's family, and leaves it on samples.
            if sample.name.endswith("_total") != (family.type == "counter"):
                yield f"{sample.name} is of type {family.type}"
            if sample.value < 0:
                yield f"{sample.name} is {sample.value}"
            if any(not v.isprintable() for v in sample.labels.values()):
                yield f"{sample.name} has a label that cannot be printed: {sample.labels}"


def wanted(families, text):
    """Is the sample there, with this value?"""
    name, rest = re.fullmatch(r"(\w+)(.*)", text, re.S).groups()
    labels, value = re.fullmatch(r"(?:\{(.*)\})?=([0-9.e+]+)", rest, re.S).groups()
    labels = dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels or ""))
    return any(s.name == name and s.labels == labels and s.value == float(value)
               for f in families for s in f.samples)


def main():
    """Print what is wrong."""
    with open(sys.argv[1], encoding="utf-8") as file:
        families = list(text_string_to_metric_families(file.read()))
    wrong = list(check(families))
    wrong += [f"not there: {text}" for text in sys.argv[2:] if not wanted(families, text)]
    if not families:
        wrong.append("no metric")
    print(*wrong, sep="\n")
    return bool(wrong)


sys.exit(main())
