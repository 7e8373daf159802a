#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""forge.py DIR: from the good messages in DIR that openssl made, by hand the
ones that no tool makes: the same signature in other encodings and in messages
with more or less in them. Then files that carry them."""
import base64
import struct
import sys

import manifest

MAGIC = b"~execgate signature v1 end~\n"


def tlv(tag, *parts):
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        length = bytes([size])
    else:
        octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
        length = bytes([0x80 | len(octets)]) + octets
    return bytes([tag]) + length + content


def split(data):
    """The elements side by side in data, each as (tag, content, whole)."""
    out = []
    while data:
        size, start = data[1], 2
        if size >= 0x80:
            start += size & 0x7f
            size = int.from_bytes(data[2:start], "big")
        out.append((data[0], data[start:start + size], data[:start + size]))
        data = data[start + size:]
    return out


class Message:
    """A SignedData taken apart; put() puts it together with parts replaced."""

    def __init__(self, der):
        oid, wrapped = split(split(der)[0][1])
        self.oid = oid[2]
        version, digests, info, signers = split(split(wrapped[1])[0][1])
        self.parts = {"version": version[2], "digests": digests[1],
                      "info": info[2], "sets": b"", "after": b""}
        signer = split(split(signers[1])[0][1])
        names = ("signer_version", "id", "digest", "algorithm", "signature")
        for name, element in zip(names, signer, strict=True):
            self.parts[name] = element[2]
        self.parts |= {"signed": b"", "unsigned": b"", "signers": None}

    def signer(self, **new):
        p = self.parts | new
        return tlv(0x30, p["signer_version"], p["id"], p["digest"],
                   p["signed"], p["algorithm"], p["signature"], p["unsigned"])

    def signed_data(self, **new):
        p = self.parts | new
        return tlv(0x30, p["version"], tlv(0x31, p["digests"]), p["info"],
                   p["sets"], tlv(0x31, self.signer(**new) if p["signers"] is None
                       else p["signers"]), p["after"])

    def put(self, **new):
        return tlv(0x30, self.oid, tlv(0xa0, self.signed_data(**new)))

    @property
    def content(self):
        return split(split(split(self.parts["info"])[0][1])[1][1])[0][1]


def long_length(element, octets):
    """The same element with its length in that many octets."""
    tag, content, _ = split(element)[0]
    return (bytes([tag, 0x80 | octets]) + len(content).to_bytes(octets, "big")
            + content)


def indefinite(element):
    tag, content, _ = split(element)[0]
    return bytes([tag, 0x80]) + content + b"\0\0"


OID_DATA = bytes.fromhex("06092a864886f70d010701")
SHA1 = bytes.fromhex("300906052b0e03021a0500")
ATTRIBUTE = tlv(0x30, bytes.fromhex("06092a864886f70d010904"),
                tlv(0x31, tlv(0x04, b"x" * 32)))


def info(*content):
    return tlv(0x30, OID_DATA, *content)


def nested(depth):
    out = b""
    for _ in range(depth):
        out = tlv(0x24, out)
    return out


def name(value):
    attribute = tlv(0x30, bytes.fromhex("0603550403"), tlv(0x0c, value))
    return tlv(0x30, tlv(0x31, attribute))


def messages(key, issuer, other, certificate):
    """key, issuer: good messages; other: of another signer."""
    good = key.put()
    data = key.signed_data()
    content = key.content
    id_name, serial = (e[2] for e in split(split(issuer.parts["id"])[0][1]))
    yield "forged-nothing", good
    yield "forged-nothing-issuer", issuer.put()
    yield "garbage-one-byte", good + b"\0"
    yield "garbage-message", good + good
    yield "ber-outer", indefinite(good)
    yield "ber-signed-data", tlv(0x30, key.oid, tlv(0xa0, indefinite(data)))
    yield "ber-content", key.put(info=info(tlv(0xa0, b"\x24\x80" + tlv(
        0x04, content) + b"\0\0")))
    yield "ber-content-pieces", key.put(info=info(tlv(0xa0, tlv(
        0x24, tlv(0x04, content[:9]), tlv(0x04, content[9:])))))
    yield "length-outer", long_length(good, 3)
    yield "length-signature", key.put(
        signature=long_length(key.parts["signature"], 4))
    yield "length-version", key.put(version=b"\x02\x81\x01\x03")
    yield "length-84ffffffff", b"\x30\x84\xff\xff\xff\xff" + good[4:]
    yield "nested-200", key.put(info=info(tlv(0xa0, nested(200))))
    yield "certificate", key.put(sets=tlv(0xa0, certificate))
    yield "certificates-empty", key.put(sets=b"\xa0\0")
    yield "crl-empty", key.put(sets=b"\xa1\0")
    yield "signer-twice", key.put(signers=key.signer() * 2)
    yield "signer-and-unknown", key.put(signers=key.signer() + other.signer())
    yield "signer-none", key.put(signers=b"")
    yield "signers-two-sets", key.put(after=tlv(0x31, key.signer()))
    yield "signed-attributes-added", key.put(signed=tlv(0xa0, ATTRIBUTE))
    yield "unsigned-attributes", key.put(unsigned=tlv(0xa1, ATTRIBUTE))
    yield "version-1-with-key-id", key.put(version=b"\x02\x01\x01")
    yield "version-4", key.put(version=b"\x02\x01\x04")
    yield "digests-two", key.put(digests=key.parts["digests"] + SHA1)
    yield "digests-none", key.put(digests=b"")
    yield "digest-named-sha1", key.put(digest=SHA1)
    yield "issuer-60k", issuer.put(
        id=tlv(0x30, name(b"A" * 61440), serial))
    yield "serial-60k", issuer.put(
        id=tlv(0x30, id_name, tlv(0x02, b"A" * 61440)))
    yield "key-id-60k", key.put(id=tlv(0x80, b"A" * 61440))
    yield "key-id-257", key.put(id=tlv(0x80, b"A" * 257))
    yield "key-id-other", key.put(id=tlv(0x80, b"A" * 20))
    yield "content-none", key.put(info=info())
    yield "content-empty", key.put(info=info(tlv(0xa0, b"\x04\0")))
    yield "content-type", key.put(info=key.parts["info"].replace(
        OID_DATA, bytes.fromhex("06092a864886f70d010702")))
    tampered = bytearray(content)
    tampered[32] ^= 1
    yield "tampered-content", key.put(
        info=info(tlv(0xa0, tlv(0x04, bytes(tampered)))))
    signature = bytearray(key.parts["signature"])
    signature[-1] ^= 1
    yield "tampered-signature", key.put(signature=bytes(signature))
    yield "signature-of-other", key.put(signature=other.parts["signature"])


def trailer(payload, message, length=None, fields=bytes(8)):
    fields = fields[:2] + (b"\x02" if not fields[2] else fields[2:3]) + \
        fields[3:]
    length = len(message) if length is None else length
    return payload + message + fields + struct.pack(">I", length) + MAGIC


def armor(payload, message, prefix, width=64, end=b"\n"):
    text = base64.b64encode(message)
    lines = [b"-----BEGIN EXECGATE SIGNATURE-----"]
    lines += [text[i:i + width] for i in range(0, len(text), width)]
    lines += [b"-----END EXECGATE SIGNATURE-----"]
    return payload + b"".join(prefix + line + end for line in lines)


def files(payload, other, message, issuer, script, script_message):
    good = trailer(payload, message)
    size = len(good)
    yield "trailer-good", good
    yield "trailer-issuer", trailer(payload, issuer)
    yield "trailer-unsigned", payload
    yield "trailer-stripped", good[:-40]
    yield "trailer-cut", good[:-1]
    yield "trailer-appended", good + b"PK\5\6"
    yield "trailer-newline", good + b"\n"
    yield "trailer-byte-changed", b"X" + good[1:]
    yield "trailer-payload-longer", b"X" + good
    yield "trailer-transplant", trailer(other, message)
    yield "trailer-twice", trailer(good, message)
    yield "trailer-no-payload", trailer(b"", message)
    yield "trailer-only", trailer(b"", b"", 1)
    yield "trailer-length-0", trailer(payload, message, 0)
    yield "trailer-length-ffffffff", trailer(payload, message, 0xffffffff)
    yield "trailer-length-file", trailer(payload, message, size)
    yield "trailer-length-file-minus-1", trailer(payload, message, size - 1)
    yield "trailer-length-one-more", trailer(payload, message,
                                             len(message) + 1)
    yield "trailer-length-one-less", trailer(payload, message,
                                             len(message) - 1)
    yield "trailer-17k", trailer(payload, message + bytes(17 * 1024))
    for i, field in enumerate(("algo", "hash", "id-type", "signer-length",
                               "key-id-length", "pad-0", "pad-1", "pad-2")):
        fields = bytearray(8)
        fields[i] = 1
        yield "trailer-field-" + field, trailer(payload, message, None,
                                                bytes(fields))
    for prefix, what in ((b"# ", "hash"), (b"// ", "slashes"),
                         (b"-- ", "dashes"), (b"; ", "semicolon"),
                         (b"% ", "percent"), (b'" ', "quote")):
        yield "armor-" + what, armor(script, script_message, prefix)
    block = armor(script, script_message, b"# ")
    yield "armor-byte-changed", block.replace(b"echo", b"exec", 1)
    yield "armor-appended", block + b"echo evil\n"
    yield "armor-no-payload", armor(b"", script_message, b"# ")
    yield "armor-76-columns", armor(script, script_message, b"# ", 76)
    yield "armor-crlf", armor(script, script_message, b"# ", 64, b"\r\n")
    yield "armor-blank-line", block.replace(b"\n# -----END",
                                            b"\n\n# -----END")
    yield "armor-no-newline-before", armor(script[:-1], script_message,
                                           b"# ")


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def manifests():
    many = manifest.catalog(1000)
    yield "catalog-1000", many
    entries = [(0, bytes([i]) * 32, 1, 0, 1) for i in (2, 1)]
    identity = [(b"org.example/x", b"", 1)]
    yield "unsorted", manifest.manifest(entries, identity)
    yield "duplicate", manifest.manifest(entries[:1] * 2, identity)
    yield "no-entries", manifest.manifest([], identity)
    yield "no-identity-name", manifest.manifest(entries[1:], [(b"", b"", 1)])
    yield "cut", many[:-1]
    yield from with_rules()


def with_rules():
    """Manifests whose one identity has rules, good ones and others."""
    path, rule = manifest.rule(manifest.PATH, b"/usr/bin/x"), manifest.rule
    number = rule(manifest.VERSION, b"1")
    hard = rule(manifest.HARDENED)
    for name, rules in (
            ("none", b""), ("version", number), ("path", path),
            ("hardened", hard), ("all", number + path + path + hard),
            ("process", rule(manifest.LIBRARIES, b"identity a*") +
             rule(manifest.LIBRARIES, b"own") + rule(manifest.STARTS, b"none")),
            ("strengths", rule(manifest.STARTS, b"own") +
             rule(manifest.STARTS, b"identity a", manifest.REPORT)),
            ("none-and", rule(manifest.STARTS, b"none") +
             rule(manifest.STARTS, b"own")),
            ("signer", rule(manifest.LIBRARIES, b"signer " + b"AB" * 32)),
            ("report", rule(manifest.PATH, b"/usr/**", manifest.REPORT)),
            ("unknown", rule(9, b"x")), ("strength", rule(2, b"/x", 2)),
            ("order", hard + path), ("twice", number + number),
            ("above", rule(manifest.VERSION, b"2")),
            ("relative", rule(manifest.PATH, b"usr/bin/x")),
            ("dots", rule(manifest.PATH, b"/usr/../x")),
            ("cut", (number + path)[:-1]), ("tail", number + b"\0"),
            ("many", path * 33)):
        yield "rules-" + name, manifest.file_manifest(b"x", rules=rules)


def main():
    where = sys.argv[1] + "/"
    key, issuer, other = (Message(read(where + f)) for f in (
        "good-rsa2048-keyid.der", "good-rsa2048-issuer.der",
        "good-rsa3072-keyid.der"))
    for what, data in messages(key, issuer, other,
                               read(where + "rsa2048.cert.der")):
        write(where + what + ".der", data)
    for what, data in files(read(where + "payload"), read(where + "other"),
                            key.put(), issuer.put(), read(where + "script"),
                            read(where + "script.der")):
        write(where + what + ".file", data)
    for what, data in manifests():
        write(where + what + ".manifest", data)


if __name__ == "__main__":
    main()
