#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""forge.py KEYS TARGETS OUT: files to attack the gate with.

KEYS is made once and kept: keys and certificates. TARGETS holds the programs
of targets/. Everything in OUT is made with openssl, the kernel's sign-file and by
hand, never with the project's own signer, so that the two sides check each
other.
"""

import base64
import hashlib
import io
import os
import struct
import subprocess
import sys
import tarfile
import tempfile
from typing import NamedTuple

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../vectors"))
from manifest import DENY, PATH, REPORT, rule  # noqa: E402

KEYS, TARGETS, OUT = sys.argv[1:4]
WORK = "/tmp/u"  # where the guest runs what names a path inside itself

PROGRAM, LIBRARY, SCRIPT, INTERPRETER = 1, 2, 4, 8
MAY_JIT, DEBUGGER = 1 << 7, 1 << 8

# --- DER -----------------------------------------------------------------

SEQUENCE, SET, INTEGER, OCTETS, OID, NULL = 0x30, 0x31, 2, 4, 6, 5


def der(tag, *parts):
    content = b"".join(parts)
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def oid(dotted):
    first, second, *rest = map(int, dotted.split("."))
    out = bytes([first * 40 + second])
    for arc in rest:
        chunk = [arc & 0x7F]
        while arc := arc >> 7:
            chunk.insert(0, 0x80 | arc & 0x7F)
        out += bytes(chunk)
    return der(OID, out)


def integer(value):
    return der(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def algorithm(dotted):
    return der(SEQUENCE, oid(dotted), der(NULL))


DATA = oid("1.2.840.113549.1.7.1")
SIGNED_DATA = oid("1.2.840.113549.1.7.2")
RSA = algorithm("1.2.840.113549.1.1.1")
DIGESTS = {
    "sha256": der(SEQUENCE, oid("2.16.840.1.101.3.4.2.1")),
    "sha224": der(SEQUENCE, oid("2.16.840.1.101.3.4.2.4")),
    "sha512": der(SEQUENCE, oid("2.16.840.1.101.3.4.2.3")),
    "rmd160": algorithm("1.3.36.3.2.1"),
    "sha1": algorithm("1.3.14.3.2.26"),
    "md5": algorithm("1.2.840.113549.2.5"),
}

# --- keys ----------------------------------------------------------------


def openssl(*args, data=b""):
    done = subprocess.run(("openssl",) + args, input=data, capture_output=True)
    if done.returncode:
        sys.exit(f"openssl {' '.join(args)}: {done.stderr.decode()}")
    return done.stdout


def raw_sign(key, content, digest="sha256"):
    return openssl("dgst", "-" + digest, "-sign", key, data=content)


def name(common):
    pair = der(SEQUENCE, oid("2.5.4.3"), der(0x0C, common.encode()))
    return der(SEQUENCE, der(SET, pair))


class Key:
    """A key and its certificate; made by hand, for openssl insists on sane ones."""

    def __init__(self, label, common, serial, bits=3072, issuer=None,
                 until="20401231235959Z", purpose="1.3.6.1.5.5.7.3.3", key_id=None,
                 ca=False, usage=None, signs=True, digest="sha256"):
        self.subject, self.serial = name(common), serial
        self.issuer = issuer.subject if issuer else self.subject
        self.key = os.path.join(KEYS, label + ".key")
        self.pem = os.path.join(KEYS, label + ".pem")
        if not os.path.exists(self.key):
            openssl("genpkey", "-algorithm", "RSA", "-pkeyopt",
                    f"rsa_keygen_bits:{bits}", "-out", self.key)
        public = openssl("pkey", "-in", self.key, "-pubout", "-outform", "DER")
        self.key_id = key_id or hashlib.sha1(public).digest()
        self.issuer_id = issuer.key_id if issuer else None
        self.digest = digest
        self.der = self.certificate(
            public, issuer.key if issuer and signs else self.key, until, purpose, ca,
            usage or (b"\x03\x02\x02\x04" if ca else b"\x03\x02\x07\x80"))
        with open(os.path.join(KEYS, label + ".der"), "wb") as f:
            f.write(self.der)
        with open(self.pem, "w") as f:
            text = base64.encodebytes(self.der).decode()
            f.write(f"-----BEGIN CERTIFICATE-----\n{text}"
                    "-----END CERTIFICATE-----\n")

    def certificate(self, public, issuer_key, until, purpose, ca, usage):
        def extension(dotted, value, critical=b""):
            return der(SEQUENCE, oid(dotted), critical, der(OCTETS, value))

        critical = b"\x01\x01\xff"
        rsa = algorithm({"sha1": "1.2.840.113549.1.1.5",
                         "sha256": "1.2.840.113549.1.1.11"}[self.digest])
        body = der(
            SEQUENCE, der(0xA0, integer(2)), integer(self.serial), rsa,
            self.issuer,
            der(SEQUENCE, der(0x17, b"200101000000Z"), der(0x18, until.encode())
                if until > "2050" else der(0x17, until[2:].encode())),
            self.subject, public,
            der(0xA3, der(
                SEQUENCE,
                extension("2.5.29.19", der(SEQUENCE, b"\x01\x01\xff" if ca else b""),
                          critical),
                extension("2.5.29.15", usage, critical),
                extension("2.5.29.37", der(SEQUENCE, oid(purpose)))
                if purpose else b"",
                extension("2.5.29.35", der(SEQUENCE, der(0x80, self.issuer_id)))
                if self.issuer_id else b"",
                extension("2.5.29.14", der(OCTETS, self.key_id)))))
        return der(SEQUENCE, body, rsa,
                   der(3, b"\0", raw_sign(issuer_key, body, self.digest)))


# --- the formats: kernel/format/{manifest,cms,trailer,armor}.h ------------


def manifest(payload, classes, version=1, magic=b"EXECGATE", size=None,
             rules=b"", identity=b"org.example/attack", number=1):
    total = 64 + 32 + 48 + len(identity + rules)
    header = struct.pack("<8sHHIIIIIQQIIQ", magic, version, 64, total, 1, 1,
                         len(identity + rules), 1, 0, 0, 0, 0, 0)
    entry = struct.pack("<32sQIHBB", hashlib.sha256(payload).digest(),
                        len(payload) if size is None else size, 0, classes, 0, 0)
    return (header + struct.pack("<IIIIQII", 0, len(identity), len(identity),
                                 len(rules), number, 0, 0) + entry + identity + rules)


def signer_info(key, content, digest="sha256", sid=None, version=1,
                unsigned=b""):
    if sid is None:
        sid = der(SEQUENCE, key.issuer, integer(key.serial))
    return der(SEQUENCE, integer(version), sid, DIGESTS[digest], RSA,
               der(OCTETS, raw_sign(key.key, content, digest)), unsigned)


def cms(content, infos, digests=("sha256",), certs=b"", version=1,
        octets=None, inner=DATA):
    if octets is None:
        octets = der(0xA0, der(OCTETS, content))
    return der(SEQUENCE, SIGNED_DATA, der(0xA0, der(
        SEQUENCE, integer(version),
        der(SET, *(DIGESTS[d] for d in digests)),
        der(SEQUENCE, inner, octets), certs, der(SET, *infos))))


def openssl_cms(key, content, *options):
    with tempfile.NamedTemporaryFile() as f:
        f.write(content)
        f.flush()
        return openssl("cms", "-sign", "-binary", "-md", "sha256", "-outform",
                       "DER", "-signer", key.pem, "-inkey", key.key, "-in",
                       f.name, *options)


PROFILE = ("-nodetach", "-noattr", "-nocerts")


def trailer(size, id_type=2, pad=b"\0\0\0"):
    return (struct.pack(">BBBBB3sI", 0, 0, id_type, 0, 0, pad, size) +
            b"~execgate signature v1 end~\n")


def seal(payload, message):
    return payload + message + trailer(len(message))


def armor(payload, message):
    text = base64.b64encode(message).decode()
    lines = ["-----BEGIN EXECGATE SIGNATURE-----"]
    lines += [text[i:i + 64] for i in range(0, len(text), 64)]
    lines += ["-----END EXECGATE SIGNATURE-----"]
    return payload + "".join(f"# {line}\n" for line in lines).encode()


# --- what goes out ---------------------------------------------------------


def put(label, data):
    path = os.path.join(OUT, label)
    with open(path, "wb") as f:
        f.write(data)
    os.chmod(path, 0o755)


def target(label):
    with open(os.path.join(TARGETS, label), "rb") as f:
        return f.read()


class Machine(NamedTuple):
    """What TARGETS are for: code that is changed, and where code is on a stack."""

    number: int
    exit_9: bytes
    exit_66: bytes
    return_9: bytes  # how it begins, where 7 is returned
    stack_end: int
    env_code_size: int  # of EXIT_9 in machine.h, with its terminator


MACHINE = {machine.number: machine for machine in (
    Machine(62, b"\xbf\x09\0\0\0\x0f\x05", b"\xbf\x42\0\0\0\x0f\x05",
            b"\xb8\x09", 0x7FFFFFFFF000, 10),
    Machine(183, b"\x20\1\x80\x52\1\0\0\xd4", b"\x40\x08\x80\x52\1\0\0\xd4",
            b"\x20\1", 1 << 48, 15),
)}[struct.unpack_from("<H", target("h9"), 18)[0]]


def sign(key, payload, classes=PROGRAM, rules=b""):
    content = manifest(payload, classes, rules=rules)
    return seal(payload, cms(content, [signer_info(key, content)]))


def sign_script(key, payload, rules=b""):
    content = manifest(payload, SCRIPT, rules=rules)
    return armor(payload, cms(content, [signer_info(key, content)]))


def flip(data, offset):
    out = bytearray(data)
    out[offset] ^= 0xFF
    return bytes(out)


def containers(key, h9):
    content = manifest(h9, PROGRAM)
    message = cms(content, [signer_info(key, content)])
    if message != openssl_cms(key, content, *PROFILE):
        sys.exit("the hand-built message is not what openssl makes")
    good = seal(h9, message)
    pad = h9.index(b"\1" + bytes(4096))
    other = flip(h9, pad + 200)
    by_key_id = der(0x80, key.key_id)
    put("good", good)
    put("good-key-id", seal(h9, cms(content, [
        signer_info(key, content, sid=by_key_id, version=3)], version=3)))
    put("changed", flip(good, pad + 100))
    put("stripped", good[:len(h9)])
    put("appended", good + b"PK\5\6" + bytes(18))
    put("transplanted", seal(other, message))
    put("evil", h9.replace(MACHINE.exit_9, MACHINE.exit_66))
    put("evil-signed-part", open(os.path.join(OUT, "evil"), "rb").read() +
        good[len(h9):])
    put("trailer-only", seal(b"", message))
    for label, size in (("zero", 0), ("ones", 0xFFFFFFFF),
                        ("file", len(good)), ("file-1", len(good) - 1),
                        ("all", len(h9) + len(message)),
                        ("short", len(message) - 1),
                        ("long", len(message) + 1)):
        put("length-" + label, h9 + message + trailer(size))
    put("length-over", h9 + bytes(20000) + message + trailer(20000))
    put("id-type", h9 + message + trailer(len(message), id_type=1))
    put("pad", h9 + message + trailer(len(message), pad=b"\0\0\1"))
    put("magic-only", h9 + b"~execgate signature v1 end~\n")


def profiles(keys, h9):
    key = keys["trusted"]
    content = manifest(h9, PROGRAM)
    info = signer_info(key, content)
    message = cms(content, [info])

    def out(label, der_message):
        put(label, seal(h9, der_message))

    def other(label, content):
        out(label, cms(content, [signer_info(key, content)]))

    out("twin", cms(content, [signer_info(keys["twin"], content)]))
    out("stranger", cms(content, [signer_info(keys["stranger"], content)]))
    for digest in ("sha1", "md5", "sha224", "sha512", "rmd160"):
        out(digest, cms(content, [signer_info(key, content, digest)], (digest,)))
    certs = der(0xA0, key.der, keys["tls"].der)
    leaf = signer_info(keys["tls"], content)
    out("chain", cms(content, [leaf], certs=certs))
    out("tls", cms(content, [leaf]))
    out("certificate", openssl_cms(key, content, "-nodetach", "-noattr"))
    out("two-signers", cms(content, [info, signer_info(keys["stranger"],
                                                       content)]))
    out("two-same-signers", cms(content, [info, info]))
    out("no-signer", cms(content, []))
    out("attributes", openssl_cms(key, content, "-nodetach", "-nocerts"))
    attribute = der(SEQUENCE, oid("1.2.3.4"), der(SET, der(NULL)))
    out("unsigned-attributes", cms(content, [
        signer_info(key, content, unsigned=der(0xA1, attribute))]))
    out("no-content", openssl_cms(key, content, "-noattr", "-nocerts"))
    other("empty-content", b"")
    other("other-content", b"echo hello, world\n" * 20)
    other("other-magic", manifest(h9, PROGRAM, magic=b"EXECGATF"))
    other("other-version", manifest(h9, PROGRAM, version=2))
    other("no-class", manifest(h9, 0))
    other("unknown-class", manifest(h9, 0x8001))
    other("cut-content", content[:-1])
    other("long-content", content + b"\0")
    other("as-library", manifest(h9, LIBRARY))
    other("as-script", manifest(h9, SCRIPT))
    other("bound-to-path", manifest(h9, PROGRAM, rules=rule(PATH, b"/usr/bin/h9")))
    other("other-size", manifest(h9, PROGRAM, size=len(h9) + 1))
    out("other-type", cms(content, [info], inner=SIGNED_DATA))
    out("two-digests", cms(content, [info], ("sha256", "sha1")))
    out("version-3", cms(content, [info], version=3))
    out("garbage-behind", message + b"\0")
    out("cut", message[:-1])
    # 30 82 LL LL ...: the same message in encodings that are not DER.
    body = message[4:]
    out("indefinite", b"\x30\x80" + body + b"\0\0")
    out("long-length", b"\x30\x83\0" + message[2:4] + body)
    out("huge-length", b"\x30\x84\xff\xff\xff\xff" + body)
    pieces = der(0x24, der(OCTETS, content[:50]), der(OCTETS, content[50:]))
    out("constructed", cms(content, [info], octets=der(0xA0, pieces)))
    nest = b""
    for _ in range(200):
        nest = der(SEQUENCE, nest)
    out("nested", nest)
    out("nested-name", cms(content, [signer_info(
        key, content, sid=der(SEQUENCE, nest, integer(1)))]))
    for label, size in (("8k", 8 << 10), ("60k", 60 << 10)):
        sid = der(SEQUENCE, name("x" * size), integer(key.serial))
        out("issuer-" + label, cms(content, [signer_info(key, content,
                                                         sid=sid)]))


def bare_elf(interpreter=None, entry=0, stack=7):
    """A program that maps no code of its own and wants this stack: executable."""
    load, interp, gnu_stack = 1, 3, 0x6474E551
    name = interpreter.encode() + b"\0" if interpreter else b""
    base, count = 0x10000000, 3 if interpreter else 2
    start = 64 + 56 * count
    size = start + len(name) + 4096
    headers = [(load, 4, 0, base, base, size, size, 4096),
               (gnu_stack, stack, 0, 0, 0, 0, 0, 16)]
    if interpreter:
        headers.insert(0, (interp, 4, start, base + start, base + start,
                           len(name), len(name), 1))
    out = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
    out += struct.pack("<HHIQQQIHHHHHH", 2, MACHINE.number, 1, entry, 64, 0, 0, 64, 56, count,
                       64, 0, 0)
    for header in headers:
        out += struct.pack("<IIQQQQQQ", *header)
    return (out + name).ljust(size, b"\0")


def env_code():
    """Where "exec-fixed" has its code on the stack: below the program's name."""
    return MACHINE.stack_end - 8 - len(f"{WORK}/x") - 1 - MACHINE.env_code_size


def libraries(key):
    evil, blob = target("evil.so"), target("blob")
    put("evil.so", evil)
    put("good.so", sign(key, evil, LIBRARY))
    put("blob", blob)
    put("good-blob", sign(key, blob, LIBRARY))
    put("evil-blob", MACHINE.return_9 + sign(key, blob, LIBRARY)[2:])
    put("changed-blob", flip(sign(key, blob, LIBRARY), 4000))
    put("d9", target("d9"))
    put("good-d9", sign(key, target("d9")))
    put("loader", sign(key, target("loader")))
    put("attack", sign(key, target("attack")))
    put("attack-jit", sign(key, target("attack"), PROGRAM | MAY_JIT))
    put("attack-debugger", sign(key, target("attack"), PROGRAM | DEBUGGER))
    stack = target("h9-execstack")
    put("good-execstack", sign(key, stack))
    put("good-execstack-jit", sign(key, stack, PROGRAM | MAY_JIT))
    put("good-stackcode", sign(key, target("stackcode"), INTERPRETER))
    put("good-bare", sign(key, bare_elf(interpreter=f"{WORK}/i")))
    below = sign(key, target("interpreter"), INTERPRETER)
    entry = struct.unpack_from("<Q", below, 24)[0] + 64
    put("good-interpreter", below)
    put("evil-interpreter", below[:24] + struct.pack("<Q", entry) + below[32:])
    put("good-interpreted", sign(key, bare_elf(interpreter=f"{WORK}/all/x",
                                               stack=6)))
    put("good-barest", sign(key, bare_elf(entry=env_code())))
    put("good-textrel.so", sign(key, target("textrel.so"), LIBRARY))
    put("bench", sign(key, target("bench")))
    apart = target("h9-apart")
    put("h9-apart", apart)
    put("good-h9-apart", sign(key, apart))


def fat_image():
    """An empty FAT16 file system of 8 MiB: boot sector, two FATs, root."""
    sectors, fat_sectors, entries = 16384, 32, 512
    boot = struct.pack("<3s8sHBHBHHBHHHIIBBBI11s8s", b"\xeb\x3c\x90", b"execgate",
                       512, 2, 1, 2, entries, sectors, 0xf8, fat_sectors, 32,
                       2, 0, 0, 0x80, 0, 0x29, 1, b"EXECGATE   ", b"FAT16   ")
    image = bytearray(sectors * 512)
    image[:len(boot)] = boot
    image[510:512] = b"\x55\xaa"
    for i in range(2):
        at = (1 + i * fat_sectors) * 512
        image[at:at + 4] = b"\xf8\xff\xff\xff"
    put("fat.img", bytes(image))


def scripts(key):
    script = b"#!/bin/bash\nexit 9\n"
    signed = sign_script(key, script)
    put("script", script)
    put("good-script", signed)
    put("changed-script", signed.replace(b"exit 9", b"exit  9", 1))
    put("appended-script", signed + b"exit 9\n")
    put("other-interpreter", sign_script(key, f"#!{WORK}/interpreter\n"
                                         .encode()))
    # Each level is the interpreter of the one before it.
    for level in range(1, 7):
        text = f"#!{WORK}/s{level + 1}\n".encode()
        put(f"chain{level}", sign_script(key, text))
        put(f"chain{level}-unsigned", text)


def bound(key, h9):
    """What may be in one place only, below the folder of the cases."""
    def path(text, strength=DENY):
        return rule(PATH, f"{WORK}/{text}".encode(), strength)

    busybox = path("bin/busybox")
    put("bound", sign(key, h9, rules=busybox))
    put("bound-report", sign(key, h9, rules=path("bin/busybox", REPORT)))
    put("bound-d9", sign(key, target("d9"), rules=busybox))
    put("bound.so", sign(key, target("evil.so"), LIBRARY, path("lib/**")))
    put("bound-blob", sign(key, target("blob"), LIBRARY, path("lib/*.so")))
    put("bound-script", sign_script(key, b"#!/bin/bash\nexit 9\n", busybox))
    # One of several, and a folder that is found by a pattern.
    put("bound-several", sign(key, h9, rules=path("no/such/*") + path("b?n/*box")))


def sign_file(key, payload, digest="sha256"):
    finder = os.path.join(os.path.dirname(__file__), "../../vectors/sign-file")
    with tempfile.TemporaryDirectory() as work:
        source, signed = os.path.join(work, "in"), os.path.join(work, "out")
        with open(source, "wb") as f:
            f.write(payload)
        done = subprocess.run((finder, digest, key.key, key.pem, source, signed),
                              capture_output=True)
        if done.returncode:
            sys.exit(f"sign-file: {done.stderr.decode()}")
        with open(signed, "rb") as f:
            return f.read()


def kernel_signed(keys, h9):
    key = keys["modules"]
    good = sign_file(key, h9)
    if not good.startswith(h9) or not good.endswith(b"signature appended~\n"):
        sys.exit("sign-file does not append what it should")
    pad = h9.index(b"\1" + bytes(4096))
    put("modsig", good)
    put("modsig-changed", flip(good, pad + 100))
    put("modsig-changed-signature", flip(good, len(good) - 100))
    put("modsig-stranger", sign_file(keys["stranger"], h9))
    put("modsig-twin", sign_file(keys["modules-twin"], h9))
    put("modsig-tls", sign_file(keys["tls"], h9))
    put("modsig-sha1", sign_file(key, h9, "sha1"))
    put("modsig-appended", good + b"x")
    put("modsig-part", good[len(h9):])
    put("modsig-transplanted", flip(h9, pad + 200) + good[len(h9):])
    # struct module_signature ends 28 bytes before the end, with the length.
    at = len(good) - 28 - 4
    for label, size in (("zero", 0), ("ones", 0xFFFFFFFF), ("all", at)):
        put("modsig-length-" + label,
            good[:at] + struct.pack(">I", size) + good[at + 4:])
    # By a key for modules, and by one for code.
    for label, key in ("", key), ("-code", keys["trusted"]):
        script = b"#!/bin/bash\nexit 9\n"
        put("modsig%s.so" % label, sign_file(key, target("evil.so")))
        put("modsig%s-script" % label, sign_file(key, script))
    put("modsig-code", sign_file(keys["trusted"], h9))
    replays(keys, h9)


def detached(key, payload, signed):
    """The file that the kernel would take for PAYLOAD signed, by a signature of SIGNED."""
    message = cms(payload, [signer_info(key, signed)], octets=b"")
    return (payload + message + struct.pack(">BBBBBxxxI", 0, 0, 2, 0, 0, len(message))
            + b"~Module signature appended~\n")


def replays(keys, h9):
    """What was signed to say something else, as the content of a file."""
    for label in "trusted", "modules":
        key, content = keys[label], manifest(h9, PROGRAM)
        put("replayed-raw-" + label, detached(key, h9, h9))
        put("replayed-manifest-" + label, detached(key, content, content))
        attributes = der(
            SET, der(SEQUENCE, oid("1.2.840.113549.1.9.3"), der(SET, DATA)),
            der(SEQUENCE, oid("1.2.840.113549.1.9.4"),
                der(SET, der(OCTETS, hashlib.sha256(content).digest()))))
        put("replayed-attributes-" + label, detached(key, attributes, attributes))
    # And a manifest by a key for modules only.
    put("good-by-modules", seal(h9, cms(manifest(h9, PROGRAM), [
        signer_info(keys["modules"], manifest(h9, PROGRAM))])))
    put("policy-by-modules", sign_policy(keys["modules"], policy(90, AUDIT)))


def authorities(h9):
    """A CA, what it signed, and what only looks so."""
    ca = Key("ca", "execgate ca", 0x2001, ca=True, purpose=None)
    leaf = Key("leaf", "execgate leaf", 0x2002, issuer=ca)
    twin = Key("ca-twin", "execgate ca", 0x2001, ca=True, purpose=None,
               key_id=ca.key_id)
    below = Key("leaf-of-leaf", "execgate below", 0x2003, issuer=leaf)
    Key("leaf-self", "execgate self", 0x2004, issuer=ca, signs=False)
    Key("leaf-twin", "execgate of twin", 0x2005, issuer=twin)
    Key("leaf-ca", "execgate lower ca", 0x2006, issuer=ca, ca=True)
    Key("leaf-certifies", "execgate certifies", 0x2007, issuer=ca,
        usage=b"\x03\x02\x02\x84")
    Key("leaf-sha1", "execgate sha1", 0x2008, issuer=ca, digest="sha1")
    Key("leaf-expired", "execgate ended", 0x2009, issuer=ca, until="20210101000000Z")
    Key("leaf-tls", "www.example.org", 0x200A, issuer=ca, purpose="1.3.6.1.5.5.7.3.1")
    Key("ca-no-constraint", "execgate no ca", 0x200B, usage=b"\x03\x02\x02\x84")
    Key("ca-no-usage", "execgate no usage", 0x200C, ca=True, usage=b"\x03\x02\x07\x80")
    Key("leaf-same-id", "execgate same id", 0x200D, issuer=ca,
        key_id=Key("trusted", "execgate attack key", 0x1001).key_id)
    with open(os.path.join(KEYS, "leaf-changed.der"), "wb") as f:
        f.write(flip(leaf.der, leaf.der.index(b"execgate leaf") + 10))
    put("leaf-signed", sign(leaf, h9))
    put("leaf-of-leaf-signed", sign(below, h9))
    put("ca-signed", sign(ca, h9))


# --- signed policies: kernel/format/policy.h --------------------------------

OFF, AUDIT, ENFORCE = 0, 1, 2
BASIC, STANDARD, STRICT = 0, 1, 2
SEAL, RAW_DISK = 1 << 3, 1 << 9


def policy(version, mode, gates=0, select=0, profile=STANDARD, label=b"suite",
           magic=b"EXECGPOL", form=1, head=64, flags=0, size=None,
           length=None, floors=b"", floors_length=None, users=(),
           users_length=None):
    uids = struct.pack(f"<{len(users)}I", *users)
    strings = label + floors + uids
    return struct.pack("<8sHHIQQIIIIIIII", magic, form, head,
                       64 + len(strings) if size is None else size,
                       version, 1790000000, mode, profile, gates, select, flags,
                       len(label) if length is None else length,
                       len(floors) if floors_length is None else floors_length,
                       len(uids) if users_length is None else users_length) + strings


def floor(below, identity):
    return struct.pack("<QB", below, len(identity)) + identity


def sign_policy(key, content):
    return cms(content, [signer_info(key, content)])


def policies(keys, h9):
    key, second = keys["trusted"], keys["second"]
    strict = policy(20, ENFORCE, RAW_DISK, RAW_DISK)
    good = sign_policy(key, strict)
    for label, content in {
        "10": policy(10, AUDIT),
        "12-floors": policy(12, AUDIT, floors=floor(5, b"org.example/tool") +
                            floor(1, b"org.example/other")),
        "13-lower": policy(13, AUDIT, floors=floor(2, b"org.example/tool")),
        "14-none": policy(14, AUDIT),
        "15-users": policy(15, AUDIT, users=(33, 4294967294)),
        "16-none": policy(16, AUDIT),
        "19": policy(19, AUDIT), "20": strict,
        "20-other": policy(20, ENFORCE),
        "20-name": policy(20, ENFORCE, RAW_DISK, RAW_DISK, label=b"other"),
        "21-off": policy(21, OFF), "22-off": policy(22, OFF),
        "30": policy(30, AUDIT, 0, SEAL), "31-off": policy(31, OFF),
        "100": policy(100, ENFORCE, RAW_DISK, RAW_DISK),
        "200": policy(200, AUDIT),
    }.items():
        put("policy-" + label, sign_policy(key, content))
    put("policy-20-again", sign_policy(second, strict))
    put("policy-25-second", sign_policy(second, policy(25, ENFORCE)))
    put("policy-26-second", sign_policy(second, policy(26, AUDIT)))
    put("policy-90-stranger", sign_policy(keys["stranger"],
                                          policy(90, AUDIT)))
    # Whose signature is good, and whose content is not what this reader knows.
    for label, content in {
        "version-0": policy(0, AUDIT), "mode-3": policy(90, 3),
        "profile-3": policy(90, AUDIT, profile=3),
        "gate-14": policy(90, AUDIT, 1 << 14, 1 << 14),
        "gate-31-off": policy(90, AUDIT, 0, 1 << 31),
        "gates-outside": policy(90, AUDIT, SEAL, RAW_DISK),
        "flags": policy(90, AUDIT, flags=1),
        "users-longer": policy(90, AUDIT, users=(33,), users_length=8),
        "users-root": policy(90, AUDIT, users=(0, 33)),
        "users-none": policy(90, AUDIT, users=(33, (1 << 32) - 1)),
        "users-twice": policy(90, AUDIT, users=(33, 33)),
        "users-order": policy(90, AUDIT, users=(33, 32)),
        "users-most": policy(90, AUDIT, users=range(1000, 1129)),
        "format-2": policy(90, AUDIT, form=2),
        "header": policy(90, AUDIT, head=56),
        "size": policy(90, AUDIT, size=65),
        "length": policy(90, AUDIT, length=4),
        "trailing": policy(90, AUDIT) + b"x",
        "cut": policy(90, AUDIT)[:-1], "header-only": policy(90, AUDIT)[:64],
        "no-name": policy(90, AUDIT, label=b""),
        "name-path": policy(90, AUDIT, label=b"../x"),
        "name-nul": policy(90, AUDIT, label=b"a\0b"),
        "magic": policy(90, AUDIT, magic=b"EXECGATE"),
        "manifest": manifest(h9, PROGRAM),
        "name-65": policy(90, AUDIT, label=b"a" * 65),
        "floor-0": policy(90, AUDIT, floors=floor(0, b"a")),
        "floor-twice": policy(90, AUDIT, floors=floor(1, b"a") * 2),
        "floor-order": policy(90, AUDIT, floors=floor(1, b"b") +
                              floor(1, b"a")),
        "floor-line": policy(90, AUDIT, floors=floor(1, b"a\nb")),
        "floor-cut": policy(90, AUDIT, floors=floor(1, b"abc")[:-1]),
        "floors-longer": policy(90, AUDIT, floors=floor(1, b"abc"),
                                floors_length=13),
        "floors-most": policy(90, AUDIT, floors=b"".join(
            floor(1, b"a%03d" % i) for i in range(316))),
    }.items():
        put("policy-bad-" + label, sign_policy(key, content))
    put("policy-4737", sign_policy(key, policy(90, AUDIT, floors=b"".join(
        floor(1, b"a%03d" % i) for i in range(320)), users=range(1000, 1128))))
    at = good.index(b"EXECGPOL")
    put("policy-changed-mode", good[:at + 32] + b"\1" + good[at + 33:])
    put("policy-changed-signature", flip(good, len(good) - 40))
    put("policy-cut", good[:-1])
    put("policy-appended", good + b"x")
    put("policy-object", strict)
    put("policy-empty", b"")
    put("policy-garbage", hashlib.sha256(good).digest() * 128)
    put("policy-8193", good + bytes(8193 - len(good)))
    put("policy-sha1", cms(strict, [signer_info(key, strict, "sha1")],
                           digests=("sha1",)))
    # And the other way round: a policy's message is no signature of a file.
    put("policy-as-trailer", seal(h9, good))


def tar(path, data):
    """One file, and the folders above it, as dpkg-deb packs them."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        parts = path.split("/")
        for depth in range(1, len(parts)):
            folder = tarfile.TarInfo("./" + "/".join(parts[:depth]))
            folder.type, folder.mode = tarfile.DIRTYPE, 0o755
            archive.addfile(folder)
        file = tarfile.TarInfo("./" + path)
        file.mode, file.size = 0o755, len(data)
        archive.addfile(file, io.BytesIO(data))
    return out.getvalue()


def package(version, program):
    """A Debian package with one program, usr/bin/tool."""
    control = (f"Package: tool\nVersion: {version}\nArchitecture: amd64\n"
               "Maintainer: suite <suite@example.org>\nDescription: suite\n")
    out = b"!<arch>\n"
    for name, data in (("debian-binary", b"2.0\n"),
                       ("control.tar.gz", tar("control", control.encode())),
                       ("data.tar.gz", tar("usr/bin/tool", program))):
        out += b"%-16s%-12d%-6d%-6d%-8o%-10d`\n" % (
            name.encode(), 0, 0, 0, 0o100644, len(data))
        out += data + b"\n" * (len(data) % 2)
    return out


def main():
    os.umask(0o022)
    os.makedirs(KEYS, exist_ok=True)
    os.makedirs(OUT, exist_ok=True)
    trusted = Key("trusted", "execgate attack key", 0x1001)
    keys = {
        "trusted": trusted,
        "twin": Key("twin", "execgate attack key", 0x1001),
        "stranger": Key("stranger", "execgate stranger", 0x1002),
        "tls": Key("tls", "www.example.org", 0x1003, issuer=trusted,
                   purpose="1.3.6.1.5.5.7.3.1"),
    }
    Key("rsa512", "execgate rsa512", 0x1004, bits=512)
    Key("rsa1024", "execgate rsa1024", 0x1005, bits=1024)
    Key("expired", "execgate expired", 0x1006, until="20210101000000Z")
    # As DKMS makes its key on Debian 12: it does not say what it is for.
    for label in ("modules", "modules-twin"):
        keys[label] = Key(label, "execgate module key", 0x1008, purpose=None)
    # With the trusted one's key id, or its issuer and serial number as such an id.
    Key("same-id", "execgate same id", 0x1009, key_id=trusted.key_id)
    Key("id-of-name", "execgate id of name", 0x100A,
        key_id=b"\x10\x01" + trusted.subject[2:])
    keys["second"] = Key("second", "execgate second key", 0x1007)
    h9 = target("h9")
    # Two versions of a package; what is behind an ELF file changes its content.
    for version in ("1", "2"):
        put(f"tool_{version}.deb", package(version, h9 + version.encode()))
    put("h9", h9)
    containers(trusted, h9)
    profiles(keys, h9)
    libraries(trusted)
    fat_image()
    scripts(trusted)
    bound(trusted, h9)
    kernel_signed(keys, h9)
    put("second-signed", sign(keys["second"], h9))
    policies(keys, h9)
    authorities(h9)


main()
