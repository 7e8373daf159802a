# SPDX-License-Identifier: GPL-2.0
"""verity.py FILE...: fs-verity on for each file, and the rule of IPE that allows it, by its digest and what it is."""
import fcntl
import os
import struct
import sys

FS_IOC_ENABLE_VERITY = 0x40806685
FS_IOC_MEASURE_VERITY = 0xC0046686
SHA256, BLOCK, SIZE = 1, 4096, 32


def digest(path):
    fd = os.open(path, os.O_RDONLY)
    try:
        try:
            fcntl.ioctl(fd, FS_IOC_ENABLE_VERITY, struct.pack("=4I", 1, SHA256, BLOCK, 0).ljust(128, b"\0"))
        except FileExistsError:
            pass
        return fcntl.ioctl(fd, FS_IOC_MEASURE_VERITY, struct.pack("=2H", 0, SIZE).ljust(4 + SIZE, b"\0"))[4:].hex()
    finally:
        os.close(fd)


def operation(path):
    name = os.path.basename(path)
    if ".ko" in name:
        return "KMODULE"
    return "KEXEC_IMAGE" if name.startswith("vmlinuz") else "EXECUTE"


for file in sys.argv[1:]:
    try:
        print(f"op={operation(file)} fsverity_digest=sha256:{digest(file)} action=ALLOW")
    except OSError as error:
        print(f"{file}: {error}", file=sys.stderr)
