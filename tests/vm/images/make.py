#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""make.py DIR SOURCES: DIR/images, of the roots in DIR, and of what is in the folder SOURCES.

Each root is a layer over DIR/debian: of all of them the files that it lacks or has otherwise.
"""

import io
import os
import stat
import sys
import tarfile

import oci

HOST = "example.org/shop/"
# As the slim images of Debian: what nobody reads in a container; and PostgreSQL's compiler, half of its image, as an
# emulated machine takes minutes to unpack that.
OMITTED = ("dev/", "proc/", "src/", "tmp/", "usr/share/doc/", "usr/share/man/", "usr/share/locale/", "usr/share/info/",
           "usr/share/i18n/", "var/cache/", "var/lib/apt/", "usr/lib/postgresql/17/lib/bitcode/",
           "usr/lib/postgresql/17/lib/llvmjit", "usr/lib/x86_64-linux-gnu/libLLVM", "usr/lib/x86_64-linux-gnu/libz3",
           "usr/lib/x86_64-linux-gnu/perl/5.40.1/CORE/")


def facts(root):
    """Every path below the root, with what tells a file from another one of its name."""
    found = {}
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            path = os.path.join(folder, name)
            info = os.lstat(path)
            link = os.readlink(path) if stat.S_ISLNK(info.st_mode) else None
            size, time = (info.st_size, int(info.st_mtime)) if stat.S_ISREG(info.st_mode) else (0, 0)
            found[os.path.relpath(path, root)] = (info.st_mode, info.st_uid, info.st_gid, size, time, link)
    return found


def packed(root, below):
    """The layer of that root."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path, fact in sorted(facts(root).items()):
            if below.get(path) != fact and not path.startswith(OMITTED):
                tar.add(os.path.join(root, path), path, recursive=False)
    return out.getvalue()


def main():
    top, sources = sys.argv[1:]
    debian = facts(os.path.join(top, "debian"))
    base = packed(os.path.join(top, "debian"), {})

    def layer(name):
        return packed(os.path.join(top, name), debian)

    def source(name, folder="sources"):
        path = os.path.join(sources if folder == "sources" else os.path.join(top, folder), name)
        with open(path, "rb") as file:
            return file.read()

    made = oci.Image()

    def add(name, layers, entry, created=oci.CREATED, **config):
        made.add(made.manifest(layers, how="tar", created=created, config={
            "Entrypoint": entry, "Env": ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"], **config}), HOST + name)

    add("nginx:1", [base, layer("nginx"), oci.layer(("entry", source("nginx.sh")))], ["/entry"], StopSignal="SIGQUIT")
    add("postgres:1", [base, layer("postgres"), oci.layer(("entry", source("postgres.sh")))], ["/entry"],
        User="postgres", StopSignal="SIGINT")
    add("app:1", [base, layer("python"), oci.layer(oci.folder("app"), ("app/app.py", source("app.py")))],
        ["/app/app.py"])
    busybox = source("usr/bin/busybox", "busybox")
    commands = ["sh", "ls", "cat", "cp", "chmod", "httpd", "id", "sleep", "true", "wget"]
    add("busybox:1", [oci.layer(
        oci.folder("bin"), ("bin/busybox", busybox), *(oci.hardlink("bin/" + one, "bin/busybox") for one in commands),
        oci.folder("www"), ("www/index.html", "busybox\n"), oci.folder("tmp"), oci.folder("etc"),
        ("etc/passwd", "root:x:0:0:root:/:/bin/sh\n"), ("entry", source("busybox.sh")))], ["/entry"])
    for version in "1", "2":
        add("web:" + version, [oci.layer(("web", source("root/web-" + version, "go")))], ["/web"],
            created=f"2024-05-1{version}T01:02:03Z")
    made.write(os.path.join(top, "images"))


main()
