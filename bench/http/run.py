#!/usr/bin/env python3
"""Asks a live server over HTTP with keep-alive and prints a figure a line, `name value checksum`, for bench/runner.

Usage: run.py SERVER BARE DATABASE [--accounts N] [--seconds S]
Every request is asked in turn with the bare route, in rounds, so that a busy moment meets both; figures are medians of the
rounds. Rates are requests per second, p95 and p99 milliseconds at 16 connections, memory MB. The checksum is how much
the answers hold, counted once by hand: an answer that is empty is no figure.
"""
import argparse, datetime, json, statistics, sys, time, urllib.request

from live import Live, show

parser = argparse.ArgumentParser()
parser.add_argument("server")
parser.add_argument("bare")
parser.add_argument("database")
parser.add_argument("--accounts", type=int, default=10_000)
parser.add_argument("--seconds", type=int, default=3)
parser.add_argument("--rounds", type=int, default=3)
options = parser.parse_args()
EVENTS = 200
live = Live(options.server, options.database, "http", seconds=options.seconds)
TODAY = datetime.datetime.now(datetime.timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)


def stamp(days=0, minutes=0, form="%Y-%m-%dT%H:%M:%SZ"):
    return (TODAY + datetime.timedelta(days=1 + days, minutes=minutes)).strftime(form)


def calendar():
    """200 events in 35 days, an hour each, at other times on each day."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Anchorpoint//Bench//EN"]
    for number in range(EVENTS):
        day, minute = number * 35 // EVENTS, 360 + number * 77 % 840
        lines += ["BEGIN:VEVENT", f"UID:event-{number}", "DTSTAMP:20260101T000000Z", f"SUMMARY:Trip {number}",
                  "DTSTART:" + stamp(day, minute, "%Y%m%dT%H%M%SZ"), "DURATION:PT1H", "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def copies(table, columns, changed):
    """A statement that repeats the rows of the first account for all others, each moved by some half hours."""
    values = ", ".join(changed.get(column, "t." + column) for column in columns)
    return (f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} t, "
            f"(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {options.accounts - 1}) SELECT i FROM n) n "
            f"WHERE t.account_id = '{first['sub']}'")


def name_of(i):
    return f"acc_{i:024d}"


def fill():
    """The other accounts: what the server reads of them for questions of availability."""
    account = "'acc_' || substr('000000000000000000000000' || CAST(n.i AS TEXT), length(CAST(n.i AS TEXT)) + 1)"
    later = "(n.i % 48) * 1800"
    both = {"account_id": account}
    live.sql(copies("accounts", ["account_id", "email", "name", "zone", "version", "next_number", "created_at"], both),
        copies("grants", ["account_id", "client_id", "scope", "created_at"], both),
        copies("profiles", ["account_id", "profile_id", "provider", "name", "identity", "address", "state",
                            "state_since", "initial_sync_done", "created_at"], both),
        copies("calendars", ["account_id", "calendar", "calendar_id", "profile_id", "remote_id", "name", "read_only",
                             "is_primary", "blocks_time", "counted", "synced_at", "created_at"],
               {**both, "calendar_id": "t.calendar_id || n.i"}),
        copies("occurrences", ["account_id", "item", "recurrence", "calendar", "component", "start_at", "end_at",
                               "weight", "deleted", "changed_at", "first_start", "last_end"],
               {**both, **{column: f"t.{column} + {later}"
                           for column in ("start_at", "end_at", "first_start", "last_end")}}))


def question(people, days):
    return {"participants": [{"required": "all", "members": [{"sub": sub} for sub in people_of(people)]}],
            "required_duration": {"minutes": 60},
            "query_periods": [{"start": stamp(), "end": stamp(days)}]}


def people_of(count, begin=0):
    return [first["sub"] if i == 0 else name_of(i) for i in range(begin, begin + count)]


def lua(method, token, body=None):
    return (f'wrk.method = "{method}"\nwrk.headers["Authorization"] = "Bearer {token}"\n'
            + (f'wrk.headers["Content-Type"] = "application/json"\nwrk.body = [==[{json.dumps(body)}]==]\n' if body else ""))


def ask(path, token, body=None):
    request = urllib.request.Request(base + path, json.dumps(body).encode() if body else None, {
        "Authorization": "Bearer " + token, "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.loads(answer.read())


try:
    port, bare_port = live.free_port(), live.free_port()
    base = f"http://127.0.0.1:{port}"
    server = live.serve(port)
    time.sleep(3)
    show("rest-memory", live.memory(server), 1)
    live.start(options.bare, str(bare_port), port=bare_port)
    application = live.command("applications", "create", "--name", "bench")
    first = live.command("accounts", "create", "--client-id", application["client_id"], "--email", "bench@example.com")
    with open(f"{live.folder}/bench.ics", "w", newline="") as file:
        file.write(calendar())
    live.command("calendars", "import", "--account", first["sub"], file.name)
    token, key = first["access_token"], application["client_secret"]
    for _ in range(300):
        if len(ask("/v1/userinfo", token)["cronofy.data"]["profiles"]) and ask(
                f"/v1/free_busy?tzid=Etc/UTC&from={stamp(form='%Y-%m-%d')}&to={stamp(35, form='%Y-%m-%d')}", token)["pages"]["total"] > 1:
            break
        time.sleep(0.2)
    window = f"tzid=Etc/UTC&from={stamp(form='%Y-%m-%d')}&to={stamp(36, form='%Y-%m-%d')}"
    fill()
    asked = [
        ("userinfo", "/v1/userinfo", token, None, lambda answer: len(answer["cronofy.data"]["profiles"])),
        ("free-busy", "/v1/free_busy?" + window, token, None, lambda answer: len(answer["free_busy"])),
        ("availability-5", "/v1/availability", key, question(5, 35), lambda answer: len(answer["available_periods"])),
        ("availability-200", "/v1/availability", key, question(200, 90), lambda answer: len(answer["available_periods"])),
    ]
    counts = {}
    for name, path, bearer, body, count in asked:
        counts[name] = count(ask(path, bearer, body))
        if not counts[name]:
            raise SystemExit(f"{name}: an empty answer")
    figures = {name: [] for name in ["bare", *counts]}
    for _ in range(options.rounds):
        figures["bare"].append(live.load(f"http://127.0.0.1:{bare_port}/"))
        for name, path, bearer, body, _ in asked:
            figures[name].append(live.load(base + path, lua("POST" if body else "GET", bearer, body)))
    for name, rounds in figures.items():
        for index, figure in enumerate(["rate", "p95", "p99"]):
            show(f"{name}-{figure}", statistics.median(round[index] for round in rounds), counts.get(name, 1))
    # A server started anew that has been asked for everybody.
    live.stop(server)
    server = live.serve(port)
    began = time.monotonic()
    for begin in range(0, options.accounts, 200):
        body = question(200, 35)
        body["participants"][0]["members"] = [{"sub": sub} for sub in people_of(min(200, options.accounts - begin), begin)]
        ask("/v1/availability", key, body)
    print(f"everybody read in {time.monotonic() - began:.1f} s", file=sys.stderr)
    show("everybody-memory", live.memory(server), options.accounts)
    show("everybody-peak", live.memory(server, "VmHWM"), options.accounts)
finally:
    live.end()
