#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""policy.py DIR: write policy objects from the description in
kernel/format/policy.h alone, good ones and ones with a single fault."""
import struct
import sys

OFF, AUDIT, ENFORCE = range(3)
BASIC, STANDARD, STRICT = range(3)
SEAL, INJECT = 1 << 3, 1 << 8


def policy(version=7, mode=ENFORCE, profile=STANDARD, gates=0, select=0,
           name=b"example", magic=b"EXECGPOL", form=1, header=64, flags=0,
           reserved=0, size=None):
    return struct.pack("<8sHHIQQIIIIIIQ", magic, form, header,
                       64 + len(name) if size is None else size, version,
                       1790000000, mode, profile, gates, select, flags,
                       len(name), reserved) + name


OBJECTS = {
    "enforce": policy(profile=STRICT, select=INJECT),
    "audit": policy(mode=AUDIT, gates=SEAL | INJECT, select=SEAL | INJECT),
    "off": policy(version=(1 << 64) - 1, mode=OFF, profile=BASIC,
                  name=b"A" * 64),
    "version-0": policy(version=0),
    "mode-3": policy(mode=3),
    "profile-3": policy(profile=3),
    "gate-14": policy(gates=1 << 14, select=1 << 14),
    "gate-14-off": policy(select=1 << 14),
    "gate-unselected": policy(gates=SEAL, select=INJECT),
    "flags": policy(flags=1),
    "reserved": policy(reserved=1 << 63),
    "format-2": policy(form=2),
    "header-72": policy(header=72),
    "size": policy(size=70),
    "trailing": policy() + b"x",
    "no-name": policy(name=b""),
    "name-65": policy(name=b"A" * 65),
    "name-dot": policy(name=b"..", ),
    "name-escape": policy(name=b"a\x1b[2J"),
    "magic": policy(magic=b"EXECGATE"),
}


def main():
    for label, content in OBJECTS.items():
        with open(f"{sys.argv[1]}/policy-{label}.object", "wb") as file:
            file.write(content)


main()
