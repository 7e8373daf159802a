#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""kernel_objects.py MODULES IMAGE OUT: a module that the guest's kernel trusts,
from its MODULES, and a kernel image of Debian, as they are and with the signature
taken off."""

import glob
import lzma
import os
import struct
import sys

MODULES, IMAGE, OUT = sys.argv[1:4]
MAGIC = b"~Module signature appended~\n"


def put(name, data):
    with open(os.path.join(OUT, name), "wb") as file:
        file.write(data)


def without_signature(module):
    """include/linux/module_signature.h: ... signature, 12 bytes, magic."""
    assert module.endswith(MAGIC), "the module is not signed"
    size = struct.unpack(">I", module[-len(MAGIC) - 4:-len(MAGIC)])[0]
    return module[:-len(MAGIC) - 12 - size]


def compressed(data):
    return lzma.compress(data, check=lzma.CHECK_CRC32)


def without_certificates(image):
    """PE32+: data directory 4 points at the signatures, which are at the end."""
    pe = struct.unpack_from("<I", image, 0x3C)[0]
    assert image[pe:pe + 4] == b"PE\0\0"
    at = pe + 24 + 112 + 4 * 8
    offset, size = struct.unpack_from("<II", image, at)
    if size:
        image = image[:offset]
    return image[:at] + bytes(8) + image[at + 8:]


(path,) = glob.glob(f"{MODULES}/kernel/drivers/net/dummy.ko*")
with open(path, "rb") as file:
    stock = file.read()
if path.endswith(".xz"):
    stock = lzma.decompress(stock)
put("dummy.ko", stock)
put("dummy.ko.xz", compressed(stock))
put("unsigned.ko", without_signature(stock))
put("unsigned.ko.xz", compressed(without_signature(stock)))
changed = bytearray(stock)
changed[len(stock) // 2] ^= 1
put("changed.ko", bytes(changed))
with open(IMAGE, "rb") as file:
    kernel = file.read()
put("vmlinuz", kernel)
put("unsigned-vmlinuz", without_certificates(kernel))
