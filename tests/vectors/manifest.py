#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Write manifests from the description in kernel/format/manifest.h alone.

manifest.py file FILE      a manifest for one file's own signature
manifest.py catalog COUNT  a catalog of COUNT made-up digests
"""
import hashlib
import struct
import sys

PROGRAM, LIBRARY = 1, 2
# Kinds of rules, and their strengths, from kernel/format/rules.h.
VERSION, PATH, HARDENED, LIBRARIES, STARTS = 1, 2, 3, 4, 5
DENY, REPORT = 0, 1
CREATED = 1790000000


def rule(kind, text=b"", strength=DENY):
    return struct.pack("<BBH", kind, strength, len(text)) + text


def manifest(entries, identities, name=b"", sequence=0):
    """entries: (kind, digest, size, identity, classes) in the order written;
    identities: (name, rules, version)."""
    strings = b""
    records = b""
    for identity, rules, version in identities:
        records += struct.pack("<IIIIQII", len(strings), len(identity),
                               len(strings) + len(identity), len(rules),
                               version, 0, 0)
        strings += identity + rules
    for kind, digest, size, identity, classes in entries:
        records += digest + struct.pack("<QIHBB", size, identity, classes,
                                        kind, 0)
    header = struct.pack("<8sHHIIIIIQQIIQ", b"EXECGATE", 1, 64,
                         64 + len(records) + len(strings) + len(name),
                         len(identities), len(entries),
                         len(strings) + len(name), 1, CREATED, sequence,
                         len(strings), len(name), 0)
    return header + records + strings + name


def file_manifest(content, classes=PROGRAM, identity=b"org.example/vector",
                  rules=b"", version=1):
    digest = hashlib.sha256(content).digest()
    return manifest([(0, digest, len(content), 0, classes)],
                    [(identity, rules, version)])


def catalog(count):
    entries = sorted((i % 2, hashlib.sha256(b"%d" % i).digest(), i, i % 3,
                      LIBRARY) for i in range(count))
    return manifest(entries, [(b"org.example/a", b"", 1),
                              (b"org.example/b", rule(PATH, b"/usr/*"), 2),
                              (b"org.example/c", b"", 1 << 63)],
                    name=b"example-catalog", sequence=7)


def main():
    if sys.argv[1] == "file":
        with open(sys.argv[2], "rb") as file:
            out = file_manifest(file.read())
    else:
        out = catalog(int(sys.argv[2]))
    sys.stdout.buffer.write(out)


if __name__ == "__main__":
    main()
