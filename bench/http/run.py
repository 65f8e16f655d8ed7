#!/usr/bin/env python3
"""Asks a live server over HTTP with keep-alive and prints a figure a line, `name value checksum`, for bench/runner.

Usage: run.py SERVER BARE DATABASE [--accounts N] [--seconds S]
Every request is asked in turn with the bare route, in rounds, so that a busy moment meets both; figures are medians of the
rounds. Rates are requests per second, p95 and p99 milliseconds at 16 connections, memory MB. The checksum is how much
the answers hold, counted once by hand: an answer that is empty is no figure.
"""
import argparse, datetime, json, os, re, socket, statistics, subprocess, sys, tempfile, time, urllib.request

parser = argparse.ArgumentParser()
parser.add_argument("server")
parser.add_argument("bare")
parser.add_argument("database")
parser.add_argument("--accounts", type=int, default=10_000)
parser.add_argument("--seconds", type=int, default=3)
parser.add_argument("--rounds", type=int, default=3)
options = parser.parse_args()
EVENTS, CONNECTIONS = 200, 16
if options.database.startswith("postgres:"):
    subprocess.run(["psql", "--no-psqlrc", "-q", options.database, "-c", "CREATE DATABASE http"], check=True)
    options.database = options.database.rsplit("/", 1)[0] + "/http"
folder = tempfile.mkdtemp(prefix="anchorpoint-http-")
processes = []


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(program, *arguments, port):
    environment = dict(os.environ, ANCHORPOINT_REQUESTS_PER_SECOND="0", ANCHORPOINT_REQUESTS_PER_MINUTE="0",
                       ANCHORPOINT_KEY_FILE=f"{folder}/key", ANCHORPOINT_LOG_LEVEL="warning")
    process = subprocess.Popen([program, *arguments], env=environment, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=open(f"{folder}/log", "a"))
    processes.append(process)
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return process
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"{program} did not start: " + open(f"{folder}/log").read()[-2000:])


def command(*arguments):
    done = subprocess.run([options.server, *arguments, "--database", options.database, "--json"], capture_output=True,
                          text=True, env=dict(os.environ, ANCHORPOINT_KEY_FILE=f"{folder}/key"))
    if done.returncode:
        raise SystemExit(f"{arguments[:2]}: {done.stderr}")
    return json.loads(done.stdout)


def memory(process, name="VmRSS"):
    with open(f"/proc/{process.pid}/status") as status:
        return int(re.search(rf"^{name}:\s+(\d+)", status.read(), re.M)[1]) / 1024


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


def sql(*statements):
    if options.database.startswith("sqlite:"):
        import sqlite3
        with sqlite3.connect(options.database[7:], timeout=60) as connection:
            for statement in statements:
                connection.execute(statement)
        return
    subprocess.run(["psql", "--no-psqlrc", "-q", "-v", "ON_ERROR_STOP=1", options.database], text=True, check=True,
                   input=";\n".join(statements) + ";\n")


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
    sql(copies("accounts", ["account_id", "email", "name", "zone", "version", "next_number", "created_at"], both),
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


def load(address, script=None):
    """Requests per second, and the 95th and 99th hundredth of the times, in milliseconds."""
    path = f"{folder}/load.lua"
    with open(path, "w") as file:
        file.write((script or "") + """
done = function(summary, latency, requests)
  io.write(string.format("figures %f %f %f %d\\n", summary.requests / summary.duration * 1e6,
    latency:percentile(95) / 1000, latency:percentile(99) / 1000,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
""")
    done = subprocess.run(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{options.seconds}s", "-s", path, address],
                          capture_output=True, text=True)
    found = re.search(r"figures (\S+) (\S+) (\S+) (\d+)", done.stdout)
    if not found or found[4] != "0":
        raise SystemExit(f"{address}: {done.stdout} {done.stderr}")
    return tuple(map(float, found.groups()[:3]))


def lua(method, token, body=None):
    return (f'wrk.method = "{method}"\nwrk.headers["Authorization"] = "Bearer {token}"\n'
            + (f'wrk.headers["Content-Type"] = "application/json"\nwrk.body = [==[{json.dumps(body)}]==]\n' if body else ""))


def ask(path, token, body=None):
    request = urllib.request.Request(base + path, json.dumps(body).encode() if body else None, {
        "Authorization": "Bearer " + token, "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.loads(answer.read())


def show(name, value, checksum):
    print(f"{name} {value:.4f} {checksum}", flush=True)


try:
    port, bare_port = free_port(), free_port()
    base = f"http://127.0.0.1:{port}"
    serve = ("serve", "--port", str(port), "--database", options.database, "--empty")
    server = start(options.server, *serve, port=port)
    time.sleep(3)
    show("rest-memory", memory(server), 1)
    bare = start(options.bare, str(bare_port), port=bare_port)
    application = command("applications", "create", "--name", "bench")
    first = command("accounts", "create", "--client-id", application["client_id"], "--email", "bench@example.com")
    with open(f"{folder}/bench.ics", "w", newline="") as file:
        file.write(calendar())
    command("calendars", "import", "--account", first["sub"], file.name)
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
        figures["bare"].append(load(f"http://127.0.0.1:{bare_port}/"))
        for name, path, bearer, body, _ in asked:
            figures[name].append(load(base + path, lua("POST" if body else "GET", bearer, body)))
    for name, rounds in figures.items():
        for index, figure in enumerate(["rate", "p95", "p99"]):
            show(f"{name}-{figure}", statistics.median(round[index] for round in rounds), counts.get(name, 1))
    # A server started anew that has been asked for everybody.
    server.terminate()
    server.wait(30)
    server = start(options.server, *serve, port=port)
    began = time.monotonic()
    for begin in range(0, options.accounts, 200):
        body = question(200, 35)
        body["participants"][0]["members"] = [{"sub": sub} for sub in people_of(min(200, options.accounts - begin), begin)]
        ask("/v1/availability", key, body)
    print(f"everybody read in {time.monotonic() - began:.1f} s", file=sys.stderr)
    show("everybody-memory", memory(server), options.accounts)
    show("everybody-peak", memory(server, "VmHWM"), options.accounts)
finally:
    for process in processes:
        process.kill()
        process.wait()
    subprocess.run(["rm", "-rf", folder])
