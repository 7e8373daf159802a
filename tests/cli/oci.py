# SPDX-License-Identifier: GPL-2.0
"""Images of containers, made by hand: OCI's layout and "docker save", good and bad."""

import gzip
import hashlib
import io
import json
import os
import subprocess
import tarfile

TIME = 1700000000
CREATED = "2024-05-14T01:02:03.000000004Z"
OCI = "application/vnd.oci.image."


def sha(data):
    return hashlib.sha256(data).hexdigest()


def layer(*entries):
    """A tar archive of (NAME, what): bytes or text are a file, a dict is as TarInfo."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, what in entries:
            info = tarfile.TarInfo(name)
            info.mtime, info.mode, data = TIME, 0o755, b""
            if isinstance(what, dict):
                data = what.pop("data", b"")
                for key, value in what.items():
                    setattr(info, key, value)
            else:
                data = what.encode() if isinstance(what, str) else what
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def folder(name):
    return name, {"type": tarfile.DIRTYPE}


def symlink(name, target):
    return name, {"type": tarfile.SYMTYPE, "linkname": target}


def hardlink(name, target):
    return name, {"type": tarfile.LNKTYPE, "linkname": target}


def pack(data, how):
    if how == "gzip":
        return gzip.compress(data, mtime=0)
    if how == "zstd":
        return subprocess.run(["zstd", "-q"], input=data, check=True, stdout=subprocess.PIPE).stdout
    return data


class Image:
    """Blobs by their digests; what index.json lists is in .index."""

    def __init__(self):
        self.blobs, self.index = {}, []

    def blob(self, data, media_type, **more):
        if not isinstance(data, bytes):
            data = json.dumps(data).encode()
        self.blobs[sha(data)] = data
        return {"mediaType": media_type, "digest": "sha256:" + sha(data), "size": len(data), **more}

    def manifest(self, layers, how="gzip", arch="amd64", created=CREATED, diff_ids=None, config=None):
        config = self.blob({
            "created": created, "os": "linux", "architecture": arch, "config": config or {},
            "rootfs": {"type": "layers",
                       "diff_ids": diff_ids or ["sha256:" + sha(one) for one in layers]}},
            OCI + "config.v1+json")
        kind = OCI + "layer.v1.tar" + ("" if how == "tar" else "+" + how)
        return self.blob({
            "schemaVersion": 2, "mediaType": OCI + "manifest.v1+json", "config": config,
            "layers": [self.blob(pack(one, how), kind) for one in layers]},
            OCI + "manifest.v1+json")

    def add(self, descriptor, name="example.org/app:1", **more):
        if name:
            descriptor = {**descriptor,
                          "annotations": {"org.opencontainers.image.ref.name": name}}
        self.index.append({**descriptor, **more})
        return self

    def files(self):
        yield "oci-layout", b'{"imageLayoutVersion":"1.0.0"}'
        yield "index.json", json.dumps({"schemaVersion": 2, "manifests": self.index}).encode()
        for digest, data in self.blobs.items():
            yield "blobs/sha256/" + digest, data

    def write(self, path):
        for name, data in self.files():
            os.makedirs(os.path.dirname(os.path.join(path, name)), exist_ok=True)
            with open(os.path.join(path, name), "wb") as file:
                file.write(data)

    def archive(self, path):
        with open(path, "wb") as file:
            file.write(layer(*self.files()))


def image(path, *layers, **more):
    name = more.pop("name", "example.org/app:1")
    made = Image()
    made.add(made.manifest(layers, **more), name)
    made.write(path)
    return made


def saved(path, layers, old=False, tags=("example.org/app:1",)):
    """As docker save wrote it before version 25, with a layer twice as a link, and since."""
    config = json.dumps({"created": CREATED, "os": "linux", "architecture": "amd64",
                         "rootfs": {"diff_ids": ["sha256:" + sha(one) for one in layers]}}).encode()
    members, names = [], []
    for number, one in enumerate(layers):
        names.append(f"{number}/layer.tar" if old else "blobs/sha256/" + sha(one))
        if old and one in layers[:number]:
            members.append(symlink(names[-1], f"../{layers.index(one)}/layer.tar"))
        else:
            members.append((names[-1], one))
    name = sha(config) + ".json" if old else "blobs/sha256/" + sha(config)
    members += [(name, config), ("manifest.json", json.dumps(
        [{"Config": name, "RepoTags": list(tags), "Layers": names}]))]
    with open(path, "wb") as file:
        file.write(layer(*members))
