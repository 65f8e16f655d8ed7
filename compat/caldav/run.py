"""Real CalDAV servers through the command line: connect, sync, list, availability. Run with ANCHORPOINT_BINARY set to the
program, in the virtual environment that has the servers. Ends with `N passed, N failed`.

Usage: run.py [--events 5000] [--servers radicale,xandikos]
"""

import argparse
import base64
import contextlib
import datetime
import http.client
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback

BINARY = os.environ.get("ANCHORPOINT_BINARY") or sys.exit("set ANCHORPOINT_BINARY to the anchorpoint program")
OPTIONS = argparse.ArgumentParser()
OPTIONS.add_argument("--events", type=int, default=5000, help="a tenth of them are series with exceptions")
OPTIONS.add_argument("--servers", default="radicale,xandikos")
USER, PASSWORD = "anna", "correct horse"
UTC = datetime.timezone.utc
FIRST_DAY = (datetime.datetime.now(UTC) + datetime.timedelta(days=2)).replace(hour=0, minute=0, second=0, microsecond=0)
DAYS = 600
FORMAT = "%Y%m%dT%H%M%SZ"


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# What the calendar holds, and when that makes a person busy: worked out here, by other means than the program's.

def calendar(*events):
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//tests//EN", *events, "END:VCALENDAR", ""])


def event(uid, start, *lines, hours=1, title="Taken"):
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", f"DTSTART:{start.strftime(FORMAT)}",
                        f"DTEND:{(start + datetime.timedelta(hours=hours)).strftime(FORMAT)}", f"SUMMARY:{title}", *lines,
                        "END:VEVENT"])


def single_start(number):
    return FIRST_DAY + datetime.timedelta(days=number % DAYS, hours=8 + number // DAYS)


def series(number):
    """Four weeks at 20:00; the second is left out, the third is moved to 22:00."""
    start = FIRST_DAY + datetime.timedelta(days=number % DAYS, hours=20)
    week = datetime.timedelta(days=7)
    moved = start + 2 * week
    text = calendar(
        event(f"s{number}", start, "RRULE:FREQ=WEEKLY;COUNT=4", f"EXDATE:{(start + week).strftime(FORMAT)}"),
        event(f"s{number}", moved + datetime.timedelta(hours=2), f"RECURRENCE-ID:{moved.strftime(FORMAT)}"))
    return text, {start, moved + datetime.timedelta(hours=2), start + 3 * week}


class Content:
    def __init__(self, total):
        self.files, self.busy = {}, {}
        for number in range(total // 10):
            self.files[f"s{number}"], self.busy[f"s{number}"] = series(number)
        for number in range(total - total // 10):
            self.set(f"e{number}", single_start(number))

    def set(self, uid, start):
        self.files[uid], self.busy[uid] = calendar(event(uid, start)), {start}

    def remove(self, uid):
        del self.files[uid], self.busy[uid]

    def free(self, first, days):
        """Free stretches of these days, as text."""
        end = first + datetime.timedelta(days=days)
        taken = set().union(*self.busy.values())
        hours = [first + datetime.timedelta(hours=hour) for hour in range(24 * days)]
        stretches, start = [], None
        for hour in [*hours, end]:
            is_free = hour < end and hour not in taken
            if is_free and start is None:
                start = hour
            if not is_free and start is not None:
                stretches.append((start, hour))
                start = None
        return [tuple(moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in pair) for pair in stretches]


class Tap:
    """A door to the server that counts what passes: requests, items asked for, bytes answered."""

    def __init__(self, target):
        self.target, self.port = target, free_port()
        self.reset()
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self.accept, daemon=True).start()

    def reset(self):
        self.bytes = 0
        self.sent = b""

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            try:
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                client.close()
                continue
            threading.Thread(target=self.pump, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self.pump, args=(server, client, False), daemon=True).start()

    def pump(self, source, target, is_request):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if is_request:
                    self.sent += data
                else:
                    self.bytes += len(data)
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def count(self):
        """Items asked for since the last reset, by GET or in a multiget; and bytes answered."""
        gets = self.sent.count(b"GET /")
        return gets + sum(part.count(b"<D:href>") for part in self.sent.split(b"calendar-multiget")[1::2]), self.bytes


class CalDAV:
    """A real server on a folder of its own with one calendar."""

    def __init__(self, root):
        self.root, self.port = pathlib.Path(root), free_port()
        self.process = None
        self.prepare()
        self.start()

    def start(self):
        self.process = subprocess.Popen([sys.executable, *self.arguments()], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError(f"{self.name} did not start")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def fill(self, files):
        for uid, text in files.items():
            (self.folder / f"{uid}.ics").write_text(text, newline="")

    def request(self, method, name, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        token = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        headers |= {"Authorization": f"Basic {token}", "Content-Type": "text/calendar; charset=utf-8"}
        connection.request(method, self.path + name, body.encode() if body else None, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {name}: {answer.status} {text[:200]}")
        return text

    def warm(self):
        """Files laid behind its back are new to the server: the reading of all of them is not what is measured."""
        self.request("PROPFIND", "", None, Depth="1")

    def put(self, uid, text):
        self.request("PUT", f"{uid}.ics", text)


class Radicale(CalDAV):
    name, path, checks_passwords = "Radicale", "/anna/trips/", True

    def prepare(self):
        self.set_password(PASSWORD)
        self.folder = self.root / "data" / "collection-root" / "anna" / "trips"
        self.folder.mkdir(parents=True)
        (self.folder / ".Radicale.props").write_text('{"tag": "VCALENDAR", "D:displayname": "Trips"}')

    def set_password(self, password):
        (self.root / "users").write_text(f"{USER}:{password}\n")

    def arguments(self):
        return ["-m", "radicale", "--server-hosts", f"127.0.0.1:{self.port}", "--auth-type", "htpasswd",
                "--auth-htpasswd-filename", str(self.root / "users"), "--auth-htpasswd-encryption", "plain",
                "--auth-delay", "0", "--storage-filesystem-folder", str(self.root / "data"), "--logging-level", "error"]

    def forget_tokens(self):
        shutil.rmtree(self.folder / ".Radicale.cache" / "sync-token")


class Xandikos(CalDAV):
    name, path, checks_passwords = "Xandikos", "/anna/calendars/calendar/", False

    def prepare(self):
        self.folder = self.root / "data" / "anna" / "calendars" / "calendar"

    def arguments(self):
        return ["-m", "xandikos", "serve", "-d", str(self.root / "data"), "--defaults", "--current-user-principal",
                "/anna/", "-l", "127.0.0.1", "-p", str(self.port)]

    def fill(self, files):
        super().fill(files)
        self.commit()

    def commit(self):
        from dulwich import porcelain
        names = [str(path) for path in self.folder.glob("*.ics")]
        porcelain.add(str(self.folder), names)
        porcelain.commit(str(self.folder), message=b"fill", author=b"A <a@example.org>", committer=b"A <a@example.org>")

    def forget_tokens(self):
        """Its tokens are names of Git trees: a history that begins anew has none of the old ones."""
        from dulwich.repo import Repo
        git = self.folder / ".git"
        config = (git / "config").read_bytes()
        others = [path for path in self.folder.iterdir() if path.name != ".git" and path.suffix != ".ics"]
        shutil.rmtree(git)
        Repo.init(str(self.folder)).close()
        (git / "config").write_bytes(config)
        if others:
            from dulwich import porcelain
            porcelain.add(str(self.folder), [str(path) for path in others])
        self.commit()


class Anchorpoint:
    def __init__(self, root):
        self.root, self.port = root, free_port()
        self.database = f"sqlite:{root}/anchorpoint.sqlite"
        self.process = subprocess.Popen(
            [BINARY, "serve", "--port", str(self.port), "--database", self.database, "--empty"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 30
        while time.monotonic() < end:
            with contextlib.closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    break
            time.sleep(0.05)

    def run(self, *arguments, stdin=""):
        return subprocess.run([BINARY, *arguments, "--database", self.database, "--json"], capture_output=True, text=True,
                              input=stdin, timeout=300)

    def command(self, *arguments, stdin=""):
        done = self.run(*arguments, stdin=stdin)
        assert done.returncode == 0, f"{arguments}: {done.returncode} {done.stderr}"
        return json.loads(done.stdout)

    def api(self, method, path, token, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connection.request(method, path, json.dumps(body) if body else None, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        assert answer.status < 300, f"{method} {path}: {answer.status} {text}"
        return json.loads(text) if text.strip() else None

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


class Journey:
    """One server from connecting to an edit on both sides; each step goes on from the last."""

    def __init__(self, kind, root, total):
        self.caldav = kind(os.path.join(root, "caldav"))
        self.content = Content(total)
        self.caldav.fill(self.content.files)
        self.caldav.warm()
        self.tap = Tap(self.caldav.port)
        self.anchorpoint = Anchorpoint(root)
        self.client = self.anchorpoint.command("applications", "create", "--name", "CalDAV")["client_id"]
        self.person = self.anchorpoint.command(
            "accounts", "create", "--client-id", self.client, "--email", "anna@example.com", "--time-zone", "Etc/UTC")

    def stop(self):
        self.anchorpoint.stop()
        self.caldav.stop()

    def connect(self, password):
        return self.anchorpoint.run(
            "calendars", "connect", "--account", self.person["sub"], "--provider", "caldav", "--url",
            f"http://127.0.0.1:{self.tap.port}/", "--username", USER, "--password-stdin", stdin=password + "\n")

    def sync(self):
        return self.anchorpoint.command("sync", "--account", self.person["sub"], "--wait")["profiles"][0]

    def own(self):
        calendars = self.anchorpoint.command("calendars", "list", "--account", self.person["sub"])["calendars"]
        return next(one for one in calendars if one["calendar_id"] == self.calendar)

    def expect_in_step(self, state="connected"):
        profile = self.sync()
        assert profile["state"] == state, profile
        self.expect_free()
        return profile

    def expect_free(self, first=0, days=34):
        start = FIRST_DAY + datetime.timedelta(days=first)
        found = self.anchorpoint.command(
            "availability", "--accounts", self.person["sub"], "--from", start.strftime("%Y-%m-%dT%H:%M:%SZ"), "--to",
            (start + datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ"), "--duration", "60m")
        found = [(one["start"], one["end"]) for one in found["available_periods"]]
        expected = self.content.free(start, days)
        assert found == expected, f"free time differs: {sorted(set(found) ^ set(expected))[:6]}"

    # The steps, in order.

    def wrong_password(self):
        if not self.caldav.checks_passwords:
            return "not shown: this server leaves passwords to others"
        done = self.connect("wrong")
        assert done.returncode == 77, (done.returncode, done.stderr)
        assert "refused" in done.stderr and "wrong" not in done.stderr, done.stderr
        left = self.anchorpoint.command("calendars", "list", "--account", self.person["sub"])["calendars"]
        assert left == [], left
        return done.stderr.strip()

    def first_sync(self):
        begun = time.monotonic()
        done = self.connect(PASSWORD)
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout)
        self.calendar = answer["calendars"][0]["calendar_id"]
        profile = self.sync()
        took = time.monotonic() - begun
        assert (profile["state"], profile["items"]) == ("connected", len(self.content.files)), profile
        own = self.own()
        assert own["calendar_synced_at"] and own.get("calendar_incomplete") is None, own
        self.expect_free()
        self.expect_free(first=300)
        return f"{profile['items']} items in {took:.1f} s"

    def ten_changes(self):
        for number in range(4):
            uid = f"e{number}"
            self.content.set(uid, FIRST_DAY + datetime.timedelta(days=number, hours=2))
            self.caldav.put(uid, self.content.files[uid])
        for number in range(3):
            self.content.set(f"new{number}", FIRST_DAY + datetime.timedelta(days=number, hours=4))
            self.caldav.put(f"new{number}", self.content.files[f"new{number}"])
        for uid in ["e7", "e8", "s0"]:
            self.content.remove(uid)
            self.caldav.request("DELETE", f"{uid}.ics")
        self.tap.reset()
        self.expect_in_step()
        items, size = self.tap.count()
        assert items == 7, f"{items} items were asked for, not the 7 that changed"
        assert size < 40_000, f"{size} bytes for ten changes"
        return f"{items} items, {size} bytes"

    def nothing_changed(self):
        self.tap.reset()
        self.expect_in_step()
        items, size = self.tap.count()
        assert items == 0, items
        return f"{size} bytes"

    def invalid_token(self):
        self.caldav.stop()
        (self.caldav.folder / "e20.ics").unlink()
        self.content.remove("e20")
        self.content.set("e21", FIRST_DAY + datetime.timedelta(days=21, hours=3))
        (self.caldav.folder / "e21.ics").write_text(self.content.files["e21"], newline="")
        self.caldav.forget_tokens()
        self.caldav.start()
        self.tap.reset()
        profile = self.expect_in_step()
        assert profile["items"] == len(self.content.files), profile
        items, size = self.tap.count()
        assert items <= 60, f"{items} items were fetched again"
        return f"{items} items fetched again of {profile['items']}, {size} bytes"

    def gone_and_back(self):
        self.caldav.stop()
        profile = self.sync()
        assert profile["state"] == "failing" and profile["cause"], profile
        assert profile["items"] == len(self.content.files), "something was lost while the server was away"
        self.expect_free()
        self.caldav.start()
        uid = "e30"
        self.content.set(uid, FIRST_DAY + datetime.timedelta(days=30, hours=3))
        self.caldav.put(uid, self.content.files[uid])
        self.expect_in_step()
        return f"failing with cause {profile['cause']}, then connected"

    def poisoned(self):
        moment = FIRST_DAY + datetime.timedelta(days=1, hours=1)
        lost = event("poison", moment).replace(f"DTSTART:{moment.strftime(FORMAT)}",
                                               f"DTSTART;TZID=Nowhere/Atlantis:{moment.strftime(FORMAT)[:-1]}")
        self.caldav.put("poison", calendar(lost))
        self.content.set("good", FIRST_DAY + datetime.timedelta(days=1, hours=5))
        self.caldav.put("good", self.content.files["good"])
        profile = self.expect_in_step()
        assert profile["put_aside"] == 1, profile
        self.caldav.request("DELETE", "poison.ics")
        profile = self.expect_in_step()
        assert profile["put_aside"] == 0, profile
        return "1 put aside, the good one beside it read; none once it is gone"

    def both_sides(self):
        start = FIRST_DAY + datetime.timedelta(days=3, hours=6)
        body = {"event_id": "trip-1", "summary": "Rafting", "description": "Bring shoes", "tzid": "Etc/UTC",
                "start": start.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "end": (start + datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")}
        path, token = f"/v1/calendars/{self.calendar}/events", self.person["access_token"]
        before = {one.name for one in self.caldav.folder.glob("*.ics")}
        self.anchorpoint.api("POST", path, token, body)
        self.content.busy["trip-1"] = {start}
        self.expect_in_step()
        [name] = {one.name for one in self.caldav.folder.glob("*.ics")} - before
        there = self.caldav.request("GET", name)
        assert "SUMMARY:Rafting" in there, there
        # There the title changes, here the text: both hold.
        self.caldav.request("PUT", name, there.replace("SUMMARY:Rafting", "SUMMARY:Rafting at noon"))
        self.anchorpoint.api("POST", path, token, body | {"description": "Bring boots"})
        self.expect_in_step()
        self.expect_in_step()
        there = self.caldav.request("GET", name)
        assert "SUMMARY:Rafting at noon" in there and "Bring boots" in there, there
        query = f"/v1/events?tzid=Etc/UTC&include_managed=true&from={start:%Y-%m-%d}&to={start + datetime.timedelta(days=1):%Y-%m-%d}"
        [here] = [one for one in self.anchorpoint.api("GET", query, token)["events"] if one.get("event_id") == "trip-1"]
        assert (here["summary"], here["description"]) == ("Rafting at noon", "Bring boots"), here
        return "title from there and text from here, on both sides"

    def password_changed(self):
        if not self.caldav.checks_passwords:
            return "not shown: this server leaves passwords to others"
        self.caldav.stop()
        self.caldav.set_password("another")
        self.caldav.start()
        profile = self.sync()
        # One refusal may be the server's mistake: only a second one, minutes later, disconnects.
        assert (profile["state"], profile["cause"]) == ("failing", "authorization_lost"), profile
        assert "password" in profile["explanation"], profile
        assert profile["items"] >= len(self.content.files), "a refused password lost events"
        self.expect_free()
        return f"{profile['cause']}: {profile['explanation']}"

    STEPS = [wrong_password, first_sync, ten_changes, nothing_changed, invalid_token, gone_and_back, poisoned, both_sides,
             password_changed]


def main():
    options = OPTIONS.parse_args()
    kinds = {"radicale": Radicale, "xandikos": Xandikos}
    passed = failed = 0
    for name in options.servers.split(","):
        root = tempfile.mkdtemp(prefix="anchorpoint-caldav-")
        os.mkdir(os.path.join(root, "caldav"))
        journey = Journey(kinds[name], root, options.events)
        try:
            for step in Journey.STEPS:
                try:
                    print(f"ok    {name}: {step.__name__.replace('_', ' ')}: {step(journey)}", flush=True)
                    passed += 1
                except Exception:  # every step is tried, and its failure shown
                    print(f"FAIL  {name}: {step.__name__}\n{traceback.format_exc()}", flush=True)
                    failed += 1
        finally:
            journey.stop()
            shutil.rmtree(root)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
