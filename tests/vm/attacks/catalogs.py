#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""catalogs.py KEYS BLOB OUT: signed catalogs to measure with, made by openssl.

one.cat lists BLOB alone; big.cat 100,000 digests, BLOB's too; many.N.cat are 100
catalogs of 1,000 digests each; huge.N.cat 8 of 100,000.
"""
import hashlib
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../vectors"))
from manifest import LIBRARY, manifest  # noqa: E402


def entries(label, count, blob=None):
    digests = {hashlib.sha256(f"{label} {i}".encode()).digest(): i
               for i in range(count)}
    if blob is not None:
        digests[hashlib.sha256(blob).digest()] = len(blob)
    return sorted((0, digest, size, 0, LIBRARY)
                  for digest, size in digests.items())


def write(keys, path, name, listed):
    content = manifest(listed, [(b"org.example/bench", b"", 1)],
                       name=name.encode(), sequence=1)
    subprocess.run(
        ["openssl", "cms", "-sign", "-binary", "-nodetach", "-noattr",
         "-nocerts", "-md", "sha256", "-outform", "DER",
         "-signer", f"{keys}/trusted.pem", "-inkey", f"{keys}/trusted.key",
         "-out", path], input=content, check=True)


def main():
    keys, blob, out = sys.argv[1:]
    with open(blob, "rb") as file:
        content = file.read()
    os.makedirs(out, exist_ok=True)
    write(keys, f"{out}/one.cat", "one", entries("one", 0, content))
    write(keys, f"{out}/big.cat", "big", entries("big", 99999, content))
    for i in range(100):
        write(keys, f"{out}/many.{i}.cat", f"many {i}",
              entries(f"many {i}", 1000))
    for i in range(8):
        write(keys, f"{out}/huge.{i}.cat", f"huge {i}",
              entries(f"huge {i}", 100000))


main()
