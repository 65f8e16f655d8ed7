#!/usr/bin/env python3
"""Asks the pages of a large guide service on a live server and prints a figure a line, `name value checksum`, for bench/runner.

Usage: run.py SERVER DATABASE [--guides N] [--burst N] [--seconds S]
200 guides with a linked calendar of 360 busy times in 24 months each, and six months of trips, are put into the database as
reads and offices would have written them. Each page is asked once cold, then by as many connections as an office has people
asking at one moment; p95 in milliseconds. Then a burst: every one of 5,000 guides' calendars changes twice, and the
platform's signed notices come in over HTTP; accepted a second, and seconds until the last guide's row stands.
"""
import argparse, base64, datetime, hashlib, hmac, json, os, random, re, statistics, sys, time, urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "http"))
from live import Live, show

parser = argparse.ArgumentParser()
parser.add_argument("server")
parser.add_argument("database")
parser.add_argument("--guides", type=int, default=200)
parser.add_argument("--burst", type=int, default=5000)
parser.add_argument("--seconds", type=int, default=4)
parser.add_argument("--rounds", type=int, default=3)
options = parser.parse_args()
CONNECTIONS = 4
live = Live(options.server, options.database, "guides", connections=CONNECTIONS, seconds=options.seconds)
numbers = random.Random(7)
NOW = int(time.time())
TODAY = datetime.date.today()
EPOCH = datetime.date(1970, 1, 1)
SLUG, ZONE = "large", "Etc/UTC"


def values(table, columns, rows):
    """Statements that insert rows, some hundred at once."""
    def text(value):
        return "NULL" if value is None else str(value) if isinstance(value, int) else value if value.startswith("X'") else f"'{value}'"
    def line(row):
        cells = [text(cell) for cell in row]
        return "(" + ", ".join(f"'\\x{cell[2:-1]}'" if live.is_postgres and cell.startswith("X'") else cell for cell in cells) + ")"
    return [f"INSERT INTO {table} ({columns}) VALUES " + ", ".join(map(line, rows[at:at + 500]))
            for at in range(0, len(rows), 500)]


def moment(day, hour):
    return ((TODAY - EPOCH).days + day) * 86_400 + hour * 3600


def fill(backend, session):
    """A service in season, read a minute ago."""
    guides = [f"per_{index:05d}" for index in range(options.guides)]
    links = {guide: "lnk_" + guide[4:] for guide in guides}
    busy = []
    for guide in guides:
        for place in range(360):
            day, length = numbers.randrange(0, 730), numbers.choice([1, 1, 2, 4, 8, 30])
            hour = numbers.randrange(0, 20)
            busy.append((guide, f"avl_{guide}{place}", moment(day, hour), moment(day, hour) + length * 3600, 0, 0, "sync", "busy",
                         links[guide], f"cal/{place}", "busy", NOW, NOW))
    trips, needs, crews, rows, taken = [], [], [], [], {guide: [] for guide in guides}
    for index in range(720):
        trip, day, days = f"trp_{index:05d}", index // 4, [1, 3, 5][index % 3]
        start, end = moment(day, 8), moment(day + days - 1, 16)
        trips.append(("svc_large", trip, f"Trip {index}", "Put-in", ZONE, "multi_day" if days > 1 else "single_day",
                      (TODAY - EPOCH).days + day, 8 * 3600, 480 if days == 1 else None, days if days > 1 else None,
                      16 * 3600 if days > 1 else None, start, end, 12, 4, 6, "open", f"tpl_{index % 3}", "", NOW))
        needs.append(("svc_large", trip, 0, "lead", 1, ["raft", "wfr", "rock"][index % 3]))
        if index % 4 == 3:
            continue
        free = [guide for guide in guides if not any(a < end and start < b for a, b in taken[guide])]
        for role in ("lead", "assist"):
            guide = free.pop(numbers.randrange(len(free)))
            taken[guide].append((start, end))
            crews.append(("svc_large", f"asg_{index}{role}", trip, guide, role, "accepted", NOW, NOW))
            rows.append((guide, f"asg_{index}{role}", "svc_large", trip, start, end, 0, 0, "assignment", "busy", "assignment",
                         f"asg_{index}{role}", "assigned", NOW, NOW))
    people = [(guide, f"{guide}@large.example", f"Guide {guide[4:]}", ZONE, NOW) for guide in guides]
    return [
        *values("guide_services", "service_id, slug, name, contact_email, zone, mode, backend_id, ratio_is_hard, rest_days, "
                "turnaround_minutes, answer_hours, staffs_by_itself, tentative_blocks, created_at",
                [("svc_large", SLUG, "Large Service", "o@large.example", ZONE, "hybrid", backend, 1, 0, 60, 48, 0, 1, NOW)]),
        *values("people", "person_id, email, name, zone, created_at", [*people, ("per_owner", "owner@large.example", "Owner", ZONE, NOW)]),
        *values("memberships", "service_id, person_id, role, created_at",
                [("svc_large", guide, "GUIDE", NOW) for guide in guides] + [("svc_large", "per_owner", "OWNER", NOW)]),
        *values("season_sign_ins", "hash, kind, person_id, expires_at, created_at",
                [("X'" + hashlib.sha256(session.encode()).hexdigest() + "'", "session", "per_owner", NOW + 86_400, NOW)]),
        *values("qualifications", "person_id, kind", [(guide, kind) for guide in guides for kind in ("raft", "wfr", "rock")
                                                      if numbers.randrange(3)]),
        *values("calendar_links", "person_id, link_id, backend_id, account_id, access_token, scope, zone, level, state, state_since, "
                "checked_at, read_at, complete_at, read_from, read_until, watermark, channel_key, created_at",
                [(guide, links[guide], backend, "acc_" + guide, "X'00'", "read_free_busy", ZONE, "busy", "connected", NOW, NOW, NOW + 86_400,
                  NOW, NOW - 86_400, NOW + 730 * 86_400, NOW, "key_" + guide, NOW) for guide in guides]),
        *values("calendar_integrations", "person_id, integration_id, link_id, provider, external_id, name, state, state_since, created_at",
                [(guide, "int_" + guide, links[guide], "custom", "pro_" + guide, "Work", "connected", NOW, NOW) for guide in guides]),
        *values("integration_calendars", "person_id, link_id, calendar_id, profile_id, name, is_primary, read_only, deleted, permission, "
                "counts, seen_at", [(guide, links[guide], "cal_" + guide, "pro_" + guide, "Work", 1, 0, 0, "sandbox", 1, NOW) for guide in guides]),
        *values("guide_availability", "person_id, row_id, start_at, end_at, is_available, is_tentative, source, visibility, origin, "
                "origin_key, reason, created_at, changed_at", busy),
        *values("guide_availability", "person_id, row_id, service_id, trip_id, start_at, end_at, is_available, is_tentative, source, "
                "visibility, origin, origin_key, reason, created_at, changed_at", rows),
        *values("trip_templates", "service_id, template_id, title, place, place_zone, timing_mode, start_second, minutes, days, end_second, "
                "seats, clients_per_guide, created_at",
                [("svc_large", f"tpl_{index}", title, "Put-in", ZONE, "multi_day", 8 * 3600, None, days, 16 * 3600, 12, 6, NOW)
                 for index, (title, days) in enumerate([("Float", 2), ("Canyon", 3), ("Towers", 5)])]),
        *values("trips", "service_id, trip_id, title, place, place_zone, timing_mode, first_day, start_second, minutes, days, end_second, "
                "start_at, end_at, seats, seats_taken, clients_per_guide, state, template_id, notes, created_at", trips),
        *values("crew_needs", "service_id, owner_id, place, role, count, qualifications",
                needs + [("svc_large", f"tpl_{index}", 0, "lead", 2, kind) for index, kind in enumerate(["raft wfr", "raft wfr", "rock wfr"])]),
        *values("assignments", "service_id, assignment_id, trip_id, person_id, role, state, created_at, changed_at", crews),
    ]


def ask(path, cookie=None):
    began = time.monotonic()
    request = urllib.request.Request(base + path, headers={"Cookie": cookie} if cookie else {})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return answer.read().decode(), (time.monotonic() - began) * 1000


def pages(cookie):
    """Each page once by hand, then p95 under load."""
    month = TODAY.replace(day=1)
    later = (month + datetime.timedelta(days=62)).strftime("%Y-%m")
    service = f"/guides/services/{SLUG}"
    asked = [
        ("board", f"{service}/board?month={later}&span=season", cookie, r"<tr data-guide=", options.guides),
        ("who", f"{service}/staffing?template=tpl_2&day={TODAY + datetime.timedelta(days=20)}&guests=6", cookie, r"<li>", options.guides),
        ("dates", f"/s/{SLUG}?month={later}&guests=4", None, r'<li class="card">', 20),
    ]
    for name, path, cookie, mark, least in asked:
        text, cold = ask(path, cookie)
        count = len(re.findall(mark, text))
        if count < least:
            raise SystemExit(f"{name}: {count} of {least} in the answer of {len(text)} bytes")
        print(f"{name}: {len(text)} bytes, cold {cold:.0f} ms", file=sys.stderr)
        script = f'wrk.headers["Cookie"] = "{cookie}"\n' if cookie else ""
        live.load(base + path, script)
        rounds = [live.load(base + path, script) for _ in range(options.rounds)]
        for index, figure in enumerate(["rate", "p95"]):
            show(f"{name}-{figure}", statistics.median(round[index] for round in rounds), count)


def copies(table, columns, changed):
    """A statement that repeats the rows of the sample's first guide for every guide of the burst."""
    cells = ", ".join(changed.get(column, "t." + column) for column in columns.split())
    return (f"INSERT INTO {table} ({', '.join(columns.split())}) SELECT {cells} FROM {table} t, "
            f"(WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {options.burst - 1}) SELECT i FROM n) n "
            f"WHERE t.person_id = (SELECT person_id FROM people WHERE email = 'guide1@basalt.example')")


def burst():
    """Every guide's calendar changes and is told of over HTTP, again and again; rows come by reading the platform."""
    global server
    mine = {"person_id": "'per_burst_' || n.i", "link_id": "'lnk_burst_' || n.i"}
    guide = "(SELECT person_id FROM people WHERE email = 'guide1@basalt.example')"
    for _ in range(300):
        if int(live.query(f"SELECT COUNT(*) FROM calendar_links WHERE person_id = {guide} AND watermark IS NOT NULL "
                          "AND channel_id IS NOT NULL AND state = 'connected'")):
            break
        time.sleep(0.2)
    else:
        raise SystemExit("the sample's guide was never read")
    account = live.query(f"SELECT account_id FROM calendar_links WHERE person_id = {guide}")
    client = live.query("SELECT client_id FROM backends")
    live.stop(server)
    secret = live.command("applications", "rotate-secret", "--client-id", client, "--overlap", "0")["client_secret"]
    live.sql(
        copies("people", "person_id email name zone created_at", {**mine, "email": "'burst' || n.i || '@large.example'"}),
        copies("memberships", "service_id person_id role created_at", {"person_id": "'per_burst_' || n.i"}),
        copies("calendar_links", "person_id link_id backend_id account_id access_token refresh_token scope token_expires_at zone level "
               "state state_since checked_at read_at complete_at read_from read_until watermark channel_id channel_reach "
               "channel_seen_at channel_key created_at", {**mine, "channel_key": "'burst_' || n.i"}),
        copies("calendar_integrations", "person_id integration_id link_id provider external_id name state state_since created_at", mine),
        copies("integration_calendars", "person_id link_id calendar_id profile_id name is_primary read_only deleted permission counts "
               "seen_at", mine))
    server = live.serve(port)
    with open(f"{live.folder}/burst.ics", "w", newline="") as file:
        day = (TODAY + datetime.timedelta(days=30)).strftime("%Y%m%d")
        file.write("\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Anchorpoint//Bench//EN", "BEGIN:VEVENT", "UID:burst",
                                f"DTSTAMP:{day}T000000Z", f"DTSTART:{day}T090000Z", "DURATION:PT1H", "SUMMARY:Burst", "END:VEVENT",
                                "END:VCALENDAR", ""]))
    live.command("calendars", "import", "--account", account, file.name)
    rows = "SELECT COUNT(*) FROM guide_availability WHERE person_id LIKE 'per!_burst!_%' ESCAPE '!'"
    if int(live.query(rows)):
        raise SystemExit("rows before the first notice")
    since = datetime.datetime.fromtimestamp(NOW, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = json.dumps({"notification": {"type": "change", "changes_since": since}, "channel": {
        "channel_id": "chn_burst", "callback_url": base + "/guides/notices/burst", "filters": {}}})
    signature = base64.b64encode(hmac.new(secret.encode(), body.encode(), hashlib.sha256).digest()).decode()
    def script(begin):
        return f"""
local next = {begin - 1}
wrk.headers["Cronofy-HMAC-SHA256"] = "{signature}"
wrk.headers["Content-Type"] = "application/json"
request = function()
  next = next + 1
  return wrk.format("POST", "/guides/notices/burst_" .. (next % {options.burst}), nil, [==[{body}]==])
end
"""

    began, sent, rates = time.monotonic(), 0, []
    while sent < 2 * options.burst:
        # Goes on with the next guide, so that each is told as often as the others.
        rates.append(live.load(base, script(sent))[0])
        sent += int(rates[-1] * live.seconds)
    show("accepted-rate", statistics.median(rates), options.burst)
    while int(live.query(rows)) < options.burst:
        if time.monotonic() - began > 300:
            raise SystemExit(f"{live.query(rows)} of {options.burst} rows after five minutes")
        time.sleep(0.25)
    show("to-row", time.monotonic() - began, options.burst)


try:
    port = live.free_port()
    base = f"http://127.0.0.1:{port}"
    server = live.serve(port, sample=True)
    live.stop(server)
    session = "bench-session-of-the-owner-0123456789abcdef"
    live.sql(*fill(live.query("SELECT backend_id FROM backends"), session))
    server = live.serve(port, sample=True)
    pages("anchorpoint_season=" + session)
    burst()
finally:
    live.end()
