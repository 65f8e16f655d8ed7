"""Cronofy's own Python SDK, unmodified but for its base address, and the wire quirks of the other SDKs, against a live
server. Run with ANCHORPOINT_BINARY set to the program. Ends with `N passed, N failed`. README's table of endpoints must be
what the run saw; `--write-coverage` puts it there."""

import datetime
import os
import shutil
import subprocess
import sys
import tempfile
import traceback

import coverage
import linking
import pycronofy

from kit import DAY, TESTS, ZONE, Server, World, at, equal, refused, test


@test
def identity(world):
    account = world.sdk.account()
    equal(account["account_id"], world.ada["sub"])
    equal(account["default_tzid"], ZONE)
    info = world.sdk.userinfo()
    equal(info["sub"], world.ada["sub"])
    equal(info["cronofy.data"]["profiles"][0]["profile_calendars"][0]["calendar_id"], world.calendar)
    equal(world.sdk.list_profiles()[0]["profile_connected"], True)


@test
def events_over_several_pages(world):
    for number in range(250):
        world.sdk.upsert_event(world.calendar, world.event(f"page-{number}", at(0, 5 * number), at(0, 5 * number + 5)))
    events = world.sdk.read_events(tzid=ZONE, from_date=at(0), to_date=at(0, days=2), include_managed=True).all()
    equal(len(events), 250)
    equal(len({event["event_uid"] for event in events}), 250)
    equal([event["event_id"] for event in events], [f"page-{number}" for number in range(250)])
    equal(len(world.sdk.read_events(tzid=ZONE, include_managed=False).all()), 0)
    equal(len(world.sdk.read_events(tzid=ZONE, only_managed=True).all()), 250)
    equal(len(world.sdk.read_events(tzid=ZONE, calendar_ids=[world.calendar], only_managed=True).all()), 250)
    equal(len(world.sdk.read_events(tzid=ZONE, calendar_ids=["cal_nothing"], only_managed=True).all()), 0)
    localized = world.sdk.read_events(tzid=ZONE, only_managed=True, localized_times=True).all()[0]
    equal(localized["start"]["tzid"], ZONE)
    busy = world.sdk.read_free_busy(tzid=ZONE, from_date=at(0), to_date=at(0, days=2), include_managed=True).all()
    equal(len(busy), 250)
    equal({period["free_busy_status"] for period in busy}, {"busy"})
    assert all("summary" not in period for period in busy)


@test
def create_update_delete(world):
    world.sdk.upsert_event(world.calendar, world.event("one", at(9, days=70), at(10, days=70), location={"description": "Gate"}))
    world.sdk.upsert_event(world.calendar, world.event("one", at(11, days=70), at(12, days=70), summary="Moved"))
    events = [event for event in world.sdk.read_events(tzid=ZONE, only_managed=True).all() if event["event_id"] == "one"]
    equal([(event["start"], event["summary"], event["location"]["description"]) for event in events], [(at(11, days=70), "Moved", "Gate")])
    world.sdk.delete_event(world.calendar, "one")
    world.sdk.delete_event(world.calendar, "one")
    gone = [event for event in world.sdk.read_events(tzid=ZONE, only_managed=True, include_deleted=True).all() if event["event_id"] == "one"]
    equal([event["deleted"] for event in gone], [True])
    assert not [event for event in world.sdk.read_events(tzid=ZONE, only_managed=True).all() if event["event_id"] == "one"]


@test
def all_day_and_recurring(world):
    day = (DAY + datetime.timedelta(days=80)).strftime("%Y-%m-%d")
    after = (DAY + datetime.timedelta(days=82)).strftime("%Y-%m-%d")
    world.sdk.upsert_event(world.calendar, world.event("trip", day, after, transparency="opaque"))
    trip = [event for event in world.sdk.read_events(tzid=ZONE, only_managed=True).all() if event["event_id"] == "trip"][0]
    equal((trip["start"], trip["end"]), (day, after))
    slots = world.sdk.availability([world.group(world.ada)], {"minutes": 60}, [{"start": at(0, days=81), "end": at(12, days=81)}])
    equal(slots, [])
    world.sdk.upsert_event(world.calendar, world.event(
        "weekly", at(9, days=90), at(10, days=90), recurrence={"rules": [{"frequency": "weekly", "interval": 1, "count": 3}]}))
    weekly = [event for event in world.sdk.read_events(tzid=ZONE, only_managed=True).all() if event["event_id"] == "weekly"]
    equal(len(weekly), 3)
    equal(len({event["series_identifier"] for event in weekly}), 1)


@test
def availability(world):
    world.sdk.upsert_event(world.calendar, world.event("busy", at(10, days=60), at(11, days=60)))
    period = [{"start": at(8, days=60), "end": at(18, days=60)}]
    one, both = [world.group(world.ada)], [world.group(world.ada, world.bea)]
    periods = world.sdk.availability(one, {"minutes": 60}, period)
    equal([(entry["start"], entry["end"]) for entry in periods], [(at(8, days=60), at(10, days=60)), (at(11, days=60), at(18, days=60))])
    slots = world.sdk.availability(one, {"minutes": 60}, period, start_interval={"minutes": 30}, response_format="slots", max_results=3)
    equal([entry["start"] for entry in slots], [at(8, days=60), at(9, days=60), at(11, days=60)])
    overlapping = world.sdk.availability(one, {"minutes": 60}, period, start_interval={"minutes": 30}, response_format="overlapping_slots", max_results=4)
    equal([entry["start"] for entry in overlapping], [at(8, days=60), at(8, 30, days=60), at(9, days=60), at(11, days=60)])
    buffered = world.sdk.availability(one, {"minutes": 60}, period, start_interval={"minutes": 30}, response_format="slots",
                                      buffer={"before": {"minutes": 30}, "after": {"minimum": {"minutes": 30}}}, max_results=2)
    equal([entry["start"] for entry in buffered], [at(8, days=60), at(11, 30, days=60)])
    either = world.sdk.availability([world.group(world.ada, world.bea, required=1)], {"minutes": 60},
                                    query_slots=[{"start": at(10, days=60)}, {"start": at(12, days=60)}], response_format="slots")
    equal([[person["sub"] for person in entry["participants"]] for entry in either],
          [[world.bea["sub"]], [world.ada["sub"], world.bea["sub"]]])
    equal(len(world.sdk.availability(both, {"minutes": 60}, period)), 2)
    nobody = [{"required": "all", "members": [{"sub": world.ada["sub"], "calendar_ids": []}]}]
    equal(len(world.sdk.availability(nobody, {"minutes": 60}, period)), 1)


@test
def sequences(world):
    world.sdk.upsert_event(world.calendar, world.event("busy", at(10, days=60), at(11, days=60)))
    sequence = [
        {"sequence_id": "first", "ordinal": 1, "participants": [world.group(world.ada)], "required_duration": {"minutes": 60},
         "start_interval": {"minutes": 60}, "buffer": {"before": {}, "after": {"minimum": {"minutes": 30}, "maximum": {"minutes": 120}}}},
        {"sequence_id": "second", "ordinal": 2, "participants": [world.group(world.bea)], "required_duration": {"minutes": 30},
         "start_interval": {"minutes": 30}, "available_periods": [{"start": at(12, days=60), "end": at(18, days=60)}]},
    ]
    found = world.sdk.sequenced_availability(sequence, [{"start": at(8, days=60), "end": at(14, days=60)}])
    assert found
    for solution in found:
        first, second = solution["sequence"]
        equal((first["sequence_id"], second["sequence_id"]), ("first", "second"))
        gap = (datetime.datetime.fromisoformat(second["start"][:-1]) - datetime.datetime.fromisoformat(first["end"][:-1])).total_seconds() / 60
        assert 30 <= gap <= 120, gap
        assert not first["start"] < at(11, days=60) < first["end"]


@test
def limits_on_events_of_a_day(world):
    world.sdk.upsert_event(world.calendar, world.event("first", at(9, days=63), at(10, days=63)))
    window = {"query_periods": [{"start": at(0, days=63), "end": at(23, days=64)}], "response_format": "slots"}

    def starts(*constraints):
        group = world.group(world.ada)
        group["members"][0]["availability_constraints"] = list(constraints)
        answer = world.call("POST", "/v1/availability", json=world.question(participants=[group], **window))
        equal(answer.status_code, 200)
        return {slot["start"][:10] for slot in answer.json()["available_slots"]}

    both = {at(0, days=63)[:10], at(0, days=64)[:10]}
    day = {"period": "day", "limit": 1, "tzid": "Etc/UTC"}
    equal((starts(), starts({**day, "limit": 2})), (both, both))
    equal(starts(day), {at(0, days=64)[:10]})


@test
def credentials(world):
    refused(lambda: pycronofy.Client(access_token="nothing").account(), 401)
    narrow = world.server.person("narrow@example.com", scope="read_free_busy")["client"]
    equal(narrow.read_free_busy(tzid=ZONE).all(), [])
    response = refused(lambda: narrow.read_events(tzid=ZONE).all(), 403)
    assert "insufficient_scope" in response.headers["WWW-Authenticate"]
    calendar = narrow.list_calendars()[0]["calendar_id"]
    refused(lambda: narrow.upsert_event(calendar, world.event("x", at(9), at(10))), 403)
    refused(lambda: world.sdk.upsert_event(calendar, world.event("x", at(9), at(10))), 404)
    refused(lambda: world.sdk.upsert_event("cal_nothing", world.event("x", at(9), at(10))), 404)
    refused(lambda: world.sdk.delete_event(calendar, "x"), 404)
    foreign = world.server.command("applications", "create", "--name", "Other")
    answer = world.call("POST", "/v1/availability", token=foreign["client_secret"], json=world.question())
    equal(answer.status_code, 422)
    equal(world.call("POST", "/v1/availability", token=world.server.secret, json=world.question()).status_code, 200)
    equal(world.call("GET", "/v1/account", token=world.server.secret).status_code, 401)


@test
def quirks_of_the_other_sdks(world):
    path = f"/v1/calendars/{world.calendar}/events"
    plain = {"event_id": "quirk", "summary": "Quirk", "start": {"time": at(9, days=65).replace("T", " "), "tzid": ZONE},
             "end": {"time": at(10, days=65).replace("T", " "), "tzid": ZONE}}
    equal(world.call("POST", path, json=plain, headers={"Content-Encoding": "gzip;q=1.0,deflate;q=0.6,identity;q=0.3"}).status_code, 202)
    equal(world.call("GET", "/v1/account", data="{}", headers={"Content-Type": "application/json"}).status_code, 200)
    equal(world.call("GET", "/v1/account/").status_code, 200)
    equal(world.call("GET", f"/v1/events?tzid=Etc/UTC&calendar_ids[]={world.calendar}&only_managed=True").status_code, 200)
    first = world.call("GET", "/v1/events", params={"tzid": ZONE, "only_managed": "true"}).json()
    assert "?" not in first["pages"]["next_page"]
    second = world.call("GET", first["pages"]["next_page"].removeprefix(world.server.base) + "?tzid=Etc%2FUTC&unknown=1")
    equal(second.json()["pages"]["current"], 2)
    equal(world.call("GET", "/v1/events/pages/nothing").status_code, 404)
    equal(world.call("GET", "/v1/account", headers={"Authorization": "Bearer undefined"}).status_code, 401)
    equal(world.call("POST", path, data="[]", headers={"Content-Type": "application/json"}).status_code, 422)
    equal(world.call("PUT", path).status_code, 405)
    equal(world.call("GET", "/v1/nothing").status_code, 404)
    equal(world.call("DELETE", path, json={"event_id": "quirk"}).status_code, 202)
    alias = world.question(query_periods=None, available_periods=[{"start": at(8, days=60).replace("Z", ".123456+00:00"), "end": at(18, days=60)}],
                           buffer={}, start_interval=None)
    equal(world.call("POST", "/v1/availability", json=alias).status_code, 200)


@test
def bad_input_is_named(world):
    def member(**more):
        return [{"required": "all", "members": [{"sub": world.ada["sub"], **more}]}]

    table = [
        ("participants", {"participants": None}), ("participants", {"participants": []}),
        ("participants[0].members", {"participants": [{"required": "all"}]}),
        ("participants[0].required", {"participants": [world.group(world.ada, required=2)]}),
        ("participants[0].required", {"participants": [world.group(world.ada, required="some")]}),
        ("participants", {"participants": [{"members": [{"sub": "acc_nobody"}]}]}),
        ("participants[0].members[0].calendar_ids", {"participants": member(calendar_ids="x")}),
        ("participants[0].members[0].availability_constraints[0].period",
         {"participants": member(availability_constraints=[{"period": "year", "limit": 1}])}),
        ("participants[0].members[0].availability_constraints[0].tags",
         {"participants": member(availability_constraints=[{"period": "day", "limit": 1, "tags": {"private": []}, "x": 1}])}),
        ("participants[0].members[0].available_periods[0].end", {"participants": member(available_periods=[{"start": at(9), "end": at(8)}])}),
        ("required_duration", {"required_duration": None}), ("required_duration", {"required_duration": {"minutes": 0}}),
        ("required_duration.minutes", {"required_duration": {"minutes": -5}}),
        ("required_duration.minutes", {"required_duration": {"minutes": "x"}}), ("required_duration", {"required_duration": 60}),
        ("query_periods", {"query_periods": None}), ("query_periods", {"query_periods": "x"}),
        ("query_periods[0].start", {"query_periods": [{"start": "x", "end": at(9)}]}),
        ("query_periods[0].end", {"query_periods": [{"start": at(9), "end": at(9)}]}),
        ("query_periods", {"query_periods": [{"start": "2000-01-01T00:00:00Z", "end": "2031-01-01T00:00:00Z"}]}),
        ("query_slots", {"query_slots": [{"start": at(9)}]}), ("query_slots[0].start", {"query_periods": None, "query_slots": [{"start": "x"}]}),
        ("start_interval", {"start_interval": {"minutes": 0}}), ("max_results", {"max_results": 0}), ("max_results", {"max_results": 513}),
        ("max_results", {"max_results": "x"}), ("response_format", {"response_format": "x"}),
        ("buffer.before.minutes", {"buffer": {"before": {"minutes": -1}}}),
        ("buffer.after.maximum", {"buffer": {"after": {"minimum": {"minutes": 9}, "maximum": {"minutes": 1}}}}),
    ]
    for field, change in table:
        answer = world.call("POST", "/v1/availability", json=world.question(**change))
        assert answer.status_code == 422 and field in answer.json()["errors"], (field, change, answer.status_code, answer.text)
        entry = answer.json()["errors"][field][0]
        assert entry["key"].startswith("errors.") and entry["description"]
    path = f"/v1/calendars/{world.calendar}/events"
    for field, change in [("event_id", {"event_id": None}), ("start", {"start": "x"}), ("start", {"start": None}), ("end", {"end": at(8)}),
                          ("end", {"end": "2031-01-01"}), ("tzid", {"tzid": "Mars/Olympus"}), ("start", {"start": "2031-04-05T06:07:08.5Z"}),
                          ("summary", {"summary": "x" * 1025}), ("reminders[0].minutes", {"reminders": [{"minutes": -1}]})]:
        body = {name: value for name, value in {**world.event("bad", at(9), at(10)), **change}.items() if value is not None}
        answer = world.call("POST", path, json=body)
        assert answer.status_code == 422 and field in answer.json()["errors"], (field, answer.status_code, answer.text)
    equal(world.call("GET", "/v1/events").json()["errors"]["tzid"][0]["key"], "errors.required")
    for body, status in [("{", 400), ("[" * 100 + "]" * 100, 400), ("x" * (2 << 20), 413), ('"text"', 400)]:
        equal(world.call("POST", "/v1/availability", data=body, headers={"Content-Type": "application/json"}).status_code, status)


def databases(folder):
    yield "SQLite", f"sqlite:{folder}/data.sqlite", None
    helper = os.path.join(os.path.dirname(__file__), "..", "..", "Scripts", "postgres-server")
    if os.path.exists(helper):
        url = subprocess.run([helper, "start", f"{folder}/postgres"], capture_output=True, text=True, check=True).stdout.strip()
        yield "PostgreSQL", url, lambda: subprocess.run([helper, "stop", f"{folder}/postgres"])


import channels  # noqa: E402,F401
import events  # noqa: E402,F401  Its tests follow those above.
import managed  # noqa: E402,F401


def attempt(name, function, world):
    try:
        function(world)
        print(f"ok      {name}: {function.__name__}", flush=True)
        return True
    except Exception:
        print(f"FAILED  {name}: {function.__name__}\n{traceback.format_exc()}", flush=True)
        return False


def main():
    print("\n".join(linking.coverage()))
    coverage.watch()
    tables = []
    passed = failed = 0
    folder = tempfile.mkdtemp(prefix="anchorpoint-compat-")
    os.environ["ANCHORPOINT_KEY_FILE"] = f"{folder}/key"
    # These tests ask faster than an application may.
    os.environ["ANCHORPOINT_REQUESTS_PER_SECOND"] = os.environ["ANCHORPOINT_REQUESTS_PER_MINUTE"] = "0"
    try:
        for name, url, stop in databases(folder):
            server = Server(url)
            coverage.seen.clear()
            try:
                # The linking of people first: what the others do stands on it.
                with linking.world(server) as people:
                    results = [attempt(name, function, people) for function in linking.TESTS]
                results += [attempt(name, function, world) for world in [World(server)] for function in TESTS]
                table, doubtful = coverage.table(server)
                tables.append(table)
                if doubtful:
                    print(f"FAILED  {name}: no test asked, and not absent: {doubtful}", flush=True)
                passed, failed = passed + results.count(True), failed + results.count(False) + bool(doubtful)
            finally:
                server.stop()
                if stop:
                    stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if len(set(tables)) != 1 or not coverage.check(tables[0], write="--write-coverage" in sys.argv and not failed):
        print("FAILED  README's table of endpoints is not what this run saw; --write-coverage puts it there", flush=True)
        failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
