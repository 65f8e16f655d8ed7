"""Managed availability: available periods, as Ruby, PHP and Node call them, and availability rules."""

import datetime

from kit import DAY, ZONE, at, equal, refused, test

DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def day_name(days):
    return DAYS[(DAY + datetime.timedelta(days=days)).weekday()]


def person(world, email):
    found = world.server.person(email)
    found["calendar"] = found["client"].list_calendars()[0]["calendar_id"]

    def call(method, path, **options):
        return world.call(method, path, token=found["access_token"], **options)
    found["call"] = call
    return found


def free(world, someone, days, **member):
    """Free hours of one day in the zone of UTC, as (start, end)."""
    question = world.question(
        participants=[{"required": "all", "members": [{"sub": someone["sub"], "managed_availability": True, **member}]}],
        query_periods=[{"start": at(0, days=days), "end": at(0, days=days + 1)}])
    answer = world.call("POST", "/v1/availability", json=question)
    equal(answer.status_code, 200)
    return [(entry["start"], entry["end"]) for entry in answer.json()["available_periods"]]


@test
def rules(world):
    one = person(world, "rules@example.com")
    sdk = one["client"]
    equal(sdk.list_availability_rules(), [])
    rule = {"availability_rule_id": "office", "tzid": "Etc/UTC", "weekly_periods": [
        {"day": "monday", "start_time": "09:00", "end_time": "12:30"}, {"day": "monday", "start_time": "13:30", "end_time": "17:00"}]}
    equal(sdk.upsert_availability_rule(rule), rule)
    equal(sdk.get_availability_rule("office"), rule)
    with_calendar = {**rule, "calendar_ids": [one["calendar"]], "weekly_periods": [{"day": "sunday", "start_time": "00:00", "end_time": "24:00"}]}
    equal(sdk.upsert_availability_rule(with_calendar), with_calendar)
    equal(sdk.list_availability_rules(), [with_calendar])
    equal(world.sdk.list_availability_rules(), [])
    refused(lambda: world.sdk.get_availability_rule("office"), 404)
    sdk.delete_availability_rule("office")
    refused(lambda: sdk.get_availability_rule("office"), 404)
    for field, change in [("availability_rule_id", {"availability_rule_id": None}), ("availability_rule_id", {"availability_rule_id": "x" * 65}),
                          ("availability_rule_id", {"availability_rule_id": "é"}), ("tzid", {"tzid": None}), ("tzid", {"tzid": "Mars/Base"}),
                          ("weekly_periods", {"weekly_periods": None}), ("weekly_periods", {"weekly_periods": []}),
                          ("weekly_periods[0].day", {"weekly_periods": [{"day": "Monday", "start_time": "09:00", "end_time": "10:00"}]}),
                          ("weekly_periods[0].start_time", {"weekly_periods": [{"day": "monday", "start_time": "9:00", "end_time": "10:00"}]}),
                          ("weekly_periods[0].end_time", {"weekly_periods": [{"day": "monday", "start_time": "09:00", "end_time": "24:01"}]}),
                          ("weekly_periods[0].end_time", {"weekly_periods": [{"day": "monday", "start_time": "10:00", "end_time": "10:00"}]}),
                          ("calendar_ids", {"calendar_ids": []}), ("calendar_ids", {"calendar_ids": [world.calendar]})]:
        answer = one["call"]("POST", "/v1/availability_rules", json={**rule, **change})
        assert answer.status_code == 422 and field in answer.json()["errors"], (field, change, answer.status_code, answer.text)
    # As PHP and Node delete: an empty array, or the id once more.
    sdk.upsert_availability_rule(rule)
    equal(one["call"]("DELETE", "/v1/availability_rules/office", data="[]").status_code, 202)


@test
def available_periods(world):
    one = person(world, "periods@example.com")
    call, path = one["call"], "/v1/available_periods"
    equal(call("GET", path).json(), {"pages": {"current": 1, "total": 1}, "available_periods": []})
    body = {"available_period_id": "clinic", "start": {"time": at(9, days=10), "tzid": ZONE}, "end": {"time": at(12, days=10), "tzid": ZONE}}
    answer = call("POST", path, json=body)
    equal((answer.status_code, answer.content), (202, b""))
    equal(call("GET", path).json()["available_periods"], [{"available_period_id": "clinic", "start": at(9, days=10), "end": at(12, days=10)}])
    localized = call("GET", path, params={"localized_times": "true"}).json()["available_periods"][0]
    equal(localized["start"]["tzid"], ZONE)
    call("POST", path, json={**body, "start": at(10, days=10).replace("T", " "), "end": at(12, days=10)})
    equal(call("GET", path).json()["available_periods"][0]["start"], at(10, days=10))
    def found(**query):
        return [entry["available_period_id"] for entry in call("GET", path, params={"tzid": "Etc/UTC", **query}).json()["available_periods"]]
    day = at(0, days=10)[:10]
    equal([found(**{"from": day}), found(to=day), found(**{"from": at(12, days=10)}), found(**{"from": at(13, days=10)}), found(to=at(10, days=10))],
          [["clinic"], [], ["clinic"], [], []])
    equal(call("GET", path, params={"from": day}).status_code, 422)
    equal(world.call("GET", path).json()["available_periods"], [])
    for number in range(250):
        call("POST", path, json={"available_period_id": f"many-{number:03}", "start": at(0, days=11 + number % 7), "end": at(1, days=11 + number % 7)})
    page, ids = call("GET", path).json(), []
    while True:
        ids += [entry["available_period_id"] for entry in page["available_periods"]]
        if "next_page" not in page["pages"]:
            break
        page = call("GET", page["pages"]["next_page"].removeprefix(world.server.base)).json()
    equal((len(ids), len(set(ids)), page["pages"]["current"], page["pages"]["total"]), (251, 251, 3, 3))
    equal(call("DELETE", path + "/", json={"available_period_id": "clinic"}).status_code, 202)
    equal(call("DELETE", path, json={"available_period_id": "clinic"}).status_code, 202)
    equal(len(found()), 100)
    for body, status in [({}, 422), ({"delete_all": False}, 422), ({"delete_all": True, "available_period_id": "x"}, 422), ({"delete_all": True}, 202)]:
        equal((body, call("DELETE", path, json=body).status_code), (body, status))
    equal(found(), [])
    for field, change in [("available_period_id", {"available_period_id": None}), ("start", {"start": at(1)[:10]}), ("end", {"end": at(9)}), ("start", {"start": None}),
                          ("start.tzid", {"start": {"time": at(9), "tzid": "Mars/Base"}})]:
        answer = call("POST", path, json={"available_period_id": "x", "start": at(9), "end": at(10), **change})
        assert answer.status_code == 422 and field in answer.json()["errors"], (field, change, answer.status_code, answer.text)
    batch = {"batch": [{"method": "POST", "relative_url": path, "data": {"available_period_id": "b", "start": at(9), "end": at(10)}},
                       {"method": "DELETE", "relative_url": path, "data": {"available_period_id": "b"}}]}
    equal([entry["status"] for entry in call("POST", "/v1/batch", json=batch).json()["batch"]], [202, 202])


@test
def managed_availability_in_questions(world):
    one = person(world, "open@example.com")
    sdk, path = one["client"], "/v1/available_periods"
    # Neither rules nor periods: never available.
    equal(free(world, one, 20), [])
    sdk.upsert_availability_rule({"availability_rule_id": "mornings", "tzid": "Etc/UTC",
                                  "weekly_periods": [{"day": day_name(20), "start_time": "09:00", "end_time": "12:00"}]})
    equal(free(world, one, 20), [(at(9, days=20), at(12, days=20))])
    equal(free(world, one, 21), [])
    one["call"]("POST", path, json={"available_period_id": "extra", "start": at(11, days=20), "end": at(14, days=20)})
    equal(free(world, one, 20), [(at(9, days=20), at(14, days=20))])
    equal(free(world, one, 20, availability_rule_ids=[]), [(at(11, days=20), at(14, days=20))])
    equal(free(world, one, 20, availability_rule_ids=["mornings"]), [(at(9, days=20), at(14, days=20))])
    equal(free(world, one, 20, available_periods=[{"start": at(10, days=20), "end": at(13, days=20)}]), [(at(10, days=20), at(13, days=20))])
    sdk.upsert_event(one["calendar"], world.event("busy", at(10, days=20), at(11, days=20)))
    equal(free(world, one, 20), [(at(9, days=20), at(10, days=20)), (at(11, days=20), at(14, days=20))])
    equal(free(world, one, 20, calendar_ids=[]), [(at(9, days=20), at(14, days=20))])
    # Calendars come from the rules, unless the question names them.
    world.server.command("calendars", "connect", "--account", one["sub"], "--provider", "native", "--url", "Other")
    other, = [entry["calendar_id"] for entry in sdk.list_calendars() if entry["calendar_id"] != one["calendar"]]
    sdk.upsert_availability_rule({"availability_rule_id": "mornings", "tzid": "Etc/UTC", "calendar_ids": [other],
                                  "weekly_periods": [{"day": day_name(20), "start_time": "09:00", "end_time": "12:00"}]})
    equal(free(world, one, 20), [(at(9, days=20), at(14, days=20))])
    equal(free(world, one, 20, calendar_ids=[one["calendar"]]), [(at(9, days=20), at(10, days=20)), (at(11, days=20), at(14, days=20))])
    sdk.delete_availability_rule("mornings")
    one["call"]("DELETE", path, json={"delete_all": True})
    equal(free(world, one, 20), [])
    # Hours are kept on the wall of their zone: 09:00 in New York is 13:00 or 14:00 in UTC.
    sdk.upsert_availability_rule({"availability_rule_id": "abroad", "tzid": "America/New_York",
                                  "weekly_periods": [{"day": day, "start_time": "09:00", "end_time": "10:00"} for day in DAYS]})
    for days in (5, 150, 240):
        (start, _), = free(world, one, days)
        assert start[11:] in ("13:00:00Z", "14:00:00Z"), start
    equal(len({free(world, one, days)[0][0][11:] for days in range(0, 360, 30)}), 2)
