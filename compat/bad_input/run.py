"""Bad input to a live server and its command line: each case gets an error that says what, where and what is allowed; the
server still answers; nothing is lost; nothing leaks. Run with ANCHORPOINT_BINARY set to the program, in the virtual
environment of the tests; with `--database postgres` the server stands on a PostgreSQL server of its own. Ends with `N passed,
N failed`."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "pycronofy"))

import requests  # noqa: E402

import hostile  # noqa: E402
from kit import BINARY, Server, World, at, equal  # noqa: E402

TESTS = []
# What no answer and no line of the log may show: places in the program or on the disk, the database's language, secrets.
FORBIDDEN = ["/home/", "/tmp/", "/root/", ".swift", "SELECT ", "INSERT ", "sqlite", "postgres", "GRDB", "libpq", "Fatal", "stack", "root:"]


def test(function):
    TESTS.append(function)
    return function


class Checked:
    """A server, two people with events in calendars of their own, and everything that it says."""

    def __init__(self, folder, address):
        self.folder, self.address = folder, address
        self.log = open(f"{folder}/log", "w+")
        self.server = Server(address, log=self.log)
        self.world = World(self.server)
        self.other = self.world.bea["client"].list_calendars()[0]["calendar_id"]
        for person, calendar in [(self.world.ada, self.world.calendar), (self.world.bea, self.other)]:
            for number in range(20):
                person["client"].upsert_event(calendar, self.world.event(f"kept-{number}", at(number), at(number + 1)))
        self.hostile = hostile.Host()
        self.said = []

    def settled(self):
        """The counts, once imported calendars have been read."""
        counts = self.counts()
        while True:
            time.sleep(0.7)
            before, counts = counts, self.counts()
            if before == counts:
                return counts

    def sql(self, statement):
        """Asks the database itself, past the server; the rows it gives."""
        if self.address.startswith("postgres"):
            return subprocess.run(["psql", "--no-psqlrc", "-qtA", self.address, "-c", statement], stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, check=True).stdout.split()
        with sqlite3.connect(self.address.removeprefix("sqlite:"), timeout=10) as file:
            return [str(row[0]) for row in file.execute(statement)]

    def counts(self):
        """Every row of every table of what people own, and each calendar's events as the API gives them."""
        rows = {table: self.sql(f"SELECT count(*) FROM {table}") for table in ("accounts", "profiles", "calendars", "items")}
        for name, person in (("ada", self.world.ada), ("bea", self.world.bea)):
            events = person["client"].read_events(tzid="Etc/UTC", include_managed=True).all()
            rows[name] = sorted((event["event_uid"], event["summary"], event["start"]) for event in events)
        return rows

    def call(self, status, words, method, path, **options):
        """One request that must be refused so, with these words in the answer."""
        answer = self.world.call(method, path, **options)
        shown = answer.text + "\n" + "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        self.said.append(shown)
        assert answer.status_code == status, f"{method} {path[:80]}: {answer.status_code} instead of {status}: {answer.text[:300]}"
        missing = [word for word in words if word not in shown]
        assert not missing, f"{method} {path[:80]}: {missing} is not in {shown[:600]}"
        return answer

    def command(self, codes, words, *arguments, database=None, secret=None, environment=None):
        """One command that must end with one of these codes, and say these words."""
        done = subprocess.run(
            [BINARY, *arguments, "--database", database or self.server.database, "--json"], capture_output=True, text=True,
            input=secret, env={**os.environ, **(environment or {})}, timeout=90)
        self.said.append((done.stdout + done.stderr).replace(self.folder, ""))  # The path that was typed is no secret.
        shown = done.stdout + done.stderr
        assert done.returncode in codes, f"{arguments[:2]}: exit {done.returncode}, not {codes}: {shown[:400]}"
        missing = [word for word in words if word.lower() not in shown.lower()]
        assert not missing, f"{arguments[:2]}: {missing} is not in {shown[:600]}"
        return done

    def import_file(self, codes, words, text):
        path = f"{self.folder}/hostile.ics"
        with open(path, "w", newline="") as file:
            file.write(text)
        return self.command(codes, words, "calendars", "import", "--account", self.world.bea["sub"], path)

    def connect(self, codes, words, address, provider="ics", **options):
        extra = ["--username", "anna", "--password-stdin"] if provider == "caldav" else []
        return self.command(codes, words, "calendars", "connect", "--account", self.world.bea["sub"], "--provider", provider,
                            "--url", address, *extra, secret="hunter-two-secret\n" if extra else None, **options)

    def alive(self):
        started = time.monotonic()
        equal(self.world.call("GET", "/v1/account").status_code, 200)
        assert time.monotonic() - started < 5, "the server is slow after it"

    def leaks(self):
        self.log.flush()
        with open(self.log.name) as file:
            log = file.read()
        secrets = [person[name] for person in (self.world.ada, self.world.bea) for name in ("access_token", "refresh_token")]
        secrets += [self.server.secret, "hunter-two-secret"]
        found = set()
        for text in [*self.said, log]:
            found |= {(word, text[max(0, text.find(word) - 60):][:160]) for word in [*FORBIDDEN, *secrets] if word in text}
        return found

    def stop(self):
        self.server.stop()
        self.log.close()


@test
def tokens_and_scopes(it):
    for header in ("Bearer nothing", "Bearer ", "Basic YTpi", "nonsense", "Bearer " + "x" * 20_000):
        it.call(401, ["WWW-Authenticate"], "GET", "/v1/account", headers={"Authorization": header})
    equal(requests.get(it.server.base + "/v1/account", timeout=10).status_code, 401)
    expired = it.server.person("expired@example.com")
    it.sql(f"UPDATE tokens SET expires_at = 1 WHERE account_id = '{expired['sub']}'")
    it.call(401, ["WWW-Authenticate", "invalid_token"], "GET", "/v1/account", token=expired["access_token"])
    narrow = it.server.person("narrow@example.com", scope="read_free_busy")
    for method, path, body in [("GET", "/v1/events?tzid=Etc/UTC", None), ("POST", f"/v1/calendars/{it.other}/events", {"event_id": "x"}),
                               ("DELETE", f"/v1/calendars/{it.other}/events", {"event_id": "x"})]:
        it.call(403, ["insufficient_scope"], method, path, token=narrow["access_token"], json=body)


@test
def malformed_json(it):
    kind = {"Content-Type": "application/json"}
    for body, words in [("{", ["at byte"]), ('{"a":}', ["at byte"]), ("[" * 65 + "]" * 65, ["64"]), ("[" * 400_000, ["64"]),
                        ('{"a":' * 90_000 + "1" + "}" * 90_000, ["64"]), ('{"a":1e999}', ["at byte"]), ('{"a":"\x01"}', ["at byte"]),
                        ("{\"a\":\"\\u12\"}", ["at byte"]), ("nul", ["at byte"]), ("\xff\xfe{".encode("latin-1"), ["at byte"]), ("{} {}", ["at byte"])]:
        it.call(400, words, "POST", "/v1/availability", data=body, headers=kind)
    it.call(413, ["1"], "POST", "/v1/availability", data=b'{"a":"' + b"x" * (2 << 20) + b'"}', headers=kind)
    it.call(413, ["1"], "POST", "/v1/availability", data=(b"x" * 65_536 for _ in range(64)), headers=kind)
    it.call(400, ["an object"], "POST", "/v1/availability", data='[{"participants":1}]', headers=kind)


@test
def availability_out_of_range(it):
    ask = it.world.question
    member = lambda **more: [{"required": "all", "members": [{"sub": it.world.ada["sub"], **more}]}]  # noqa: E731
    huge, length = 10 ** 30, {"hours": 10 ** 18}
    years = [{"start": "2031-01-01T00:00:00Z", "end": "2033-03-12T00:00:00Z"}]
    for field, words, change in [
            ("participants", ["10000"], {"participants": [{"required": "all", "members": [{"sub": f"acc_{n:024}"} for n in range(10_001)]}]}),
            ("query_periods", ["800"], {"query_periods": years}),
            ("query_periods", ["800"], {"query_periods": [years[0] | {"end": "2032-01-01T00:00:00Z"}] * 3}),
            ("participants", [], {"participants": "x"}), ("participants[0]", [], {"participants": [7]}),
            ("participants[0].members[0]", [], {"participants": [{"members": [7]}]}),
            ("participants", ["'7'"], {"participants": [{"members": [{"sub": 7}]}]}),
            ("participants[0].required", [], {"participants": [{**member()[0], "required": -1}]}),
            ("participants[0].required", [], {"participants": [{**member()[0], "required": huge}]}),
            ("participants[0].members[0].available_periods[0].start", [], {"participants": member(available_periods=[{"start": "9999999-01-01T00:00:00Z", "end": at(1)}])}),
            ("required_duration", [], {"required_duration": {"minutes": huge}}), ("required_duration", [], {"required_duration": length}),
            ("required_duration", [], {"required_duration": []}),
            ("query_periods", [], {"query_periods": []}), ("query_periods[0].start", [], {"query_periods": [{"start": "2031-02-30T00:00:00Z", "end": at(1)}]}),
            ("query_periods[0].end", [], {"query_periods": [{"start": at(9), "end": at(8)}]}),
            ("query_slots[0].start", [], {"query_periods": None, "query_slots": [{"start": "2031-04-05T25:00:00Z"}]}),
            ("start_interval", [], {"start_interval": {"minutes": huge}}), ("start_interval", [], {"start_interval": {"minutes": -1}}),
            ("buffer.before", [], {"buffer": {"before": {"minutes": huge}}}), ("buffer.after", [], {"buffer": {"after": length}}),
            ("max_results", ["512"], {"max_results": huge}), ("max_results", ["512"], {"max_results": -1}),
            ("response_format", ["slots"], {"response_format": 7})]:
        answer = it.call(422, words, "POST", "/v1/availability", json=ask(**change))
        named = [name for name in answer.json()["errors"] if name.startswith(field)]
        assert named, (field, answer.text[:300])
        assert all(entry["description"] and entry["key"].startswith("errors.") for name in named for entry in answer.json()["errors"][name])
    # So many starts do not fit into a body: its limit comes first, and says so.
    it.call(413, ["1"], "POST", "/v1/availability", json=ask(query_periods=None, query_slots=[{"start": at(9)}] * 100_001))


@test
def ids_unknown_and_of_others(it):
    absent = it.call(404, [], "POST", "/v1/calendars/cal_nothing/events", json=it.world.event("x", at(1), at(2)))
    foreign = it.call(404, [], "POST", f"/v1/calendars/{it.other}/events", json=it.world.event("x", at(1), at(2)))
    equal(absent.content, foreign.content)
    for calendar in ("cal_nothing", it.other, "..%2f..%2fetc", "%00", "x" * 4000, "'; DROP TABLE items --"):
        it.call(404, [], "DELETE", f"/v1/calendars/{calendar}/events", json={"event_id": "kept-1"})
    # A filter on a foreign calendar finds nothing, as one on no calendar.
    for calendar in ("cal_nothing", it.other):
        answer = it.world.call("GET", f"/v1/events?tzid=Etc/UTC&include_managed=true&calendar_ids[]={calendar}")
        equal((answer.status_code, answer.json()["events"]), (200, []))
    for path in ("/v1/events/pages/nothing", "/v1/nothing", "/v1/events/pages/" + "x" * 5000):
        it.call(404, [], "GET", path)
    for query, field in [("tzid=Mars/Olympus", "tzid"), ("tzid=Etc/UTC&from=2031-13-01", "from"), ("tzid=Etc/UTC&to=x", "to"), ("", "tzid")]:
        assert field in it.call(422, [], "GET", f"/v1/events?{query}").json()["errors"]


@test
def files(it):
    good = hostile.event("good", at(3, days=5))
    it.import_file([65], ["END"], hostile.calendar(good).split("END:VEVENT")[0])
    it.import_file([65], ["VCALENDAR"], "")
    it.import_file([65], ["VCALENDAR"], "\0\xff not a calendar " * 50)
    it.import_file([65], ["10 MB"], hostile.calendar(good) + "X" * (51 << 20))
    it.command([65], ["10 MB"], "calendars", "import", "--account", it.world.bea["sub"], "/dev/zero")
    deep = hostile.event("deep", at(3, days=6), *["BEGIN:X-DEEP"] * 50_000)
    # What stands too deep, has too many properties or parameters sets its event aside; the one beside it is kept.
    for bad in (deep, hostile.event("many", at(3, days=6), *["X-MANY:1"] * 5_001),
                hostile.event("wide", at(3, days=6), "EXDATE" + ";X-A=1" * 101 + ":20310101T000000Z")):
        it.import_file([0], ['"imported":1', '"put_aside":1'], hostile.calendar(good, bad))
    # Two events without a UID are two, and none of them is taken for the other.
    bare = hostile.event("bare", at(3, days=5)).replace("UID:bare\r\n", "")
    it.import_file([0], ['"imported":2', '"put_aside":0'], hostile.calendar(bare, bare.replace("SUMMARY:", "SUMMARY:Another ")))
    # Its limits are met when it is expanded, after the import.
    it.import_file([0], ['"imported":2'], hostile.calendar(good, hostile.event("second", at(3, days=5), "RRULE:FREQ=SECONDLY")))
    it.command([66], ["cannot read"], "calendars", "import", "--account", it.world.bea["sub"], "nowhere.ics")
    it.command([66], ["acc_nobody"], "calendars", "import", "--account", "acc_nobody", os.devnull)


@test
def addresses(it):
    # Development mode opens this machine, and nothing else.
    for address in ("https://10.0.0.1/a.ics", "https://169.254.169.254/latest", "https://[fd00::1]/a.ics", "https://192.168.0.1/",
                    "https://0x0a000001/a.ics", "https://168.63.129.16/", "file:///etc/passwd", "gopher://127.0.0.1/", "https://u:p@example.com/a.ics"):
        it.connect([65, 69, 77], ["could not be reached"] if address.startswith("https://") and "@" not in address else ["address"], address)
    for path in ("/to-private", "/to-metadata", "/to-file"):
        it.connect([65, 69, 77], ["anchorpoint: The "], it.hostile.base + path)
    it.connect([65, 69, 77], ["redirect"], it.hostile.base + "/round")
    equal(it.hostile.reached, 0)


@test
def addresses_without_development_mode(it):
    database = f"sqlite:{it.folder}/public.db"
    made = lambda *arguments: it.command([0], [], *arguments, database=database).stdout  # noqa: E731
    import json
    client = json.loads(made("applications", "create", "--name", "Public"))["client_id"]
    sub = json.loads(made("accounts", "create", "--client-id", client, "--email", "a@example.com"))["sub"]
    before = it.hostile.requests
    for address in (it.hostile.base + "/good", it.hostile.base.replace("127.0.0.1", "localhost") + "/good", "https://localhost/a.ics", "https://127.1/a.ics"):
        it.command([65, 69, 77], ["anchorpoint: The "], "calendars", "connect", "--account", sub, "--provider", "ics", "--url", address,
                   database=database, environment={"ANCHORPOINT_PUBLIC_URL": "https://calendars.example.com"})
    equal(it.hostile.requests, before)
    # The control: in development mode the same address is read.
    it.command([0], [], "calendars", "connect", "--account", sub, "--provider", "ics", "--url", it.hostile.base + "/good", database=database)
    assert it.hostile.requests > before


@test
def feeds(it):
    for path, words in [("/truncated", ["END"]), ("/short", []), ("/gigantic", ["50 MB"]), ("/endless", ["50 MB"]), ("/bomb", ["100 times"]),
                        ("/html", []), ("/missing", []), ("/broken", [])]:
        it.connect([65, 69], words, it.hostile.base + path)


@test
def caldav_answers(it):
    for path, words in [("/entities/", []), ("/external/", []), ("/nested/", []), ("/endless/", []), ("/cut/", []), ("/html", [])]:
        it.connect([65, 69], words, it.hostile.base + path, provider="caldav")
    equal(it.hostile.reached, 0)


@test
def a_feed_that_drips(it):
    equal(it.drip.wait(75), 69)
    said = it.drip.stderr.read()
    it.said.append(said)
    assert "slow" in said or "time" in said, said


def main():
    passed = failed = 0
    folder = tempfile.mkdtemp(prefix="anchorpoint-bad-input-")
    os.environ.update(ANCHORPOINT_REQUESTS_PER_SECOND="0", ANCHORPOINT_REQUESTS_PER_MINUTE="0")
    postgres, address = os.path.join(os.path.dirname(__file__), "..", "..", "Scripts", "postgres-server"), f"sqlite:{folder}/data.db"
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if sys.argv[1:] == ["--database", "postgres"]:
        subprocess.run([postgres, "start", f"{folder}/pg"], check=True, **quiet)
        with open(f"{folder}/pg/url") as file:
            address = file.read().strip()
    it = Checked(folder, address)
    try:
        it.drip = subprocess.Popen(
            [BINARY, "calendars", "connect", "--account", it.world.bea["sub"], "--provider", "ics", "--url",
             it.hostile.base + "/drip", "--database", it.server.database, "--json"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for function in TESTS:
            before, started = it.settled(), time.monotonic()
            try:
                function(it)
                it.alive()
                after = it.counts()
                lost = [name for name in ("ada", "bea") if not set(map(tuple, before[name])) <= set(map(tuple, after[name]))]
                assert not lost, f"events of {lost} are lost"
                if function not in (tokens_and_scopes, files):
                    equal({name: after[name] for name in after}, before)
                equal(it.leaks(), set())
                passed += 1
                print(f"ok      {function.__name__} ({time.monotonic() - started:.1f} s)", flush=True)
            except Exception:
                failed += 1
                print(f"FAILED  {function.__name__}\n{traceback.format_exc()}", flush=True)
    finally:
        it.stop()
        subprocess.run([postgres, "stop", f"{folder}/pg"], **quiet)
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
