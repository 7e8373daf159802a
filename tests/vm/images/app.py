#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A web application: its entry point is this script."""

import hashlib
import http.server
import json
import signal
import sys


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        text = json.dumps({"app": "python", "digest": hashlib.sha256(self.path.encode()).hexdigest()})
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text.encode() + b"\n")


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
http.server.ThreadingHTTPServer(("", 8080), Page).serve_forever()
