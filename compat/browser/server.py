"""The server under test, a CalDAV server and a calendar file to connect to, each on a free port of loopback."""

import contextlib
import http.server
import os
import pathlib
import queue
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time

FEED = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//example//tests//EN\r
X-WR-CALNAME:Ferry\r
BEGIN:VEVENT\r
UID:ferry-1\r
DTSTAMP:20260101T000000Z\r
DTSTART:20260105T080000Z\r
DTEND:20260105T090000Z\r
SUMMARY:Ferry\r
RRULE:FREQ=DAILY\r
END:VEVENT\r
END:VCALENDAR\r
"""


def free_port():
    with contextlib.closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait_for(port, process, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process is not None and process.poll() is not None:
            raise RuntimeError(f"ended with {process.returncode} before it answered")
        with contextlib.closing(socket.socket()) as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"nothing answered on port {port}")


@contextlib.contextmanager
def stopped_at_the_end(process):
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def anchorpoint():
    """`anchorpoint serve --sample` on a database of its own. Gives the address and the sign-in link it prints."""
    if url := os.environ.get("ANCHORPOINT_URL"):
        yield url, os.environ["ANCHORPOINT_LINK"]
        return
    binary = os.environ.get("ANCHORPOINT_BINARY")
    if not binary:
        raise SystemExit("set ANCHORPOINT_BINARY to the anchorpoint program")
    with tempfile.TemporaryDirectory(prefix="anchorpoint-browser-") as folder:
        port = free_port()
        command = [binary, "serve", "--sample", "--host", "127.0.0.1", "--port", str(port)]
        command += ["--database", f"sqlite:{folder}/browser.sqlite", "--public-url", f"http://127.0.0.1:{port}"]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder)
        with stopped_at_the_end(process):
            yield f"http://127.0.0.1:{port}", sign_in_link(process, port)


def sign_in_link(process, port):
    lines = queue.Queue()

    def read():  # Goes on to the end, so that the server never waits for its output to be read.
        for line in process.stdout:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    seen = []
    while True:
        try:
            line = lines.get(timeout=60)
        except queue.Empty:
            line = None
        if line is None:
            raise RuntimeError("the server printed no sign-in link:\n" + "".join(seen))
        seen.append(line)
        if found := re.search(r"(/sign-in/[A-Za-z0-9]+)", line):
            wait_for(port, process)
            return found[1]


@contextlib.contextmanager
def caldav():
    """Radicale with one user, one calendar and one event. Gives its address."""
    with tempfile.TemporaryDirectory(prefix="radicale-browser-") as folder:
        root, port = pathlib.Path(folder), free_port()
        (root / "users").write_text("anna:correct horse\n")
        calendar = root / "collections" / "collection-root" / "anna" / "trips"
        calendar.mkdir(parents=True)
        (calendar / ".Radicale.props").write_text('{"tag": "VCALENDAR", "D:displayname": "Trips"}')
        (calendar / "one.ics").write_text(FEED.replace("ferry-1", "one").replace("SUMMARY:Ferry", "SUMMARY:Rafting"))
        command = [sys.executable, "-m", "radicale", "--hosts", f"127.0.0.1:{port}"]
        command += ["--storage-filesystem-folder", str(root / "collections"), "--auth-type", "htpasswd"]
        command += ["--auth-htpasswd-filename", str(root / "users"), "--auth-htpasswd-encryption", "plain"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with stopped_at_the_end(process):
            wait_for(port, process)
            yield f"http://127.0.0.1:{port}/"


@contextlib.contextmanager
def feed():
    """A calendar file over HTTP. Gives its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = FEED.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/calendar")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/ferry.ics"
    finally:
        server.shutdown()
