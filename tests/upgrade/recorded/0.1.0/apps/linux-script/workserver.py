#!/usr/bin/env python3
"""A small web server with something to do, so that autoscale has something to see.

/                 the machine and the version
/health           {"ApplicationHealthState": "Healthy"}, as the Application Health extension reads it
/work?seconds=N   keeps one processor busy for N seconds (0 to 60, default 5)

Usage: workserver.py [PORT]     (default 8080)
"""

import json
import os
import socket
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

VERSION = "1.0"
LONGEST_WORK = 60.0  # seconds: shorter than a balancer's idle timeout
WORKERS = threading.BoundedSemaphore(2 * (os.cpu_count() or 1))  # more work than this is refused, so that /health still answers


class WorkHandler(BaseHTTPRequestHandler):
    """Answers in JSON."""

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        if url.path == "/":
            self.answer(200, {"host": socket.gethostname(), "version": os.environ.get("WORKSERVER_VERSION") or VERSION})
        elif url.path == "/health":
            self.answer(200, {"ApplicationHealthState": "Healthy"})
        elif url.path == "/work":
            self.work(urllib.parse.parse_qs(url.query).get("seconds", ["5"])[0])
        else:
            self.answer(404, {"error": "not found; try /, /health or /work?seconds=5"})

    def work(self, text):
        try:
            seconds = float(text)
        except ValueError:
            seconds = -1.0
        if not 0 <= seconds <= LONGEST_WORK:
            self.answer(400, {"error": f"seconds is '{text}', expected a number from 0 to {LONGEST_WORK:g}"})
        elif not WORKERS.acquire(blocking=False):
            self.answer(503, {"error": "busy"})
        else:
            try:
                end = time.monotonic() + seconds
                while time.monotonic() < end:
                    pass
            finally:
                WORKERS.release()
            self.answer(200, {"host": socket.gethostname(), "worked": seconds})

    def answer(self, status, content):
        body = json.dumps(content).encode() + b"\n"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code="-", size="-"):
        if self.path != "/health":  # asked every few seconds
            super().log_request(code, size)


if __name__ == "__main__":
    ThreadingHTTPServer(("", int(sys.argv[1]) if len(sys.argv) > 1 else 8080), WorkHandler).serve_forever()
