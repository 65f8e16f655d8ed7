"""Linking people as they do it: the OAuth pages in a real browser, a CalDAV calendar on a real Radicale, and after that
every method of the SDK about identity and calendars."""

import contextlib
import http.server
import os
import pathlib
import shutil
import sys
import threading
import time
import urllib.parse

import pycronofy
import requests
from playwright.sync_api import sync_playwright
from pycronofy.exceptions import PyCronofyRequestError

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "browser"))
import server as neighbours  # noqa: E402

import coverage as endpoints  # noqa: E402
import domain  # noqa: E402

TESTS = []
USER, PASSWORD = "anna", "correct horse"


def test(function):
    TESTS.append(function)
    return function


def equal(found, wanted):
    assert found == wanted, f"{found!r} instead of {wanted!r}"


def until(condition, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")


@contextlib.contextmanager
def application():
    """Where browsers come back to. Gives its address and what they brought, each as a dictionary."""
    arrived = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            parts = urllib.parse.urlsplit(self.path)
            if parts.path == "/back":
                arrived.append(dict(urllib.parse.parse_qsl(parts.query)))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"back")

        def log_message(self, *_):
            pass

    listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.server_address[1]}/back", arrived
    finally:
        listener.shutdown()


class Linking:
    """One application with a redirect address, a browser, and a Radicale."""

    def __init__(self, server, browser, caldav, redirect, arrived):
        self.server, self.browser, self.caldav = server, browser, caldav
        self.redirect, self.arrived = redirect, arrived
        created = server.command("applications", "create", "--name", "Trailhead Bookings", "--redirect-uri", redirect)
        self.client_id, self.secret = created["client_id"], created["client_secret"]
        self.context = browser.new_context(timezone_id="Europe/Paris")
        self.page = self.context.new_page()
        self.sdk = self.client()
        self.sub = self.profile = None

    def client(self, **more):
        return pycronofy.Client(client_id=self.client_id, client_secret=self.secret, **more)

    def open(self, page=None, **more):
        more.setdefault("scope", "read_write")
        answer = (page or self.page).goto(self.sdk.user_auth_link(self.redirect, **more))
        endpoints.saw("GET", "/oauth/authorize", answer.status)

    def back(self):
        until(lambda: self.arrived)
        return self.arrived.pop()

    def link_caldav(self, page=None, **more):
        page = page or self.page
        self.open(page, **more)
        page.get_by_role("link", name="CalDAV account").click()
        page.get_by_label("Address, domain or e-mail").fill(self.caldav)
        page.get_by_label("User name").fill(USER)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Connect and allow").click()
        return self.back()

    def exchange(self, code):
        answer = requests.post(self.server.base + "/oauth/token", json={
            "client_id": self.client_id, "client_secret": self.secret, "grant_type": "authorization_code",
            "code": code, "redirect_uri": self.redirect}, timeout=10)
        equal(answer.status_code, 200)
        return answer.json()


@test
def user_auth_link__get_authorization_from_code(v):
    answer = v.link_caldav(state="s t&a=t%e")
    equal((answer["state"], answer["iss"]), ("s t&a=t%e", v.server.base))
    tokens = v.sdk.get_authorization_from_code(answer["code"])
    assert tokens["access_token"] and tokens["refresh_token"] and not v.sdk.is_authorization_expired()
    until(lambda: not v.sdk.list_profiles()[0]["profile_initial_sync_required"])
    v.sub, v.profile = v.sdk.userinfo()["sub"], v.sdk.list_profiles()[0]["profile_id"]
    equal(v.sdk.account()["default_tzid"], "Europe/Paris")
    calendars = v.sdk.list_calendars()
    equal([(c["provider_name"], c["calendar_name"], c["permission_level"]) for c in calendars], [("caldav", "Trips", "sandbox")])
    events = v.sdk.read_events(tzid="Etc/UTC").all()
    assert events and {event["summary"] for event in events} == {"Rafting"}, events[:1]


@test
def a_wrong_password_is_said_beside_the_field(v):
    page = v.browser.new_context().new_page()
    v.open(page)
    page.get_by_role("link", name="CalDAV account").click()
    for label, value in [("Address, domain or e-mail", v.caldav), ("User name", USER), ("Password", "wrong"), ("Your time zone", "Europe/Paris")]:
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Connect and allow").click()
    assert page.get_by_label("Password").get_attribute("aria-invalid") == "true"
    assert not v.arrived
    page.context.close()


@test
def linking_again_keeps_sub_and_profile(v):
    first = v.exchange(v.link_caldav()["code"])
    equal((first["sub"], first["linking_profile"]["profile_id"]), (v.sub, v.profile))
    v.open()
    v.page.get_by_role("button", name="Allow", exact=True).click()
    equal(v.exchange(v.back()["code"])["sub"], v.sub)
    stranger = v.browser.new_context(timezone_id="Europe/Paris").new_page()
    other = v.exchange(v.link_caldav(stranger)["code"])
    assert other["sub"] != v.sub
    apart = v.exchange(v.link_caldav(avoid_linking=True)["code"])
    assert apart["sub"] not in (v.sub, other["sub"])
    stranger.context.close()


@test
def an_address_leads_to_its_provider(v):
    v.open()
    v.page.get_by_label("Your e-mail address").fill("maya@icloud.com")
    v.page.get_by_role("button", name="Find my calendar").click()
    assert "app-specific password" in v.page.content()
    equal(v.page.get_by_label("Apple Account (e-mail)").input_value(), "maya@icloud.com")
    v.page.get_by_role("link", name="Choose another").click()
    assert v.page.get_by_label("Your e-mail address").count() == 1


@test
def saying_no(v):
    v.open(state="no")
    v.page.get_by_role("link", name="Cancel").click()
    answer = v.back()
    equal((answer["error"], answer["state"]), ("access_denied", "no"))


@test
def refresh_authorization__validate(v):
    before = v.sdk.auth.access_token
    v.sdk.refresh_authorization()
    assert v.sdk.auth.access_token != before
    equal(v.sdk.userinfo()["sub"], v.sub)


@test
def create_calendar(v):
    made = v.sdk.create_calendar(v.profile, "Courses")["calendar"]
    equal((made["calendar_name"], made["profile_id"], made["calendar_readonly"]), ("Courses", v.profile, False))
    equal(v.sdk.create_calendar(v.profile, "Courses", error_on_duplicate=False)["calendar_id"], made["calendar_id"])
    try:
        v.sdk.create_calendar(v.profile, "Courses", error_on_duplicate=True)
        raise AssertionError("the name was taken twice")
    except PyCronofyRequestError as error:
        equal(error.response.status_code, 422)
    v.sdk.upsert_event(made["calendar_id"], {
        "event_id": "course-1", "summary": "Rope course", "description": "", "start": "2031-04-05T08:00:00Z",
        "end": "2031-04-05T10:00:00Z"})
    home = v.caldav + USER + "/"

    def arrived():
        # Radicale gives a whole collection as one calendar.
        listing = requests.request("PROPFIND", home, auth=(USER, PASSWORD), headers={"Depth": "1"}, timeout=10).text
        paths = {part.split("<", 1)[0] for part in listing.split("<href>")[1:]}
        return any("Rope course" in requests.get(v.caldav.rstrip("/") + path, auth=(USER, PASSWORD), timeout=10).text
                   for path in paths if path.strip("/").count("/") == 1)
    until(arrived)


@test
def elevated_permissions__delete_external_event(v):
    calendar = next(c for c in v.sdk.list_calendars() if c["calendar_name"] == "Trips")["calendar_id"]
    foreign = {"event_uid": v.sdk.read_events(tzid="Etc/UTC", calendar_ids=[calendar]).all()[0]["event_uid"]}
    try:
        v.sdk.delete_external_event(calendar, foreign["event_uid"])
        raise AssertionError("a sandboxed application deleted a foreign event")
    except PyCronofyRequestError as error:
        equal(error.response.status_code in (403, 422), True)
    answer = v.sdk.elevated_permissions([{"calendar_id": calendar, "permission_level": "unrestricted"}], v.redirect)
    stranger = v.browser.new_context().new_page()
    equal(stranger.goto(answer["url"]).status, 403)
    stranger.context.close()
    v.page.goto(answer["url"])
    v.page.get_by_role("button", name="Allow", exact=True).click()
    equal(v.back(), {})
    level = next(c for c in v.sdk.list_calendars() if c["calendar_id"] == calendar)["permission_level"]
    equal(level, "unrestricted")


@test
def application_calendar(v):
    own = v.client()
    first = own.application_calendar("room-7")
    equal((first["application_calendar_id"], first["sub"][:4]), ("room-7", "apc_"))
    equal(own.userinfo()["cronofy.type"], "application_calendar")
    calendar = own.list_calendars()[0]
    equal((calendar["provider_name"], calendar["calendar_primary"], calendar["permission_level"]), ("cronofy", True, "unrestricted"))
    equal(v.client().application_calendar("room-7")["sub"], first["sub"])
    own.revoke_authorization()
    assert v.client().application_calendar("room-7")["sub"] != first["sub"]


@test
def get_ui_element_token(v):
    answer = v.sdk.get_ui_element_token(["agenda"], [v.sub], "https://app.example.com")
    token = answer.get("element_token", answer)
    equal((token["origin"], token["expires_in"]), ("https://app.example.com", 64800))


domain.add(test, equal, until)


@test
def revoke_profile__revoke_authorization(v):
    v.sdk.revoke_profile(v.profile)
    assert v.profile not in {profile["profile_id"] for profile in v.sdk.list_profiles()}
    equal(v.exchange(v.link_caldav()["code"])["linking_profile"]["profile_id"], v.profile)
    v.sdk.revoke_authorization()
    try:
        v.sdk.userinfo()
        raise AssertionError("it still answers")
    except (PyCronofyRequestError, AttributeError):
        pass


# Methods of the SDK's client that other tests call, and those that are not called, with the reason.
ELSEWHERE = """read_events read_free_busy upsert_event delete_event availability sequenced_availability hmac_valid batch
    change_participation_status close_notification_channel create_notification_channel list_notification_channels
    delete_all_events get_availability_rule list_availability_rules upsert_availability_rule delete_availability_rule""".split()
LEFT_OUT = {
    "smart_invite": "smart invites come later (core reference, section 11)",
    "real_time": "hosted scheduling pages come later",
    "conferencing": "conferencing services come later",
    "map_": "helpers inside the SDK, which its own methods call",
    "translate_": "helpers inside the SDK, which its own methods call",
}


def coverage():
    """Every public method of the SDK, each with who calls it. Fails for one that nobody has thought of."""
    here = {part for function in TESTS for part in function.__name__.split("__")}
    here |= {"userinfo", "account", "list_profiles", "list_calendars", "is_authorization_expired"}
    lines, unknown = [], []
    for name in sorted(n for n in dir(pycronofy.Client) if not n.startswith("_") and callable(getattr(pycronofy.Client, n))):
        reason = next((why for part, why in LEFT_OUT.items() if part in name), None)
        if name in here or name in ELSEWHERE:
            lines.append(f"called    {name}")
        elif reason:
            lines.append(f"left out  {name}: {reason}")
        else:
            unknown.append(name)
    assert not unknown, f"nobody calls {unknown}"
    return lines


@contextlib.contextmanager
def world(server):
    with neighbours.caldav() as caldav, application() as (redirect, arrived), sync_playwright() as playwright:
        names = ["chromium", "chromium-browser", "google-chrome"]
        program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            yield Linking(server, browser, caldav, redirect, arrived)
        finally:
            browser.close()
