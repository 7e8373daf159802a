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
           size=None, floors=b"", floors_size=None, users=b"", users_size=None):
    strings = name + floors + users
    return struct.pack("<8sHHIQQIIIIIIII", magic, form, header,
                       64 + len(strings) if size is None else size,
                       version, 1790000000, mode, profile, gates, select, flags,
                       len(name),
                       len(floors) if floors_size is None else floors_size,
                       len(users) if users_size is None else users_size) + strings


def floor(below, name, size=None):
    return struct.pack("<QB", below, len(name) if size is None else size) + name


# A shorter name first, then by their bytes.
FLOORS = b"".join([floor(1, b"a"), floor(9, b"org.example/sudo"),
                   floor((1 << 64) - 1, b"org.example/sudp"),
                   floor(7, b"z" * 255)])
def uids(*numbers):
    return struct.pack(f"<{len(numbers)}I", *numbers)


MANY = uids(*range(1000, 1128))
assert len(MANY) == 512

# As many bytes as there may be: 15 of 264, and one of the 136 that are left.
MOST = floor(2, b"b" * 127) + b"".join(
    floor(2, b"c" * 254 + bytes([65 + i])) for i in range(15))
assert len(MOST) == 4096


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
    "users": policy(users=uids(1, 33, 0x80000000, 0xfffffffe)),
    "users-and-floors": policy(floors=FLOORS, users=uids(33, 65534)),
    "users-most": policy(name=b"A" * 64, floors=MOST, users=MANY),
    "users-one-more": policy(name=b"A", users=MANY + uids(1128)),
    "users-root": policy(users=uids(0, 33)),
    "users-none": policy(users=uids(33, 0xffffffff)),
    "users-twice": policy(users=uids(33, 33)),
    "users-order": policy(users=uids(33, 32)),
    "users-cut": policy(users=uids(33, 34)[:-1]),
    "users-size": policy(users=uids(33, 34), users_size=4),
    "users-longer": policy(users=uids(33), users_size=8),
    "users-wrap": policy(users=uids(33), floors_size=1 << 31,
                         users_size=(1 << 31) + 4),
    "users-in-floors": policy(users=uids(33), floors_size=4, users_size=0),
    "floors": policy(floors=FLOORS),
    "floors-most": policy(name=b"A" * 64, floors=MOST),
    "floors-one-more": policy(
        name=b"A", floors=floor(2, b"b" * 128) + MOST[136:]),
    "floors-size": policy(floors=FLOORS, floors_size=len(FLOORS) - 1),
    "floors-longer": policy(floors=FLOORS, floors_size=len(FLOORS) + 1),
    "floor-0": policy(floors=floor(0, b"a")),
    "floor-twice": policy(floors=floor(1, b"a") + floor(2, b"a")),
    "floor-order": policy(floors=floor(1, b"b") + floor(1, b"a")),
    "floor-order-size": policy(floors=floor(1, b"aa") + floor(1, b"b")),
    "floor-no-name": policy(floors=floor(1, b"")),
    "floor-cut": policy(floors=floor(1, b"abc", size=4)),
    "floor-header-cut": policy(floors=floor(1, b"abc") + b"\1" * 8),
    "floor-blank": policy(floors=floor(1, b" a")),
    "floor-blank-end": policy(floors=floor(1, b"a ")),
    "floor-newline": policy(floors=floor(1, b"a\nb")),
    "floor-nul": policy(floors=floor(1, b"a\0b")),
    "floor-delete": policy(floors=floor(1, b"a\x7f")),
    "floor-utf8": policy(floors=floor(1, "a\xe4".encode())),
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
