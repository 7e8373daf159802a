#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""A registry that answers as it likes: registry.py FOLDER, which has

manifests/REF    what is sent for a tag or a digest, ":" as "-"
manifests/REF+   the same, from the second time on that it is asked for
blobs/HEX

The port is written to FOLDER/port; each request to FOLDER/log."""

import http.server
import json
import os
import sys

folder = sys.argv[1]
asked = set()


def read(*names):
    try:
        with open(os.path.join(folder, *names), "rb") as file:
            return file.read()
    except OSError:
        return None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self):
        with open(os.path.join(folder, "log"), "a", encoding="utf-8") as log:
            print(self.command, self.path, file=log)
        parts = self.path.split("/")
        kind, name = (parts[-2], parts[-1].replace(":", "-")) if len(parts) > 3 else ("", "")
        if kind == "manifests":
            data = name in asked and read(kind, name + "+") or read(kind, name)
            if self.command == "GET":
                asked.add(name)
        elif kind == "blobs":
            data = read(kind, name[len("sha256-"):])
        else:
            data = b"{}"
        self.send_response(200 if data is not None else 404)
        if data is None:
            data = b'{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}'
        try:
            self.send_header("Content-Type", json.loads(data)["mediaType"])
        except (ValueError, KeyError, TypeError):
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data)

    do_GET = do_HEAD = answer


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(os.path.join(folder, "port~"), "w", encoding="utf-8") as file:
    print(server.server_port, file=file)
os.rename(os.path.join(folder, "port~"), os.path.join(folder, "port"))
server.serve_forever()
