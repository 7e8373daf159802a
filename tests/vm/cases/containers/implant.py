#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""implant.py LAYOUT FILES: into LAYOUT, images of evil/ with a layer of FILES over images that are there."""

import json
import os
import sys

import oci

NAME = "org.opencontainers.image.ref.name"


def main():
    top, files = sys.argv[1:]

    def blob(digest):
        with open(os.path.join(top, "blobs/sha256", digest[7:]), "rb") as file:
            return json.load(file)

    with open(os.path.join(top, "index.json"), encoding="utf-8") as file:
        index = json.load(file)["manifests"]
    made = oci.Image()
    made.index = index

    def implant(name, image, entry=None, **places):
        one = next(one for one in index if one.get("annotations", {}).get(NAME) == "example.org/shop/" + image)
        manifest = blob(one["digest"])
        config = blob(manifest["config"]["digest"])
        members = [("new.txt", "no code\n")]
        for source, place in places.items():
            with open(os.path.join(files, source), "rb") as file:
                members.append((place, file.read()))
        layer = oci.layer(*members)
        config["rootfs"]["diff_ids"].append("sha256:" + oci.sha(layer))
        config["config"]["Entrypoint"] = [entry] if entry else config["config"]["Entrypoint"]
        manifest["config"] = made.blob(config, manifest["config"]["mediaType"])
        manifest["layers"].append(made.blob(layer, oci.OCI + "layer.v1.tar"))
        made.add(made.blob(manifest, manifest["mediaType"]), f"example.org/evil/{name}:1")

    implant("program", "nginx:1", program="usr/sbin/nginx")
    implant("library", "nginx:1", library="usr/lib/library.so", preload="etc/ld.so.preload")
    implant("script", "app:1", script="app/app.py")
    implant("job", "busybox:1", job="www/job")
    implant("entry", "web:2", entry="/other", program="other")
    implant("clean", "nginx:1")
    made.write(top)


main()
