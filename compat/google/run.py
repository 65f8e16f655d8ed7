"""google-api-python-client and google-auth-oauthlib, unmodified, against `provider-sandbox`: its own discovery document with
another root address, every answer held against that document's schemas. Ends with `N passed, N failed`."""

import json
import os
import sys
import uuid

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + "/vendors")

import google.auth.exceptions
import google.auth.transport.requests
import googleapiclient.discovery
import googleapiclient.errors
import googleapiclient.http
from google_auth_oauthlib.flow import Flow
from googleapiclient.discovery_cache import DISCOVERY_DOC_DIR
from sandbox import Listener, Sandbox, equal, run, test

import schema

ANNA, BEN = "anna@gmail.example", "ben@gmail.example"
CALENDAR = "https://www.googleapis.com/auth/calendar"
PEOPLE = {
    "people": [
        {"vendor": "google", "email": ANNA, "name": "Anna", "zone": "Europe/Berlin", "calendars": [
            {"name": "Anna", "events": [
                {"title": "Dentist", "start": "2026-03-03T10:00:00", "end": "2026-03-03T11:00:00"}]},
            {"name": "Club"}, {"name": "Borrowed", "read_only": True}]},
        {"vendor": "google", "email": BEN, "zone": "America/Denver"},
    ],
    "clients": [{"id": "compat", "secret": "compat-secret", "redirect_uris": ["http://127.0.0.1:1/callback"]}],
}


class CheckedRequest(googleapiclient.http.HttpRequest):
    """Every answer that is not an error fits the schema of its method."""

    def execute(self, *arguments, **named):
        answer = super().execute(*arguments, **named)
        resource, name = self.methodId.split(".")[1:]
        response = World.document["resources"][resource]["methods"][name].get("response")
        if response:
            schema.check(answer, response, World.document["schemas"], self.methodId)
        else:
            equal(answer, "")
        World.asked.add(self.methodId)
        return answer


class World:
    asked = set()
    document = json.load(open(os.path.join(DISCOVERY_DOC_DIR, "calendar.v3.json")))

    def __init__(self):
        self.sandbox = Sandbox(PEOPLE)
        self.credentials = self.link()
        self.api = self.build(self.credentials)

    def flow(self):
        base = self.sandbox.base + "/google"
        return Flow.from_client_config(
            {"web": {"client_id": "compat", "client_secret": "compat-secret", "auth_uri": base + "/o/oauth2/v2/auth",
                     "token_uri": base + "/token"}},
            scopes=[CALENDAR], redirect_uri="http://127.0.0.1:1/callback")

    def link(self, person=ANNA, **parameters):
        flow = self.flow()
        url, state = flow.authorization_url(access_type="offline", prompt="consent", **parameters)
        back = self.sandbox.consent(url, person)
        assert f"state={state}" in back
        flow.fetch_token(authorization_response=back)
        return flow.credentials

    def build(self, credentials):
        # The one change: where the API is.
        document = {**self.document, "rootUrl": self.sandbox.base + "/google/"}
        return googleapiclient.discovery.build_from_document(
            document, credentials=credentials, requestBuilder=CheckedRequest)

    def event(self, title, start, end, **more):
        return {"summary": title, "start": {"dateTime": start, "timeZone": "Europe/Berlin"},
                "end": {"dateTime": end, "timeZone": "Europe/Berlin"}, **more}

    def all(self, **query):
        """All pages, and the token that the last one gave."""
        items, request = [], self.api.events().list(calendarId="primary", **query)
        while request is not None:
            page = request.execute()
            items += page["items"]
            token = page.get("nextSyncToken")
            request = self.api.events().list_next(request, page)
        return items, token


def refused(request, status, reason):
    try:
        request.execute()
    except googleapiclient.errors.HttpError as error:
        equal((error.status_code, error.error_details[0]["reason"]), (status, reason))
        return error
    raise AssertionError(f"not refused with {status}")


@test
def calendars(world):
    entries = world.api.calendarList().list().execute()["items"]
    equal([(entry["summary"], entry["accessRole"]) for entry in entries],
          [("Anna", "owner"), ("Club", "owner"), ("Borrowed", "reader")])
    equal([entry["id"] for entry in entries if entry.get("primary")], [ANNA])
    made = world.api.calendars().insert(body={"summary": "Trips", "timeZone": "America/Denver"}).execute()
    equal(world.api.calendars().get(calendarId=made["id"]).execute()["timeZone"], "America/Denver")
    world.api.calendars().patch(calendarId=made["id"], body={"summary": "Voyages"}).execute()
    world.api.calendarList().patch(calendarId=made["id"], body={"colorId": "2"}).execute()
    equal(world.api.calendarList().get(calendarId=made["id"]).execute()["summary"], "Voyages")
    world.api.calendars().delete(calendarId=made["id"]).execute()
    refused(world.api.calendars().get(calendarId=made["id"]), 404, "notFound")
    equal(world.api.settings().get(setting="timezone").execute()["value"], "Europe/Berlin")
    assert world.api.settings().list().execute()["items"] and world.api.colors().get().execute()["event"]


@test
def create_read_update_delete(world):
    events = world.api.events()
    body = world.event("Half-day raft", "2026-04-01T08:00:00", "2026-04-01T12:30:00", location="Put-in", id="raft00001")
    made = events.insert(calendarId="primary", body=body, sendUpdates="none").execute()
    equal((made["id"], made["status"], made["organizer"]["self"]), ("raft00001", "confirmed", True))
    refused(events.insert(calendarId="primary", body=body), 409, "duplicate")
    held = events.get(calendarId=ANNA, eventId="raft00001").execute()
    equal((held["summary"], held["location"], held["start"]["timeZone"]), ("Half-day raft", "Put-in", "Europe/Berlin"))
    patched = events.patch(calendarId="primary", eventId="raft00001", body={"summary": "Full-day raft"}).execute()
    equal((patched["summary"], patched["location"]), ("Full-day raft", "Put-in"))
    assert patched["etag"] != made["etag"]
    stale = events.patch(calendarId="primary", eventId="raft00001", body={"summary": "Lost"})
    stale.headers["If-Match"] = made["etag"]
    refused(stale, 412, "conditionNotMet")
    replaced = events.update(calendarId="primary", eventId="raft00001", body=world.event(
        "Quarter", "2026-04-01T08:00:00", "2026-04-01T09:00:00")).execute()
    assert "location" not in replaced
    days = events.insert(calendarId="primary", body={
        "summary": "Away", "start": {"date": "2026-04-10"}, "end": {"date": "2026-04-12"}}).execute()
    equal(days["end"], {"date": "2026-04-12"})
    events.delete(calendarId="primary", eventId="raft00001").execute()
    refused(events.delete(calendarId="primary", eventId="raft00001"), 410, "deleted")
    equal(events.get(calendarId="primary", eventId="raft00001").execute()["status"], "cancelled")
    refused(events.get(calendarId="primary", eventId="never0000"), 404, "notFound")
    borrowed = [entry["id"] for entry in world.api.calendarList().list().execute()["items"] if entry["accessRole"] == "reader"]
    refused(events.insert(calendarId=borrowed[0], body=body), 403, "requiredAccessLevel")
    refused(events.insert(calendarId="primary", body=world.event("Never", "2026-04-01T10:00:00", "2026-04-01T09:00:00")),
            400, "timeRangeEmpty")


@test
def move_and_import(world):
    club = [entry["id"] for entry in world.api.calendarList().list().execute()["items"] if entry["summary"] == "Club"][0]
    made = world.api.events().insert(
        calendarId="primary", body=world.event("Wanders", "2026-04-20T08:00:00", "2026-04-20T09:00:00")).execute()
    moved = world.api.events().move(calendarId="primary", eventId=made["id"], destination=club).execute()
    equal((moved["id"], moved["organizer"]["email"]), (made["id"], club))
    equal(world.api.events().get(calendarId="primary", eventId=made["id"]).execute()["status"], "cancelled")
    body = world.event("Flight", "2026-04-21T08:00:00", "2026-04-21T09:00:00", iCalUID="flight-1@air.example")
    first = world.api.events().import_(calendarId="primary", body=body).execute()
    equal(world.api.events().import_(calendarId="primary", body=body).execute()["id"], first["id"])
    equal([event["id"] for event in world.all(iCalUID="flight-1@air.example")[0]], [first["id"]])


@test
def recurring_with_exceptions(world):
    events = world.api.events()
    master = events.insert(calendarId="primary", body=world.event(
        "Practice", "2026-03-24T18:00:00", "2026-03-24T19:30:00", recurrence=["RRULE:FREQ=WEEKLY;COUNT=4"])).execute()
    instances = events.instances(calendarId="primary", eventId=master["id"]).execute()["items"]
    equal(len(instances), 4)
    # 29 March is the night of the change in Berlin.
    equal([instance["originalStartTime"]["dateTime"] for instance in instances],
          ["2026-03-24T17:00:00Z", "2026-03-31T16:00:00Z", "2026-04-07T16:00:00Z", "2026-04-14T16:00:00Z"])
    changed = events.patch(calendarId="primary", eventId=instances[1]["id"], body={
        "start": {"dateTime": "2026-04-01T18:00:00", "timeZone": "Europe/Berlin"},
        "end": {"dateTime": "2026-04-01T19:30:00", "timeZone": "Europe/Berlin"}}).execute()
    equal(changed["recurringEventId"], master["id"])
    events.delete(calendarId="primary", eventId=instances[2]["id"]).execute()
    left = events.instances(calendarId="primary", eventId=master["id"]).execute()["items"]
    equal([instance["start"]["dateTime"] for instance in left],
          ["2026-03-24T17:00:00Z", "2026-04-01T18:00:00", "2026-04-14T16:00:00Z"])
    rows = [row for row in world.all()[0] if master["id"] in (row["id"], row.get("recurringEventId"))]
    equal(sorted(row["status"] for row in rows), ["cancelled", "confirmed", "confirmed"])
    single, _ = world.all(
        singleEvents=True, orderBy="startTime", timeMin="2026-03-24T00:00:00+01:00", timeMax="2026-04-08T00:00:00Z", q="practice")
    equal([event["start"]["dateTime"] for event in single], ["2026-03-24T17:00:00Z", "2026-04-01T18:00:00"])
    events.delete(calendarId="primary", eventId=master["id"]).execute()
    equal([row["status"] for row in world.all(showDeleted=True)[0] if row["id"] == master["id"]], ["cancelled"])


@test
def incremental_sync_to_and_past_expiry(world):
    events = world.api.events()
    made = [events.insert(calendarId="primary", body=world.event(
        f"Sync {n}", f"2026-05-{n + 1:02}T08:00:00", f"2026-05-{n + 1:02}T09:00:00")).execute() for n in range(25)]
    everything, token = world.all(maxResults=10)
    assert {event["id"] for event in made} <= {event["id"] for event in everything}
    equal(world.all(syncToken=token)[0], [])
    events.patch(calendarId="primary", eventId=made[0]["id"], body={"summary": "Changed"}).execute()
    events.delete(calendarId="primary", eventId=made[1]["id"]).execute()
    changes, later = world.all(syncToken=token, maxResults=1)
    equal({(event["id"], event["status"]) for event in changes}, {(made[0]["id"], "confirmed"), (made[1]["id"], "cancelled")})
    equal(world.all(syncToken=later)[0], [])
    refused(events.list(calendarId="primary", syncToken=later, timeMin="2026-01-01T00:00:00Z"), 400, "badRequest")
    world.sandbox.fault("expire_cursors", person=ANNA)
    refused(events.list(calendarId="primary", syncToken=later), 410, "fullSyncRequired")
    again, fresh = world.all()
    assert made[1]["id"] not in {event["id"] for event in again}
    equal(world.all(syncToken=fresh)[0], [])
    # The control: a token that was never given is no token either.
    refused(events.list(calendarId="primary", syncToken="never"), 410, "fullSyncRequired")


@test
def watch_and_stop(world):
    listener, events = Listener(), world.api.events()
    channel = events.watch(calendarId="primary", body={
        "id": str(uuid.uuid4()), "type": "web_hook", "address": listener.url, "token": "mine", "params": {"ttl": "3600"}}).execute()
    headers, body = listener.next()
    equal((headers["X-Goog-Resource-State"], headers["X-Goog-Message-Number"], body), ("sync", "1", b""))
    made = events.insert(calendarId="primary", body=world.event("Seen", "2026-06-01T08:00:00", "2026-06-01T09:00:00")).execute()
    headers, _ = listener.next()
    equal((headers["X-Goog-Resource-State"], headers["X-Goog-Channel-Token"], headers["X-Goog-Channel-ID"],
           headers["X-Goog-Resource-ID"]), ("exists", "mine", channel["id"], channel["resourceId"]))
    world.sandbox.fault("pushes", do="lose")
    events.patch(calendarId="primary", eventId=made["id"], body={"summary": "Unseen"}).execute()
    assert listener.is_silent()
    world.sandbox.fault("pushes", do="duplicate")
    events.patch(calendarId="primary", eventId=made["id"], body={"summary": "Twice"}).execute()
    equal(listener.next()[0]["X-Goog-Message-Number"], listener.next()[0]["X-Goog-Message-Number"])
    world.sandbox.fault("heal")
    world.api.channels().stop(body={"id": channel["id"], "resourceId": channel["resourceId"]}).execute()
    events.patch(calendarId="primary", eventId=made["id"], body={"summary": "After"}).execute()
    assert listener.is_silent()
    refused(world.api.channels().stop(body={"id": channel["id"], "resourceId": channel["resourceId"]}), 404, "channelUnknown")


@test
def free_busy(world):
    events = world.api.events()
    events.insert(calendarId="primary", body=world.event("A", "2026-07-01T08:00:00", "2026-07-01T10:00:00")).execute()
    events.insert(calendarId="primary", body=world.event("B", "2026-07-01T09:00:00", "2026-07-01T11:00:00")).execute()
    events.insert(calendarId="primary", body=world.event(
        "Free", "2026-07-01T13:00:00", "2026-07-01T14:00:00", transparency="transparent")).execute()
    question = {"timeMin": "2026-07-01T00:00:00+02:00", "timeMax": "2026-07-02T00:00:00+02:00", "items": [{"id": ANNA}, {"id": "nobody@x.example"}]}
    calendars = world.api.freebusy().query(body=question).execute()["calendars"]
    equal(calendars[ANNA]["busy"], [{"start": "2026-07-01T06:00:00Z", "end": "2026-07-01T09:00:00Z"}])
    equal(calendars["nobody@x.example"]["errors"][0]["reason"], "notFound")
    refused(world.api.freebusy().query(body={**question, "timeMax": "2027-07-02T00:00:00Z"}), 400, "timeRangeTooLong")


@test
def oauth_refresh_and_revocation(world):
    credentials = world.link(BEN)
    api = world.build(credentials)
    equal(api.calendarList().list().execute()["items"][0]["id"], BEN)
    before = credentials.token
    world.sandbox.fault("expire_access")
    # The client refreshes by itself where a token is refused.
    equal(api.calendarList().list().execute()["items"][0]["id"], BEN)
    assert credentials.token != before
    # A second consent without prompt=consent gives no refresh token.
    flow = world.flow()
    url, _ = flow.authorization_url(access_type="offline")
    flow.fetch_token(authorization_response=world.sandbox.consent(url, BEN))
    equal(flow.credentials.refresh_token, None)
    world.sandbox.fault("end", cause="revoked", person=BEN)
    try:
        api.calendarList().list().execute()
        raise AssertionError("still allowed")
    except google.auth.exceptions.RefreshError as error:
        equal(error.args[1]["error"], "invalid_grant")
    # The control: others go on.
    assert world.api.calendarList().list().execute()["items"]


@test
def consent_denied_and_scopes_left_out(world):
    flow = world.flow()
    url, _ = flow.authorization_url(access_type="offline")
    assert "error=access_denied" in world.sandbox.consent(url, BEN, answer="deny")
    flow = world.flow()
    url, _ = flow.authorization_url(access_type="offline", prompt="consent")
    os.environ["OAUTHLIB_RELAX_TOKEN_SCOPE"] = "1"
    flow.fetch_token(authorization_response=world.sandbox.consent(url, BEN, scopes=[]))
    refused(world.build(flow.credentials).calendarList().list(), 403, "insufficientPermissions")


@test
def faults(world):
    request = lambda: world.api.calendarList().list()
    for status, reason in [(403, "userRateLimitExceeded"), (409, "conflict"), (410, "fullSyncRequired"), (412, "conditionNotMet"), (400, "invalid")]:
        world.sandbox.fault("answer", status=status, reason=reason, person=ANNA)
        refused(request(), status, reason)
        assert request().execute()["items"]
    world.sandbox.fault("answer", status=429, retry_after=7)
    equal(refused(request(), 429, "rateLimitExceeded").resp["retry-after"], "7")
    # The client tries these again by itself.
    world.sandbox.fault("answer", status=503, times=2)
    assert request().execute(num_retries=3)["items"]
    world.sandbox.fault("cut")
    try:
        request().execute()
        raise AssertionError("a cut answer was taken as whole")
    except Exception as error:
        assert not isinstance(error, AssertionError), error
    world.sandbox.fault("html")
    try:
        request().execute()
        raise AssertionError("a page was taken as JSON")
    except (ValueError, schema.Mismatch):
        pass
    world.sandbox.fault("small_pages", size=1)
    assert "nextPageToken" in request().execute()
    world.sandbox.fault("heal")
    done = world.sandbox.fault_by_command("zone", "zone=Asia/Tokyo", f"person={ANNA}")
    equal(done.returncode, 0)
    equal(world.api.settings().get(setting="timezone").execute()["value"], "Asia/Tokyo")
    wrong = world.sandbox.fault_by_command("zone", "zone=Mars/Base")
    assert wrong.returncode == 65 and "no time zone" in wrong.stdout, wrong


@test
def schemas_are_really_held(world):
    """The control: what Google does not know is found."""
    event = world.document["schemas"]["Event"]
    for broken in [{"kind": "calendar#event", "nonsense": 1}, {"kind": "calendar#event", "id": 5}, {"kind": "other"},
                   {"kind": "calendar#event", "updated": "soon"}]:
        try:
            schema.check(broken, event, world.document["schemas"])
            raise AssertionError(f"{broken} passed")
        except schema.Mismatch:
            pass
    assert schema.CHECKED["Event"] > 100 and len(World.asked) >= 22, (schema.CHECKED, sorted(World.asked))


world = World()
try:
    code = run(world)
    print(f"{sum(schema.CHECKED.values())} values held against {len(schema.CHECKED)} schemas; {len(World.asked)} methods")
finally:
    world.sandbox.stop()
sys.exit(code)
