"""msgraph-sdk, unmodified but for its base address, against `provider-sandbox`; every answer held against the models that the
SDK carries. Signing in is oauthlib's. Ends with `N passed, N failed`."""

import asyncio
import datetime
import json
import os
import sys
import time

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + "/vendors")

import httpx
from azure.core.credentials import AccessToken
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.calendar import Calendar
from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
from msgraph.generated.models.day_of_week import DayOfWeek
from msgraph.generated.models.event import Event
from msgraph.generated.models.free_busy_status import FreeBusyStatus
from msgraph.generated.models.location import Location
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.patterned_recurrence import PatternedRecurrence
from msgraph.generated.models.recurrence_pattern import RecurrencePattern
from msgraph.generated.models.recurrence_pattern_type import RecurrencePatternType
from msgraph.generated.models.recurrence_range import RecurrenceRange
from msgraph.generated.models.recurrence_range_type import RecurrenceRangeType
from msgraph.generated.models.subscription import Subscription
from msgraph.generated.users.item.calendar.get_schedule.get_schedule_post_request_body import GetSchedulePostRequestBody
from msgraph.generated.users.item.calendars.item.calendar_view.delta.delta_request_builder import DeltaRequestBuilder
from msgraph.generated.users.item.events.item.event_item_request_builder import EventItemRequestBuilder
from msgraph.generated.users.item.events.item.instances.instances_request_builder import InstancesRequestBuilder
from msgraph.graph_request_adapter import options
from msgraph_core import GraphClientFactory
from oauthlib.oauth2.rfc6749.errors import OAuth2Error
from requests_oauthlib import OAuth2Session
from sandbox import Listener, Sandbox, equal, run, test

import metadata

CLEO, DAN = "cleo@outlook.example", "dan@outlook.example"
SCOPES = ["offline_access", "openid", "User.Read", "Calendars.ReadWrite", "MailboxSettings.Read"]
PEOPLE = {
    "people": [
        {"vendor": "microsoft", "email": CLEO, "name": "Cleo", "zone": "W. Europe Standard Time", "calendars": [
            {"name": "Calendar", "events": [
                {"title": "Dentist", "start": "2026-03-03T10:00:00", "end": "2026-03-03T11:00:00", "zone": "Europe/Berlin"}]},
            {"name": "Borrowed", "read_only": True}]},
        {"vendor": "microsoft", "email": DAN, "name": "Dan", "zone": "Europe/London"},
    ],
    "clients": [{"id": "compat", "secret": "compat-secret"}],
}


class Tokens:
    """A person's tokens, refreshed by oauthlib where they ran out."""

    def __init__(self, world, person, scopes=SCOPES, allowed=None):
        identity = world.sandbox.base + "/microsoft/common/oauth2/v2.0"
        self.url = identity + "/token"
        self.session = OAuth2Session("compat", redirect_uri="http://127.0.0.1:1/callback", scope=scopes, pkce="S256")
        url, _ = self.session.authorization_url(identity + "/authorize")
        back = world.sandbox.consent(url, person, scopes=allowed)
        self.held = self.session.fetch_token(self.url, authorization_response=back, client_secret="compat-secret")

    def refresh(self):
        self.held = self.session.refresh_token(self.url, client_id="compat", client_secret="compat-secret")

    async def get_token(self, *scopes, **named):
        return AccessToken(self.held["access_token"], int(time.time()) + 60)

    async def close(self):
        pass


class World:
    def __init__(self):
        self.sandbox = Sandbox(PEOPLE)
        self.loop = asyncio.new_event_loop()
        self.asked = set()
        self.tokens = Tokens(self, CLEO)
        self.api = self.build(self.tokens)

    def build(self, tokens):
        async def keep(response):
            await response.aread()
            self.raw = response

        provider = AzureIdentityAuthenticationProvider(tokens, allowed_hosts=["127.0.0.1"])
        client = GraphClientFactory.create_with_default_middleware(
            options=options, client=httpx.AsyncClient(event_hooks={"response": [keep]}))
        adapter = GraphRequestAdapter(provider, client)
        # The one change: where Graph is.
        adapter.base_url = self.sandbox.base + "/microsoft/v1.0"
        return GraphServiceClient(request_adapter=adapter)

    def ask(self, request):
        """The SDK's answer, checked against what was on the wire."""
        answer = self.loop.run_until_complete(request)
        self.asked.add((self.raw.request.method, self.raw.request.url.path.split("/")[-1]))
        if answer is None:
            equal(self.raw.content, b"")
        else:
            metadata.check(json.loads(self.raw.content), answer)
        return answer

    def refused(self, request, status, code):
        try:
            self.loop.run_until_complete(request)
        except ODataError as error:
            equal((error.response_status_code, error.error.code), (status, code))
            return error
        raise AssertionError(f"not refused with {status}")

    def all(self, request, follow):
        """All pages: items by id, and the last page."""
        page = self.ask(request)
        items = list(page.value)
        while page.odata_next_link:
            page = self.ask(follow(page.odata_next_link))
            items += page.value
        return items, page


def at(day, hour, minute=0, zone="Europe/Berlin"):
    return DateTimeTimeZone(date_time=f"{day}T{hour:02}:{minute:02}:00", time_zone=zone)


def event(title, day, start, end, **more):
    return Event(subject=title, start=at(day, start), end=at(day, end), **more)


@test
def who_and_calendars(world):
    me = world.ask(world.api.me.get())
    equal((me.display_name, me.mail), ("Cleo", CLEO))
    equal(world.ask(world.api.me.mailbox_settings.get()).time_zone, "W. Europe Standard Time")
    calendars = world.ask(world.api.me.calendars.get()).value
    equal([(calendar.name, calendar.can_edit, calendar.is_default_calendar) for calendar in calendars],
          [("Calendar", True, True), ("Borrowed", False, False)])
    made = world.ask(world.api.me.calendars.post(Calendar(name="Trips")))
    world.ask(world.api.me.calendars.by_calendar_id(made.id).patch(Calendar(name="Voyages")))
    equal(world.ask(world.api.me.calendars.by_calendar_id(made.id).get()).name, "Voyages")
    world.ask(world.api.me.calendars.by_calendar_id(made.id).delete())
    world.refused(world.api.me.calendars.by_calendar_id(made.id).get(), 404, "ErrorItemNotFound")
    equal(world.ask(world.api.me.calendar.get()).id, calendars[0].id)
    world.refused(world.api.me.calendars.by_calendar_id(calendars[1].id).events.post(event("Never", "2026-04-01", 8, 9)),
                  403, "ErrorAccessDenied")


@test
def create_read_update_delete(world):
    body = event("Half-day raft", "2026-04-01", 8, 12, location=Location(display_name="Put-in"), transaction_id="raft-1",
                 show_as=FreeBusyStatus.Oof, categories=["Water"])
    made = world.ask(world.api.me.events.post(body))
    world.refused(world.api.me.events.post(body), 400, "ErrorDuplicateTransactionId")
    item = world.api.me.events.by_event_id(made.id)
    held = world.ask(item.get())
    equal((held.subject, held.location.display_name, held.show_as, held.original_start_time_zone),
          ("Half-day raft", "Put-in", FreeBusyStatus.Oof, "Europe/Berlin"))
    equal((held.start.date_time, held.start.time_zone), ("2026-04-01T06:00:00.0000000", "UTC"))
    changed = world.ask(item.patch(Event(subject="Full-day raft")))
    equal((changed.subject, changed.location.display_name), ("Full-day raft", "Put-in"))
    assert changed.change_key != made.change_key
    only = RequestConfiguration(query_parameters=EventItemRequestBuilder.EventItemRequestBuilderGetQueryParameters(select=["subject"]))
    short = world.ask(item.get(request_configuration=only))
    equal((short.subject, short.location), ("Full-day raft", None))
    away = world.ask(world.api.me.events.post(Event(
        subject="Away", is_all_day=True, start=at("2026-04-10", 0), end=at("2026-04-12", 0))))
    equal(away.is_all_day, True)
    world.refused(world.api.me.events.post(Event(
        subject="Crooked", is_all_day=True, start=at("2026-04-10", 8), end=at("2026-04-12", 0))), 400, "ErrorPropertyValidationFailure")
    world.ask(item.delete())
    world.refused(item.get(), 404, "ErrorItemNotFound")
    world.refused(item.delete(), 404, "ErrorItemNotFound")


@test
def recurring_with_exceptions(world):
    master = world.ask(world.api.me.events.post(event("Practice", "2026-03-24", 18, 19, recurrence=PatternedRecurrence(
        pattern=RecurrencePattern(type=RecurrencePatternType.Weekly, interval=1, days_of_week=[DayOfWeek.Tuesday]),
        range=RecurrenceRange(type=RecurrenceRangeType.Numbered, number_of_occurrences=4, start_date=datetime.date(2026, 3, 24))))))
    equal(master.type.value, "seriesMaster")
    window = RequestConfiguration(query_parameters=InstancesRequestBuilder.InstancesRequestBuilderGetQueryParameters(
        start_date_time="2026-03-01T00:00:00Z", end_date_time="2026-05-01T00:00:00Z"))
    instances = lambda: world.ask(world.api.me.events.by_event_id(master.id).instances.get(request_configuration=window)).value
    found = instances()
    # 29 March is the night of the change in Berlin.
    equal([one.start.date_time[:16] for one in found],
          ["2026-03-24T17:00", "2026-03-31T16:00", "2026-04-07T16:00", "2026-04-14T16:00"])
    moved = world.ask(world.api.me.events.by_event_id(found[1].id).patch(Event(start=at("2026-04-01", 18), end=at("2026-04-01", 19))))
    equal((moved.type.value, moved.series_master_id), ("exception", master.id))
    world.ask(world.api.me.events.by_event_id(found[2].id).delete())
    equal([one.start.date_time[:16] for one in instances()], ["2026-03-24T17:00", "2026-04-01T16:00", "2026-04-14T16:00"])
    whole = RequestConfiguration(query_parameters=EventItemRequestBuilder.EventItemRequestBuilderGetQueryParameters(
        select=["subject", "cancelledOccurrences", "recurrence"], expand=["exceptionOccurrences"]))
    held = world.ask(world.api.me.events.by_event_id(master.id).get(request_configuration=whole))
    equal((len(held.exception_occurrences), held.cancelled_occurrences), (1, [f"OID.{master.id}.2026-04-07"]))
    equal(held.recurrence.range.number_of_occurrences, 4)
    world.ask(world.api.me.events.by_event_id(master.id).delete())


@test
def incremental_sync_to_and_past_expiry(world):
    calendar = world.ask(world.api.me.calendar.get()).id
    made = [world.ask(world.api.me.events.post(event(f"Sync {n}", f"2026-05-{n + 1:02}", 8, 9))) for n in range(25)]
    window = RequestConfiguration(query_parameters=DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters(
        start_date_time="2026-04-25T00:00:00Z", end_date_time="2026-07-01T00:00:00Z"))
    window.headers.add("Prefer", "odata.maxpagesize=10")
    delta = world.api.me.calendars.by_calendar_id(calendar).calendar_view.delta
    follow = lambda link: delta.with_url(link).get()
    items, last = world.all(delta.get(request_configuration=window), follow)
    equal({one.id for one in made} - {one.id for one in items}, set())
    equal(world.all(follow(last.odata_delta_link), follow)[0], [])
    world.ask(world.api.me.events.by_event_id(made[0].id).patch(Event(subject="Changed")))
    world.ask(world.api.me.events.by_event_id(made[1].id).delete())
    changes, later = world.all(follow(last.odata_delta_link), follow)
    removed = {one.id for one in changes if "@removed" in one.additional_data}
    equal((removed, {one.id for one in changes} - removed), ({made[1].id}, {made[0].id}))
    world.sandbox.fault("expire_cursors", person=CLEO)
    world.refused(follow(later.odata_delta_link), 410, "SyncStateNotFound")
    again, fresh = world.all(delta.get(request_configuration=window), follow)
    assert made[1].id not in {one.id for one in again}
    # The control: the fresh link is taken.
    equal(world.all(follow(fresh.odata_delta_link), follow)[0], [])


@test
def subscribe_renew_unsubscribe(world):
    listener = Listener()
    soon = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    body = Subscription(
        change_type="created,updated,deleted", notification_url=listener.url, resource="/me/events", client_state="mine",
        expiration_date_time=soon + datetime.timedelta(hours=2))
    subscription = world.ask(world.api.subscriptions.post(body))
    made = world.ask(world.api.me.events.post(event("Seen", "2026-06-01", 8, 9)))
    headers, notice = listener.next()
    item = json.loads(notice)["value"][0]
    equal((item["subscriptionId"], item["clientState"], item["changeType"], item["resourceData"]["id"]),
          (subscription.id, "mine", "created", made.id))
    world.refused(world.api.subscriptions.post(body), 409, "Conflict")
    one = world.api.subscriptions.by_subscription_id(subscription.id)
    renewed = world.ask(one.patch(Subscription(expiration_date_time=soon + datetime.timedelta(days=6))))
    equal(renewed.expiration_date_time, soon + datetime.timedelta(days=6))
    world.refused(one.patch(Subscription(expiration_date_time=soon + datetime.timedelta(days=9))), 400, "ExtensionError")
    world.sandbox.fault("pushes", do="reorder")
    world.ask(world.api.me.events.by_event_id(made.id).patch(Event(subject="One")))
    world.ask(world.api.me.events.by_event_id(made.id).delete())
    equal([json.loads(listener.next()[1])["value"][0]["changeType"] for _ in range(2)], ["deleted", "updated"])
    world.sandbox.fault("heal")
    equal([held.id for held in world.ask(world.api.subscriptions.get()).value], [subscription.id])
    world.ask(one.delete())
    world.refused(one.patch(Subscription(expiration_date_time=soon + datetime.timedelta(days=1))), 404, "ResourceNotFound")
    # Nobody answers there: refused, where the one above was taken.
    body.notification_url = "http://127.0.0.1:9/nobody"
    world.refused(world.api.subscriptions.post(body), 400, "ValidationError")


@test
def free_busy(world):
    world.ask(world.api.me.events.post(event("A", "2026-07-01", 8, 10)))
    world.ask(world.api.me.events.post(event("Free", "2026-07-01", 13, 14, show_as=FreeBusyStatus.Free)))
    body = GetSchedulePostRequestBody(
        schedules=[CLEO, "nobody@x.example"], start_time=at("2026-07-01", 7), end_time=at("2026-07-01", 15),
        availability_view_interval=60)
    own, other = world.ask(world.api.me.calendar.get_schedule.post(body)).value
    equal(own.availability_view, "02200000")
    equal([(item.status.value, item.start.date_time[:16]) for item in own.schedule_items], [("busy", "2026-07-01T06:00")])
    equal(other.error.response_code, "ErrorMailRecipientNotFound")


@test
def oauth_refresh_and_revocation(world):
    tokens = Tokens(world, DAN)
    api = world.build(tokens)
    equal(world.ask(api.me.get()).mail, DAN)
    world.sandbox.fault("expire_access")
    world.refused(api.me.get(), 401, "InvalidAuthenticationToken")
    before = tokens.held["refresh_token"]
    tokens.refresh()
    assert tokens.held["refresh_token"] != before
    equal(world.ask(api.me.get()).mail, DAN)
    for cause, error, code in [("revoked", "invalid_grant", 50173), ("expired", "invalid_grant", 700082),
                               ("consent_missing", "invalid_grant", 65001), ("sign_in_demanded", "interaction_required", 50076)]:
        tokens = Tokens(world, DAN)
        world.sandbox.fault("end", cause=cause, person=DAN)
        try:
            tokens.refresh()
            raise AssertionError("still allowed")
        except OAuth2Error as refusal:
            equal(refusal.error, error)
            assert f"AADSTS{code}" in refusal.description, refusal.description
    # Others go on, and so does Dan after he consents again.
    world.tokens.refresh()
    equal(world.ask(world.api.me.get()).mail, CLEO)
    equal(world.ask(world.build(Tokens(world, DAN)).me.get()).mail, DAN)


@test
def scopes_left_out(world):
    os.environ["OAUTHLIB_RELAX_TOKEN_SCOPE"] = "1"
    api = world.build(Tokens(world, DAN, allowed=["User.Read"]))
    equal(world.ask(api.me.get()).mail, DAN)
    world.refused(api.me.calendars.get(), 403, "ErrorAccessDenied")


@test
def faults(world):
    for status, code in [(403, "ErrorAccessDenied"), (409, "ErrorIrresolvableConflict"), (410, "SyncStateNotFound"),
                         (412, "ErrorIrresolvableConflict"), (500, "UnknownError")]:
        world.sandbox.fault("answer", status=status, person=CLEO)
        world.refused(world.api.me.get(), status, code)
        equal(world.ask(world.api.me.get()).mail, CLEO)
    # The SDK waits as long as it is told, and tries again by itself.
    world.sandbox.fault("answer", status=429, retry_after=1)
    began = time.monotonic()
    equal(world.ask(world.api.me.get()).mail, CLEO)
    assert time.monotonic() - began >= 1
    world.sandbox.fault("cut")
    try:
        world.loop.run_until_complete(world.api.me.get())
        raise AssertionError("a cut answer was taken as whole")
    except httpx.HTTPError:
        pass
    world.sandbox.fault("small_pages", size=1)
    page = world.ask(world.api.me.calendars.get())
    equal((len(page.value), bool(page.odata_next_link)), (1, True))
    equal(len(world.ask(world.api.me.calendars.with_url(page.odata_next_link).get()).value), 1)
    world.sandbox.fault("heal")


@test
def models_are_really_held(world):
    """The control: what the models do not know, or know otherwise, is found."""
    from kiota_serialization_json.json_parse_node import JsonParseNode

    for broken in [{"nonsense": 1}, {"subject": 5}, {"isAllDay": "yes"}, {"start": {"dateTime": 7}}, {"showAs": "asleep"}]:
        try:
            metadata.check(broken, JsonParseNode(broken).get_object_value(Event))
            raise AssertionError(f"{broken} passed")
        except (metadata.Mismatch, ValueError):
            pass
    assert metadata.CHECKED["Event"] > 60, metadata.CHECKED


world = World()
try:
    code = run(world)
    print(f"{sum(metadata.CHECKED.values())} values held against {len(metadata.CHECKED)} models; {len(world.asked)} kinds of request")
finally:
    world.sandbox.stop()
sys.exit(code)
