"""Faults of what the server stands on, under load: a full disk, a disk that refuses to sync, a database server that goes
away. Requests are answered plainly, what was answered stays, and work goes on by itself when the fault is over. Run with
ANCHORPOINT_BINARY set to the program, in the virtual environment of the tests. Ends with `N passed, N failed`."""

import contextlib
import os
import re
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "pycronofy"))

import pycronofy  # noqa: E402
import requests  # noqa: E402

from kit import BINARY, Server, World, at, equal  # noqa: E402

TESTS = []
POSTGRES = os.path.join(os.path.dirname(__file__), "..", "..", "Scripts", "postgres-server")
# What no answer may show.
FORBIDDEN = ["/tmp/", "/dev/shm", ".swift", "SELECT ", "INSERT ", "SQLITE", "GRDB", "libpq", "postgres://"]
SLOWEST = 15  # seconds for one answer, faults or not


def test(function):
    TESTS.append(function)
    return function


class Load:
    """Threads that write events and read them, and all that they are answered."""

    def __init__(self, world, writers=4, readers=2):
        self.world, self.stop, self.lock = world, threading.Event(), threading.Lock()
        self.writes, self.reads = [], []  # (event id, status), (path, status)
        self.faults, self.texts = [], set()
        self.threads = [threading.Thread(target=self.write, args=(number,)) for number in range(writers)]
        self.threads += [threading.Thread(target=self.read) for _ in range(readers)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def ask(self, method, path, **options):
        began = time.monotonic()
        try:
            answer = self.world.call(method, path, **options)
        except requests.RequestException as fault:
            self.faults.append(f"{method} {path}: {fault}")
            return None
        took = time.monotonic() - began
        if took > SLOWEST:
            self.faults.append(f"{method} {path} took {took:.0f} s")
        if answer.status_code >= 500:
            self.texts.add((answer.status_code, answer.headers.get("Retry-After"), answer.text))
        return answer.status_code

    def write(self, number):
        count = 0
        while not self.stop.is_set():
            count += 1
            name = f"load-{id(self)}-{number}-{count}"
            event = self.world.event(name, at(count % 24), at(count % 24, 30))
            status = self.ask("POST", f"/v1/calendars/{self.world.calendar}/events", json={**event, "description": "x" * 4_000})
            with self.lock:
                self.writes.append((name, status))

    def read(self):
        while not self.stop.is_set():
            for path in ("/v1/events?tzid=Etc/UTC&include_managed=true", "/v1/calendars", "/v1/free_busy?tzid=Etc/UTC"):
                status = self.ask("GET", path)
                with self.lock:
                    self.reads.append((path, status))
            time.sleep(0.05)

    def answered(self, status):
        return [name for name, got in self.writes if got == status]

    def until(self, condition, seconds=60):
        end = time.monotonic() + seconds
        while not condition():
            refused = [pair for pair in self.writes if 400 <= (pair[1] or 0) < 500]
            assert time.monotonic() < end and not refused, f"it did not come to that: {self.summary()} {self.faults[:3]}"
            time.sleep(0.05)

    def summary(self):
        count = lambda pairs: {status: sum(got == status for _, got in pairs) for status in {got for _, got in pairs}}  # noqa: E731
        return f"writes {count(self.writes)}, reads {count(self.reads)}"


def stored(world):
    """The ids of all events of a person, as the API gives them; each must stand once."""
    events = world.sdk.read_events(tzid="Etc/UTC", only_managed=True).all()
    names = [event["event_id"] for event in events]
    equal(len(names), len(set(names)))
    return set(names), events


def settled(world, seconds=60):
    """Waits until the jobs have done every write."""
    end = time.monotonic() + seconds
    while True:
        names, events = stored(world)
        waiting = [event["event_id"] for event in events if event["write"]["state"] != "written"]
        if not waiting:
            return names
        assert time.monotonic() < end, f"{len(waiting)} of {len(names)} writes are left lying"
        time.sleep(0.5)


def plain(load, status, words):
    """That every answer of 500 and above is this one, says these words and nothing of the inside."""
    assert load.texts, "the fault was not met"
    for found, retry, text in load.texts:
        equal(found, status)
        assert retry, f"no Retry-After: {text}"
        missing = [word for word in words if word not in text]
        leaked = [word for word in FORBIDDEN if word in text]
        assert not missing and not leaked, f"{missing} missing, {leaked} leaked: {text}"


class Tmpfs:
    """A small disk of its own, filled by a file."""

    def __init__(self, folder):
        self.folder = folder
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder], check=True)

    def fill(self, _):
        with open(f"{self.folder}/ballast", "wb", buffering=0) as file, contextlib.suppress(OSError):
            for size in (1 << 20, 4096, 1):
                with contextlib.suppress(OSError):
                    while True:
                        file.write(b"x" * size)

    def empty(self, _):
        os.remove(f"{self.folder}/ballast")

    def end(self):
        subprocess.run(["umount", "-l", self.folder], check=True)


class FileLimit:
    """No disk of its own: the server's files may not grow. Needs no rights; the system's error is another."""

    def __init__(self, folder):
        self.folder = folder

    def fill(self, process):
        largest = max(os.path.getsize(f"{self.folder}/{name}") for name in os.listdir(self.folder))
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))

    def empty(self, process):
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def end(self):
        pass


def full_disk(make):
    folder = tempfile.mkdtemp(prefix="anchorpoint-full-")
    volume = make(folder)
    server = Server(f"sqlite:{folder}/data.db", log=subprocess.DEVNULL)
    try:
        world = World(server)
        with Load(world) as load:
            load.until(lambda: len(load.answered(202)) > 50)
            assert not load.texts, f"the control: without the fault all is well, but {load.texts}"
            volume.fill(server.process)
            load.until(lambda: len(load.answered(507)) > 50)
            equal(requests.get(server.base + "/readyz", timeout=5).status_code, 200)
            link = requests.get(server.base + "/sign-in", timeout=5)
            equal(link.status_code, 200)
            # What is in hand now was begun on the full disk.
            begun, failed = len(load.answered(202)), len(load.answered(507))
            load.until(lambda: len(load.answered(507)) > failed + 50)
            few = len(load.answered(202)) - begun
            assert few < 50, f"{few} writes succeeded on a full disk"
            volume.empty(server.process)
            back = len(load.answered(202))
            load.until(lambda: len(load.answered(202)) > back + 50)
        plain(load, 507, ["storage_full", "nothing was changed", "full"])
        equal(load.faults, [])
        equal({status for _, status in load.reads}, {200})
        equal({status for _, status in load.writes}, {202, 507})
        names = settled(world)
        equal(set(load.answered(202)) - names, set())
        equal(set(load.answered(507)) & names, set())
        with contextlib.closing(sqlite3.connect(f"file:{folder}/data.db?mode=ro", uri=True)) as file:
            equal(file.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
        return load.summary()
    finally:
        server.stop()
        volume.end()
        shutil.rmtree(folder, ignore_errors=True)


@test
def a_disk_that_is_full():
    if os.geteuid() == 0:
        return full_disk(Tmpfs)
    # A disk of one's own needs rights, which are had in a name space.
    done = subprocess.run(["unshare", "--user", "--map-root-user", "--mount", sys.executable, __file__, "a_disk_that_is_full"],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()[0]


@test
def files_that_may_not_grow():
    return full_disk(FileLimit)


@test
def a_disk_that_refuses_to_sync():
    """The process ends at once, acknowledges nothing more, and the next one goes on with all that was."""
    folder = tempfile.mkdtemp(prefix="anchorpoint-sync-")
    database = f"sqlite:{folder}/data.db"
    server = Server(database, log=subprocess.DEVNULL)
    try:
        world = World(server)
        with Load(world, writers=4, readers=0) as load:
            load.until(lambda: len(load.answered(202)) > 50)
            tracer = subprocess.Popen(
                ["strace", "-f", "-qq", "-o", os.devnull, "-p", str(server.process.pid), "-e", "trace=fsync,fdatasync",
                 "-e", "inject=fsync,fdatasync:error=EIO:when=20+"], stderr=subprocess.DEVNULL)
            equal(server.process.wait(30), os.EX_IOERR)
            tracer.wait(10)
        assert all(status in (202, None) for _, status in load.writes), load.summary()
        equal({text for _, _, text in load.texts}, set())
        again = Server(database, log=subprocess.DEVNULL)
        world.server, world.sdk = again, pycronofy.Client(access_token=world.ada["access_token"])
        try:
            names = settled(world)
            equal(set(load.answered(202)) - names, set())
        finally:
            again.stop()
        return f"ended after {len(load.answered(202))} answered writes"
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(server.process.pid, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


def postgres(action, folder):
    subprocess.run([POSTGRES, action, folder], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=True)


@test
def a_database_server_that_goes_away():
    """Stopped and begun again, and every connection cut, under load: 503, then all goes on without a hand."""
    folder = tempfile.mkdtemp(prefix="anchorpoint-away-")
    postgres("start", f"{folder}/pg")
    with open(f"{folder}/pg/url") as file:
        url = file.read().strip()
    server = Server(url, log=subprocess.DEVNULL)
    try:
        world = World(server)
        with Load(world) as load:
            load.until(lambda: len(load.answered(202)) > 50)
            assert not load.texts, f"the control: without the fault all is well, but {load.texts}"
            for _ in range(5):
                subprocess.run(["psql", "--no-psqlrc", "-qtA", url, "-c", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                "WHERE application_name = 'anchorpoint'"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
                done = len(load.answered(202))
                load.until(lambda: len(load.answered(202)) > done + 20)
            for _ in range(2):
                postgres("halt", f"{folder}/pg")
                lost = len(load.answered(503))
                load.until(lambda: len(load.answered(503)) > lost + 20)
                equal(requests.get(server.base + "/healthz", timeout=5).status_code, 200)
                equal(requests.get(server.base + "/readyz", timeout=10).status_code, 503)
                page = requests.get(server.base + "/", cookies={"session": "x" * 40, "__Host-session": "x" * 40}, timeout=10)
                assert page.status_code in (401, 503), page.status_code
                postgres("resume", f"{folder}/pg")
                done, began = len(load.answered(202)), time.monotonic()
                load.until(lambda: len(load.answered(202)) > done + 20, seconds=15)
                back = time.monotonic() - began
            equal(requests.get(server.base + "/readyz", timeout=5).status_code, 200)
        plain(load, 503, ["unavailable", "try again"])
        equal(load.faults, [])
        equal({status for _, status in load.writes} | {status for _, status in load.reads}, {200, 202, 503})
        # A commit whose answer was lost may stand; asked for again by its id, it stands once.
        for name in load.answered(503)[:20]:
            again = world.call("POST", f"/v1/calendars/{world.calendar}/events", json=world.event(name, at(1), at(2)))
            equal(again.status_code, 202)
        names = settled(world)
        equal(set(load.answered(202)) - names, set())
        equal(set(load.answered(503)[:20]) - names, set())
        return f"{load.summary()}, back after {back:.1f} s"
    finally:
        server.stop()
        postgres("stop", f"{folder}/pg")
        shutil.rmtree(folder, ignore_errors=True)


def seconds_to_ready(database):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    began = time.monotonic()
    process = subprocess.Popen([BINARY, "serve", "--empty", "--port", str(port), "--database", database],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            with contextlib.suppress(requests.ConnectionError):
                if requests.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200:
                    return time.monotonic() - began
            assert time.monotonic() - began < 60, "it is never ready"
            time.sleep(0.005)
    finally:
        process.kill()
        process.wait()


@test
def no_fault_but_a_start():
    """Ready in under a second: the best of ten starts, each after a kill, for what else the machine does is not ours. It is
    asked of a new database, with all its migrations, and of one that is there."""
    folder = tempfile.mkdtemp(prefix="anchorpoint-start-")
    try:
        new = min(seconds_to_ready(f"sqlite:{folder}/{number}.db") for number in range(10))
        again = min(seconds_to_ready(f"sqlite:{folder}/0.db") for _ in range(10))
        assert new < 1 and again < 1, f"ready after {new:.2f} s with a new database, {again:.2f} s with a known one"
        return f"ready after {new:.2f} s with a new database, {again:.2f} s with a known one"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main():
    passed = failed = 0
    wanted = sys.argv[1:]
    for function in TESTS:
        if wanted and not any(re.search(word, function.__name__) for word in wanted):
            continue
        started = time.monotonic()
        try:
            said = function()
            passed += 1
            print(f"ok      {function.__name__} ({time.monotonic() - started:.1f} s): {said}", flush=True)
        except Exception:
            failed += 1
            print(f"FAILED  {function.__name__}\n{traceback.format_exc()}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
