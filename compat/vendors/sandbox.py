"""Starts `provider-sandbox` on a free port, consents as a pretend person, takes its notices, and counts tests. Shared by
compat/google and compat/microsoft."""

import http.server
import json
import os
import queue
import socket
import subprocess
import tempfile
import threading
import time
import traceback
import urllib.parse
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARY = os.environ.get("ANCHORPOINT_SANDBOX", ROOT + "/.build/debug/provider-sandbox")
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def equal(found, wanted):
    assert found == wanted, f"found {found!r}, wanted {wanted!r}"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None


class Sandbox:
    """One running sandbox with the people of `people`."""

    def __init__(self, people):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.base = f"http://127.0.0.1:{port}"
        self.file = tempfile.NamedTemporaryFile("w", suffix=".json")
        json.dump(people, self.file)
        self.file.flush()
        self.process = subprocess.Popen(
            [BINARY, "serve", "--port", str(port), "--people", self.file.name], stdout=subprocess.PIPE, text=True)
        assert "Pretend calendars" in self.process.stdout.readline()

    def stop(self):
        self.process.terminate()
        self.process.wait(10)

    def fault(self, kind, **takes):
        """A switch, by HTTP as JSON."""
        request = urllib.request.Request(
            self.base + "/faults", json.dumps({"kind": kind, **takes}).encode(), {"Content-Type": "application/json"})
        return json.load(urllib.request.urlopen(request))

    def fault_by_command(self, kind, *takes):
        return subprocess.run([BINARY, "fault", "--at", self.base, kind, *takes], capture_output=True, text=True)

    def consent(self, url, person, scopes=None, answer="allow"):
        """What the person's browser does at `url`; where the program is sent."""
        page = urllib.request.urlopen(url).read().decode()
        assert person in page and "stand-in" in page, page
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)
        chosen = query["scope"][0].split(" ") if scopes is None else scopes
        form = urllib.parse.urlencode([("as", person), ("answer", answer)] + [("scope", scope) for scope in chosen])
        try:
            urllib.request.build_opener(NoRedirect).open(url, form.encode())
        except urllib.error.HTTPError as error:
            equal(error.code, 302)
            return error.headers["Location"]
        raise AssertionError("no redirect")


class Listener:
    """Takes notices on loopback; `answer` is called with each request, and may say what goes back."""

    def __init__(self):
        taken = self.taken = queue.Queue()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
                token = query.get("validationToken", [""])[0]
                if not token:
                    taken.put((dict(self.headers.items()), body))
                self.send_response(200)
                self.send_header("Content-Type", "text/plain")
                self.send_header("Content-Length", str(len(token.encode())))
                self.end_headers()
                self.wfile.write(token.encode())

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/notices"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def next(self, timeout=10):
        return self.taken.get(timeout=timeout)

    def is_silent(self, seconds=1):
        try:
            self.taken.get(timeout=seconds)
            return False
        except queue.Empty:
            return True


def run(world):
    """Runs every test on `world` and prints `N passed, N failed`; the exit code."""
    failed = 0
    for function in TESTS:
        try:
            function(world)
            print(f"passed {function.__name__}", flush=True)
        except Exception:
            failed += 1
            print(f"FAILED {function.__name__}", flush=True)
            traceback.print_exc()
    print(f"{len(TESTS) - failed} passed, {failed} failed")
    return 1 if failed else 0
