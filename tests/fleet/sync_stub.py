#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""A server of Santa's sync protocol that misbehaves on request.

usage: sync_stub.py FOLDER

Stages, fields and statuses are those of docs/development/sync-protocol.md of google/santa;
bodies have to be deflated, and a failure is status 500 with {"error": ...}, as Moroz has it
(groob/moroz, moroz/server.go). FOLDER has server.pem, ca.pem, what to say (plan, read at each
request) and files; the server writes port, requests (a line of JSON each) and events.

The plan is an object. "preflight": the answer. "pages": lists of rules. "faults": of a stage,
what to do instead at its next requests, in order; the plan's "id" says that it is a new one.
"poison": a text; events whose path has it are refused with status 500. "xsrf": a token that
requests must have.
"""

import gzip
import http.server
import json
import os
import ssl
import sys
import threading
import zlib

FOLDER = sys.argv[1]
LOCK = threading.Lock()
STATE = {"id": None, "faults": {}}


def path(name):
    """A file of the folder."""
    return os.path.join(FOLDER, name)


def read_plan():
    """What to say now."""
    with open(path("plan"), encoding="utf-8") as file:
        plan = json.load(file)
    if plan["id"] != STATE["id"]:
        STATE["id"] = plan["id"]
        STATE["faults"] = {k: list(v) for k, v in plan.get("faults", {}).items()}
    return plan


def note(name, value):
    """Add a line of JSON."""
    with open(path(name), "a", encoding="ascii") as file:
        file.write(json.dumps(value) + "\n")


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Nothing: the files tell."""

    def answer(self, body, status=200, kind="application/json; charset=utf-8", **headers):
        """The whole answer."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def half(self, body):
        """The connection ends within the answer."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body) + 100))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def wrong(self, fault, body):
        """An answer that is none."""
        if fault == "drop":
            self.half(body)
        elif fault == "hang":
            # Until the client gives up.
            self.connection.recv(1)
            self.close_connection = True
        elif fault == "close":
            self.close_connection = True
        elif fault == "302":
            self.answer(b"", 302, Location=f"http://localhost:{self.server.server_port}/x")
        elif fault == "html":
            self.answer(b"<html>Sign in</html>", kind="text/html")
        elif fault == "plain":
            self.answer(b"{}", kind="text/plain")
        elif fault == "broken":
            self.answer(b'{"rules": [{"identi')
        elif fault == "list":
            self.answer(b"[]")
        elif fault == "twice":
            self.answer(b'{"batch_size": 1, "batch_size": 2}')
        elif fault == "deep":
            self.answer(b"[" * 100000)
        elif fault == "huge":
            self.answer(b'{"x": "' + b"x" * (5 << 20) + b'"}')
        elif fault == "gzip":
            self.answer(gzip.compress(b" " * (64 << 20) + b"{}"), Content_Encoding="gzip")
        else:
            self.answer(b'{"error": "asked for"}', int(fault))

    def take_fault(self, stage):
        """The next one of the stage, or None."""
        faults = STATE["faults"].get(stage)
        return faults.pop(0) if faults else None

    def refuses(self, plan, request):
        """Is there an event that this server cannot take?"""
        poison = plan.get("poison")
        return poison and any(poison in e["file_path"] for e in request["events"])

    def take(self, plan, stage, request):
        """The server's part: the answer, and what it keeps."""
        if stage == "preflight":
            return plan.get("preflight", {"batch_size": 10, "client_mode": "MONITOR"})
        if stage == "eventupload":
            for event in request["events"]:
                note("events", event)
            return {"event_upload_bundle_binaries": []}
        if stage == "ruledownload":
            pages = plan.get("pages", [[]])
            page = int(request.get("cursor", "page 0").split()[1])
            answer = {"rules": pages[page % len(pages)]}
            if page + 1 < len(pages) or plan.get("endless"):
                answer["cursor"] = f"page {page + 1}"
            return answer
        return {}

    def do_POST(self):  # pylint: disable=invalid-name
        """A stage."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with LOCK:
            plan = read_plan()
            base, stage, machine = self.path.rsplit("/", 2)
            fault = self.take_fault(stage)
            cert = self.connection.getpeercert() or {}
            note("requests", {
                "stage": stage, "base": base, "machine": machine, "fault": fault,
                "secret": self.headers.get("X-Secret"),
                "client": dict(x[0] for x in cert.get("subject", ())).get("commonName"),
                "coding": self.headers.get("Content-Encoding"),
                "accepts": self.headers.get("Accept-Encoding"),
                "request": json.loads(zlib.decompress(body))})
            request = json.loads(zlib.decompress(body))
            if stage == "xsrf":
                return self.answer(b"{}", X_XSRF_TOKEN=plan["xsrf"])
            if plan.get("xsrf", "") != (self.headers.get("X-XSRF-TOKEN") or ""):
                return self.answer(b"{}", 403)
            if fault and fault not in ("drop", "hang"):
                return self.wrong(fault, b"")
            if stage == "eventupload" and self.refuses(plan, request):
                return self.answer(b'{"error": "cannot"}', 500)
            answer = json.dumps(self.take(plan, stage, request)).encode()
        # Taken, and the client does not learn of it.
        return self.wrong(fault, answer) if fault else self.answer(answer)

    def do_GET(self):  # pylint: disable=invalid-name
        """A file."""
        with LOCK:
            read_plan()
            fault = self.take_fault("files")
            cert = self.connection.getpeercert() or {}
            note("requests", {"stage": "files", "path": self.path,
                              "secret": self.headers.get("X-Secret"), "client": bool(cert)})
        name = path("files/" + os.path.basename(self.path))
        if fault:
            return self.wrong(fault, b"")
        if not os.path.exists(name):
            return self.answer(b"", 404)
        with open(name, "rb") as file:
            return self.answer(file.read(), kind="application/octet-stream")


class Server(http.server.ThreadingHTTPServer):
    """Clients that go away are no news."""

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def main():
    """Serve until the process is ended."""
    server = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path("server.pem"))
    context.load_verify_locations(path("ca.pem"))
    context.verify_mode = ssl.CERT_OPTIONAL
    # The handshake is each connection's own, or one client could stop all.
    server.socket = context.wrap_socket(server.socket, server_side=True,
                                        do_handshake_on_connect=False)
    with open(path("port.new"), "w", encoding="ascii") as file:
        file.write(str(server.server_port))
    os.rename(path("port.new"), path("port"))
    server.serve_forever()


main()
