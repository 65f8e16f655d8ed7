"""Events: every filter, every property, batch, bulk delete, invitations, attachments, and what is refused."""

import base64
import hashlib
import time

from pycronofy.batch import BatchBuilder
from pycronofy.exceptions import PyCronofyPartialSuccessError

from kit import ZONE, at, equal, refused, test


def managed(world, event_id, **options):
    options.setdefault("only_managed", True)
    return [event for event in world.sdk.read_events(tzid=ZONE, **options).all() if event.get("event_id") == event_id]


def fresh(world, email, scope=None):
    """A person of their own, so that what other tests wrote is not in the way."""
    person = world.server.person(email, scope=scope)
    person["calendar"] = person["client"].list_calendars()[0]["calendar_id"]
    return person


@test
def every_property(world):
    world.sdk.upsert_event(world.calendar, world.event(
        "full", {"time": at(9, days=100), "tzid": "Europe/Paris"}, {"time": at(11, days=100), "tzid": "Europe/London"},
        tzid=None, description="Bring\nboots; and, a coat", location={"description": "North gate", "lat": "48.8566", "long": "2.3522"},
        url="https://example.com/full", color="#49BED8", event_private=True, transparency="opaque",
        reminders=[{"minutes": 30}, {"minutes": 1440}], reminders_create_only=True,
        attendees={"invite": [{"email": "sam@example.com", "display_name": "Sam"}, {"email": "pat@example.com"}]},
        conferencing={"profile_id": "explicit", "provider_description": "Own", "join_url": "https://meet.example.com/1"}))
    event, = managed(world, "full", include_geo=True, localized_times=True)
    equal(event["description"], "Bring\nboots; and, a coat")
    equal(event["location"], {"description": "North gate", "lat": "48.8566", "long": "2.3522"})
    equal((event["start"]["tzid"], event["end"]["tzid"]), ("Europe/Paris", "Europe/London"))
    equal(event["url"], "https://example.com/full")
    equal((event["event_private"], event["transparency"], event["status"]), (True, "opaque", "confirmed"))
    equal([(person["email"], person["status"]) for person in event["attendees"]],
          [("sam@example.com", "needs_action"), ("pat@example.com", "needs_action")])
    equal(event["organizer"]["email"], "ada@example.com")
    equal((event["meeting_url"], event["conferencing"]["join_url"]), ("https://meet.example.com/1",) * 2)
    equal(event["options"], {"delete": True, "update": True, "change_participation_status": False})
    assert "lat" not in managed(world, "full")[0]["location"]
    world.sdk.upsert_event(world.calendar, world.event(
        "full", at(9, days=100), at(11, days=100), attendees={"invite": [{"email": "lee@example.com"}], "remove": [{"email": "pat@example.com"}]},
        url=None, conferencing={"profile_id": "none"}, extended_transparency="out_of_office"))
    event, = managed(world, "full")
    equal([person["email"] for person in event["attendees"]], ["sam@example.com", "lee@example.com"])
    assert "url" not in event and "meeting_url" not in event
    equal((event["transparency"], event["extended_transparency"]), ("opaque", "out_of_office"))
    world.sdk.upsert_event(world.calendar, world.event("full", at(9, days=100), at(11, days=100), attendees={"reject": [{"email": "lee@example.com"}]}))
    equal([person["email"] for person in managed(world, "full")[0]["attendees"]], ["sam@example.com"])


@test
def writes_arrive_and_say_so(world):
    world.sdk.upsert_event(world.calendar, world.event("state", at(9, days=101), at(10, days=101)))
    for _ in range(100):
        event, = managed(world, "state")
        if event["write"]["state"] == "written":
            break
        equal(event["write"]["state"], "pending")
        time.sleep(0.05)
    equal(event["write"], {"state": "written"})


@test
def the_same_event_id_is_one_event(world):
    for _ in range(3):
        world.sdk.upsert_event(world.calendar, world.event("twice", at(9, days=102), at(10, days=102)))
    equal(len(managed(world, "twice")), 1)
    world.sdk.delete_event(world.calendar, "twice")
    equal(managed(world, "twice"), [])
    world.sdk.upsert_event(world.calendar, world.event("twice", at(11, days=102), at(12, days=102)))
    event, = managed(world, "twice")
    equal((event["start"], event["deleted"]), (at(11, days=102), False))


@test
def windows_and_moved_events(world):
    person = fresh(world, "windows@example.com")
    sdk, calendar = person["client"], person["calendar"]
    sdk.upsert_event(calendar, world.event("moves", at(9, days=10), at(10, days=10)))
    sdk.upsert_event(calendar, world.event("stays", at(9, days=10), at(10, days=10)))
    sdk.upsert_event(calendar, world.event("far", "2039-04-05T13:00:00Z", "2039-04-05T14:00:00Z"))
    day, after = at(0, days=10)[:10], at(0, days=11)[:10]
    def ids(**options):
        return sorted(event["event_id"] for event in sdk.read_events(tzid="Etc/UTC", **options).all())
    equal(ids(from_date=day, to_date=after), ["moves", "stays"])
    equal(ids(from_date=at(10, days=10), to_date=after), [])
    equal(ids(from_date=day, to_date=at(9, days=10)), [])
    sdk.upsert_event(calendar, world.event("moves", at(9, days=20), at(10, days=20)))
    equal(ids(from_date=day, to_date=after), ["stays"])
    equal(ids(from_date=day, to_date=after, include_moved=True), ["moves", "stays"])
    equal(ids(), ["far", "moves", "stays"])
    equal(ids(only_managed=True), ["far", "moves", "stays"])
    equal(ids(from_date="2039-04-05", to_date="2039-04-06"), ["far"])
    equal(ids(include_managed=False), [])
    sdk.delete_event(calendar, "stays")
    equal(ids(from_date=day, to_date=after), [])
    equal(ids(from_date=day, to_date=after, include_deleted=True), ["stays"])
    # A day belongs to the zone that is asked with: 2 in the morning of the 31st in Tokyo is the 30th in UTC.
    sdk.upsert_event(calendar, world.event("tokyo", at(17, days=30), at(18, days=30)))
    def named(zone, days):
        return [event["event_id"] for event in sdk.read_events(tzid=zone, from_date=at(0, days=days)[:10], to_date=at(0, days=days + 1)[:10]).all()]
    equal((named("Asia/Tokyo", 31), named("Etc/UTC", 31), named("Etc/UTC", 30)), (["tokyo"], [], ["tokyo"]))


@test
def own_changes_are_no_news(world):
    person = fresh(world, "news@example.com")
    sdk, calendar = person["client"], person["calendar"]
    before = at(0, days=-30)
    sdk.upsert_event(calendar, world.event("own", at(9, days=10), at(10, days=10)))
    equal(sdk.read_events(tzid=ZONE, last_modified=before).all(), [])
    equal(len(sdk.read_events(tzid=ZONE).all()), 1)


@test
def free_busy_filters(world):
    person = fresh(world, "freebusy@example.com")
    sdk, calendar = person["client"], person["calendar"]
    sdk.upsert_event(calendar, world.event("busy", at(9, days=10), at(10, days=10)))
    sdk.upsert_event(calendar, world.event("free", at(11, days=10), at(12, days=10), transparency="transparent"))
    sdk.upsert_event(calendar, world.event("maybe", at(13, days=10), at(14, days=10), extended_transparency="tentative"))
    equal([entry["free_busy_status"] for entry in sdk.read_free_busy(tzid=ZONE).all()], ["busy", "tentative"])
    equal(sdk.read_free_busy(tzid=ZONE, include_managed=False).all(), [])
    equal(sdk.read_free_busy(tzid=ZONE, localized_times=True).all()[0]["start"]["tzid"], ZONE)
    equal(sdk.read_free_busy(tzid=ZONE, calendar_ids=[world.calendar]).all(), [])
    def raw(**query):
        answer = world.call("GET", "/v1/free_busy", token=person["access_token"], params={"tzid": ZONE, "include_managed": "True", **query})
        equal(answer.status_code, 200)
        return answer.json()["free_busy"]
    equal([entry["free_busy_status"] for entry in raw(include_free="True")], ["busy", "free", "tentative"])
    equal([entry["event_id"] for entry in raw(include_ids="true")], ["busy", "maybe"])
    assert all(set(entry) <= {"calendar_id", "start", "end", "free_busy_status"} for entry in raw())
    sdk.delete_event(calendar, "busy")
    equal([entry["deleted"] for entry in raw(include_deleted="true")], [True, False])


@test
def batches(world):
    builder = BatchBuilder()
    for number in range(48):
        builder.upsert_event(world.calendar, world.event(f"batch-{number}", at(9, days=110), at(10, days=110)))
    builder.delete_event(world.calendar, "batch-0").delete_event(world.calendar, "never-there")
    response = world.sdk.batch(builder)
    equal([entry.status() for entry in response.entries], [202] * 50)
    equal(managed(world, "batch-0"), [])
    equal(len(managed(world, "batch-47")), 1)
    try:
        world.sdk.batch(BatchBuilder().upsert_event(world.calendar, world.event("batch-50", at(9, days=110), at(10, days=110)))
                        .upsert_event("cal_nothing", world.event("x", at(9), at(10)))
                        .upsert_event(world.calendar, {**world.event("y", at(9), at(10)), "summary": None}))
        raise AssertionError("it was not refused")
    except PyCronofyPartialSuccessError as error:
        entries = error.batch_response.entries
        equal([entry.status() for entry in entries], [202, 404, 422])
        equal(entries[2].response["data"]["errors"]["summary"][0]["key"], "errors.required")
    equal(len(managed(world, "batch-50")), 1)
    too_many = {"batch": [{"method": "DELETE", "relative_url": f"/v1/calendars/{world.calendar}/events", "data": {"event_id": "x"}}] * 51}
    equal(world.call("POST", "/v1/batch", json=too_many).status_code, 422)
    other = {"batch": [{"method": "GET", "relative_url": "/v1/account"}, {"method": "POST", "relative_url": "/v1/batch", "data": too_many}]}
    answer = world.call("POST", "/v1/batch", json=other)
    equal((answer.status_code, [entry["status"] for entry in answer.json()["batch"]]), (207, [422, 422]))
    narrow = fresh(world, "narrow-batch@example.com", scope="read_events create_event")
    entry = {"method": "DELETE", "relative_url": f"/v1/calendars/{narrow['calendar']}/events", "data": {"event_id": "x"}}
    answer = world.call("POST", "/v1/batch", token=narrow["access_token"], json={"batch": [entry]})
    equal(answer.json()["batch"][0]["status"], 403)


@test
def bulk_delete(world):
    person = fresh(world, "bulk@example.com")
    sdk, calendar = person["client"], person["calendar"]
    def write():
        for number in range(5):
            sdk.upsert_event(calendar, world.event(f"bulk-{number}", at(9, days=10), at(10, days=10)))
    write()
    sdk.delete_all_events()
    equal(sdk.read_events(tzid=ZONE).all(), [])
    equal(len(sdk.read_events(tzid=ZONE, include_deleted=True).all()), 5)
    write()
    equal(len(sdk.read_events(tzid=ZONE).all()), 5)
    sdk.delete_all_events(calendar_ids=[calendar])
    equal(sdk.read_events(tzid=ZONE).all(), [])
    def raw(**options):
        return world.call("DELETE", "/v1/events", token=person["access_token"], **options)
    for body, key in [({}, "errors.required"), ({"delete_all": "x"}, "errors.must_be_boolean"), ({"delete_all": False}, "errors.invalid"),
                      ({"delete_all": True, "calendar_ids": [calendar]}, "errors.not_allowed"),
                      ({"calendar_ids": []}, "errors.invalid_calendar_ids"), ({"calendar_ids": [world.calendar]}, "errors.invalid_calendar_ids")]:
        answer = raw(json=body)
        equal((body, answer.status_code, [entry["key"] for entries in answer.json()["errors"].values() for entry in entries]), (body, 422, [key]))
    equal(raw(json={"delete_all": True}).status_code, 202)
    equal(raw(params={"delete_all": "True"}, json={}).status_code, 202)


@test
def external_events(world):
    """An event that no application manages, in a calendar that may be edited."""
    person = world.server.person("shared@example.com", calendar=False)
    sdk = person["client"]
    world.server.import_calendar(person, """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:test\r
BEGIN:VEVENT\r
UID:invited\r
DTSTAMP:20260101T000000Z\r
DTSTART:20390405T130000Z\r
DTEND:20390405T140000Z\r
SUMMARY:Invited\r
ORGANIZER:mailto:lee@example.com\r
ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:shared@example.com\r
END:VEVENT\r
END:VCALENDAR\r
""")
    calendar = sdk.list_calendars()[0]["calendar_id"]
    for _ in range(100):
        if sdk.read_events(tzid=ZONE, from_date="2039-01-01", to_date="2040-01-01").all():
            break
        time.sleep(0.05)
    event, = sdk.read_events(tzid=ZONE, from_date="2039-01-01", to_date="2040-01-01").all()
    assert event["event_uid"].startswith("evt_external_") and "event_id" not in event
    equal((event["participation_status"], event["options"]["change_participation_status"]), ("needs_action", True))
    sdk.change_participation_status(calendar, event["event_uid"], "accepted")
    event, = sdk.read_events(tzid=ZONE, from_date="2039-01-01", to_date="2040-01-01").all()
    equal((event["participation_status"], event["attendees"][0]["status"]), ("accepted", "accepted"))
    edit = {"event_uid": event["event_uid"], "summary": "Edited", "start": "2039-04-05T15:00:00Z", "end": "2039-04-05T16:00:00Z"}
    sdk.upsert_event(calendar, edit)
    event, = sdk.read_events(tzid=ZONE, from_date="2039-01-01", to_date="2040-01-01", last_modified="2020-01-01T00:00:00Z").all()
    equal((event["summary"], event["start"], event["organizer"]["email"]), ("Edited", "2039-04-05T15:00:00Z", "lee@example.com"))
    sdk.delete_external_event(calendar, event["event_uid"])
    equal(sdk.read_events(tzid=ZONE, from_date="2039-01-01", to_date="2040-01-01").all(), [])
    refused(lambda: sdk.upsert_event(calendar, edit), 404)
    refused(lambda: sdk.change_participation_status(calendar, event["event_uid"], "accepted"), 404)
    response = refused(lambda: sdk.upsert_event(calendar, {**edit, "event_uid": "mine"}), 422)
    equal(response.json()["errors"]["event_uid"][0]["key"], "errors.must_be_external_event_uid")
    sdk.upsert_event(calendar, {**edit, "event_id": "wins"})
    mine, = sdk.read_events(tzid=ZONE, only_managed=True).all()
    equal(mine["event_id"], "wins")
    refused(lambda: sdk.change_participation_status(calendar, mine["event_uid"], "accepted"), 403)
    refused(lambda: sdk.change_participation_status(calendar, mine["event_uid"], "perhaps"), 422)


@test
def recurrence(world):
    weekly = world.event("weekly-two", at(9, days=120), at(10, days=120), recurrence={"rules": [{"frequency": "weekly", "interval": 2, "count": 4}]})
    world.sdk.upsert_event(world.calendar, weekly)
    events = managed(world, "weekly-two")
    equal(len(events), 4)
    equal([event["recurring"] for event in events], [True] * 4)
    equal(len({event["event_uid"] for event in events}), 4)
    world.sdk.upsert_event(world.calendar, {**weekly, "recurrence": None, "summary": "Renamed"})
    equal([event["summary"] for event in managed(world, "weekly-two")], ["Renamed"] * 4)
    world.sdk.upsert_event(world.calendar, {**weekly, "recurrence": {"rules": []}})
    equal(len(managed(world, "weekly-two")), 1)
    daily = {**weekly, "event_id": "daily", "recurrence": {"rules": [{"frequency": "daily", "until": at(9, days=122)}]}}
    world.sdk.upsert_event(world.calendar, daily)
    equal(len(managed(world, "daily")), 3)
    for rule in [{"frequency": "hourly-ish"}, {}, {"frequency": "daily", "interval": 0}, {"frequency": "weekly", "by_day": ["someday"]},
                 {"frequency": "daily", "until": "soon"}, {"frequency": "daily", "by_day": ["monday"]}]:
        response = refused(lambda: world.sdk.upsert_event(world.calendar, {**weekly, "recurrence": {"rules": [rule]}}), 422)
        assert any(name.startswith("recurrence.rules[0]") for name in response.json()["errors"]), response.text


@test
def attachments(world):
    content = b"%PDF-1.7 plan"
    def upload(**change):
        body = {"file_name": "plan.pdf", "content_type": "application/pdf", "base64_content": base64.b64encode(content).decode(), **change}
        return world.call("POST", "/v1/attachments", token=world.server.secret, json={"attachment": body})
    attachment = upload().json()["attachment"]
    equal((attachment["file_name"], attachment["content_type"], attachment["md5"]), ("plan.pdf", "application/pdf", hashlib.md5(content).hexdigest()))
    world.sdk.upsert_event(world.calendar, world.event("attached", at(9, days=130), at(10, days=130), attachments=[{"attachment_id": attachment["attachment_id"]}]))
    file = world.call("GET", f"/attachments/{attachment['attachment_id']}/plan%2Epdf", headers={"Authorization": "none"})
    equal((file.status_code, file.content, file.headers["X-Content-Type-Options"]), (200, content, "nosniff"))
    assert file.headers["Content-Disposition"].startswith("attachment")
    equal(world.call("GET", "/attachments/att_nothing/x").status_code, 404)
    for change in [{"file_name": "../plan.pdf"}, {"file_name": "plan.html"}, {"file_name": "plan"}, {"content_type": "text/html"},
                   {"base64_content": "!"}, {"file_name": None}, {"base64_content": None}]:
        equal((change, upload(**change).status_code), (change, 422))
    equal(upload(base64_content=base64.b64encode(b"x" * (3 << 20)).decode()).status_code, 200)
    equal(upload(base64_content="A" * (11 << 20)).status_code, 413)
    refused(lambda: world.sdk.upsert_event(world.calendar, world.event("bad", at(9), at(10), attachments=[{"attachment_id": "att_nothing"}])), 422)


@test
def bad_events_are_named(world):
    for field, change in [("color", {"color": "blue"}), ("location.lat", {"location": {"lat": "91", "long": "0"}}), ("location.lat", {"location": {"long": "0"}}),
                          ("conferencing.profile_id", {"conferencing": {"profile_id": "pro_nothing"}}), ("transparency", {"transparency": "glass"}),
                          ("conferencing.join_url", {"conferencing": {"profile_id": "explicit", "join_url": "javascript:alert(1)"}}),
                          ("conferencing.join_url", {"conferencing": {"profile_id": "explicit"}}), ("reminders", {"reminders": [{"minutes": 5}] * 6}),
                          ("attendees.invite[0].email", {"attendees": {"invite": [{"display_name": "x"}]}}), ("end.tzid", {"end": {"time": at(10), "tzid": "Mars/Base"}}),
                          ("description", {"description": "x" * 4097}), ("event_private", {"event_private": "perhaps"})]:
        answer = world.call("POST", f"/v1/calendars/{world.calendar}/events", json={**world.event("bad", at(9), at(10)), **change})
        assert answer.status_code == 422 and field in answer.json()["errors"], (field, change, answer.status_code, answer.text)
    for query in [{}, {"tzid": "Mars/Base"}, {"tzid": ZONE, "from": "soon"}, {"tzid": ZONE, "from": "2031-01-02", "to": "2031-01-01"},
                  {"tzid": ZONE, "include_deleted": "perhaps"}, {"tzid": ZONE, "last_modified": "x"}]:
        for path in ["/v1/events", "/v1/free_busy"]:
            equal((path, query, world.call("GET", path, params=query).status_code), (path, query, 422))
