"""The pages in a real browser. Run with ANCHORPOINT_BINARY set to the program; CHROMIUM names a browser that is not on
the path; ANCHORPOINT_SCREENSHOTS a folder to leave pictures in. Ends with `N passed, N failed`."""

import os
import pathlib
import re
import shutil
import sys
import tempfile

from playwright.sync_api import sync_playwright

import accessibility
import server
import steps

SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 900}}
TESTS = []


def test(function):
    TESTS.append(function)
    return function


class Visit:
    """A signed-in browser, and where things are."""

    def __init__(self, browser, base, link, caldav, feed):
        self.browser, self.base, self.link, self.caldav, self.feed = browser, base, link, caldav, feed
        self.context = browser.new_context(viewport=SIZES["desktop"], java_script_enabled=True)
        self.page = self.context.new_page()
        self.trouble = []
        self.page.on("console", lambda message: message.type == "error" and self.trouble.append(message.text))
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.person = None
        # The application that the developers' pages are tried with.
        self.application = self.client = None

    def go(self, path):
        return self.page.goto(self.base + path)

    def calendars(self):
        """The first person's list of calendars, without its refresh."""
        self.go(self.person + "?hold=1")

    def card(self, name):
        return self.page.locator("article.connection", has=self.page.get_by_role("heading", name=name, exact=True))

    def connect(self, kind, fields, button):
        self.go(f"{self.person}/connect/{kind}")
        for label, value in fields.items():
            self.page.get_by_label(label).fill(value)
        self.page.get_by_role("button", name=button).click()

    def count_connections(self):
        self.calendars()
        return self.page.locator("article.connection").count()


@test
def a_link_opened_twice_signs_in_once(v):
    for _ in range(2):
        v.go(v.link)
    v.page.get_by_role("button", name="Sign in").click()
    assert v.page.url == v.base + "/people", v.page.url
    cookie = next(c for c in v.context.cookies() if "session" in c["name"])
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax", cookie
    stranger = v.browser.new_context().new_page()
    answer = stranger.goto(v.base + v.link)
    assert answer.status == 410 and "anchorpoint sign-in" in stranger.content()
    stranger.context.close()


@test
def the_list_of_people_leads_to_a_person(v):
    v.go("/people")
    links = v.page.locator("main .people h2 a")
    assert links.count() >= 1, "the sample has nobody"
    v.person = re.sub("/schedule$", "", links.first.get_attribute("href"))
    links.first.click()
    assert v.page.locator("table.week").count() == 1


@test
def the_sample_is_not_empty(v):
    # She has something on every day, so in every week.
    v.go("/people")
    v.page.get_by_role("link", name="Ines Laurent", exact=True).click()
    assert v.page.locator("table.week .block, table.week .bar").count() > 0


@test
def a_calendar_that_lives_here_is_started(v):
    before = v.count_connections()
    v.connect("native", {"Name": "My own days"}, "Start this calendar")
    assert v.page.get_by_role("status").first.is_visible()
    assert v.count_connections() >= before
    assert "My own days" in v.page.content()


@test
def a_feed_is_connected_by_its_address(v):
    before = v.count_connections()
    v.connect("ics", {"Address of the calendar": v.feed, "Name": "Ferry"}, "Connect")
    assert v.count_connections() == before + 1, v.page.content()[:2000]
    assert "Calendar address (ICS)" in v.page.content()


@test
def a_wrong_password_is_said_at_its_field_and_is_not_shown_again(v):
    fields = {"Address, domain or e-mail": v.caldav, "User name": "anna", "Password": "wrong"}
    v.connect("caldav", fields, "Connect")
    page = v.page
    assert page.get_by_label("User name").input_value() == "anna"
    assert page.get_by_label("Password").input_value() == ""
    assert page.get_by_label("Password").get_attribute("aria-invalid") == "true", page.locator("main").inner_text()
    v.trouble.clear()  # The browser notes the 422.


@test
def a_caldav_account_is_connected_and_read(v):
    before = v.count_connections()
    fields = {"Address, domain or e-mail": v.caldav, "User name": "anna", "Password": "correct horse"}
    v.connect("caldav", fields, "Connect")
    assert v.count_connections() == before + 1, v.page.locator("main").inner_text()
    for _ in range(100):
        v.calendars()
        if "Trips" in v.page.content() and "First reading" not in v.page.content():
            break
        v.page.wait_for_timeout(200)
    assert "Trips" in v.page.content()
    v.go(v.person + "/schedule?week=2026-W02")
    known = v.page.get_by_text("Rafting").count() or v.page.get_by_text("Not known").count()
    assert known, "the week shows neither the event nor that it is not known"


def picture(v, name):
    if folder := os.environ.get("ANCHORPOINT_SCREENSHOTS"):
        v.page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@test
def pretend_accounts_are_connected_by_consent_and_read(v):
    for vendor in ["Google", "Microsoft"]:
        before = v.count_connections()
        v.go(v.person + "/connect")
        picture(v, f"connect-{vendor.lower()}")
        v.page.get_by_role("link", name=f"Pretend {vendor} account").click()
        assert "/sandbox/" in v.page.url, v.page.url
        picture(v, f"consent-{vendor.lower()}")
        v.page.get_by_role("button", name="Allow").click()
        assert v.page.url.startswith(v.base + v.person), v.page.content()
        assert v.page.get_by_role("status").first.is_visible()
        picture(v, f"connected-{vendor.lower()}")
        assert v.count_connections() == before + 1, v.page.locator("main").inner_text()


@test
def a_file_is_brought_in(v):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "holidays.ics"
        path.write_text(server.FEED.replace("ferry-1", "file-1"))
        v.go(v.person + "/connect/file")
        v.page.get_by_label("Calendar file").set_input_files(str(path))
        v.page.get_by_role("button", name="Bring in").click()
    assert "brought in" in v.page.get_by_role("status").first.inner_text()


@test
def icloud_asks_for_the_right_password(v):
    v.go(v.person + "/connect/icloud")
    assert "app-specific password" in v.page.locator("main").inner_text()


@test
def a_private_address_is_refused_in_words(v):
    v.connect("ics", {"Address of the calendar": "http://10.0.0.1/c.ics"}, "Connect")
    error = v.page.locator(".error, .problem").first
    assert error.is_visible() and len(error.inner_text()) > 10
    assert "10.0.0.1" in v.page.get_by_label("Address of the calendar").input_value()
    v.trouble.clear()


@test
def calendars_are_chosen(v):
    v.calendars()
    box = v.page.get_by_role("checkbox").first
    was = box.is_checked()
    box.set_checked(not was)
    v.page.get_by_role("button", name="Save choice").first.click()
    v.calendars()
    assert v.page.get_by_role("checkbox").first.is_checked() != was
    v.page.get_by_role("checkbox").first.set_checked(was)
    v.page.get_by_role("button", name="Save choice").first.click()


@test
def a_connection_is_paused_and_resumed(v):
    v.calendars()
    v.page.get_by_role("button", name="Pause Ferry").click()
    v.calendars()
    assert v.card("Ferry").locator(".state").inner_text() == "Paused"
    v.page.get_by_role("button", name="Resume Ferry").click()
    v.calendars()
    assert v.card("Ferry").locator(".state").inner_text() != "Paused"


@test
def a_connection_is_removed_after_it_was_said_what_goes(v):
    v.calendars()
    before = v.page.locator("article.connection").count()
    v.page.get_by_role("link", name="Remove Ferry").click()
    assert "cannot be undone" in v.page.locator("main").inner_text()
    v.page.get_by_role("link", name="Keep it").click()
    assert v.count_connections() == before
    v.page.get_by_role("link", name="Remove Ferry").click()
    v.page.get_by_role("button", name="Remove it").click()
    assert v.count_connections() == before - 1


@test
def weeks_and_months_are_walked(v):
    v.go(v.person + "/schedule?week=2031-W13")
    text = v.page.locator("main").inner_text()
    assert "24 – 30 March 2031" in text, text[:300]
    v.page.get_by_role("link", name="Next week").click()
    assert "week=2031-W14" in v.page.url
    v.page.get_by_role("navigation", name="Move in time").get_by_role("link", name="Month").click()
    assert "month=2031-04" in v.page.url and v.page.locator("table.month td").count() in (28, 35, 42)
    v.page.get_by_role("link", name="Previous month").click()
    assert "month=2031-03" in v.page.url
    v.page.get_by_role("link", name="Today").click()
    assert v.page.locator("td.today").count() == 1


@test
def tables_have_headers_for_screen_readers(v):
    v.go(v.person + "/schedule")
    table = v.page.get_by_role("table")
    assert table.get_by_role("columnheader").count() == 7
    assert table.get_by_role("rowheader").count() >= 1
    assert all(cell.count() for cell in [table.get_by_role("cell")])


@test
def others_see_no_titles(v):
    v.go(v.person + "/schedule")
    titles = set(v.page.locator("table.week .what, table.week .bar").all_inner_texts()) - {"Busy", "Not known"}
    v.page.get_by_role("link", name="As others see it").click()
    shown = v.page.locator("main").inner_text()
    for title in titles:
        assert title.strip() not in shown, title
    kinds = set(v.page.locator("table.week .what").all_inner_texts())
    assert kinds <= {"Busy", "Tentative", "Not known"}, kinds


@test
def an_application_is_made_and_its_secret_rotated(v):
    page = v.page
    v.go("/people")
    page.get_by_role("navigation", name="Anchorpoint").get_by_role("link", name="Applications").click()
    page.get_by_label("Name").fill("Trailhead Bookings")
    page.get_by_label("Redirect address").fill("ftp://nowhere")
    page.get_by_role("button", name="Make it").click()
    assert page.get_by_label("Redirect address").get_attribute("aria-invalid") == "true"
    v.trouble.clear()  # The browser notes the 422.
    page.get_by_label("Redirect address").fill("http://127.0.0.1:9/back")
    page.get_by_role("button", name="Make it").click()
    first = page.locator("dd code").nth(1).inner_text()
    assert first.startswith("CRN_")
    page.get_by_role("link", name="Go on").click()
    v.application = page.url.removeprefix(v.base)
    v.client = page.locator("dd code").first.inner_text()
    assert first not in page.content()
    page.get_by_role("button", name="Make a new secret").click()
    assert page.locator("dd code").nth(1).inner_text() != first
    page.get_by_role("link", name="Go on").click()
    assert "One before it is good until" in page.locator("main").inner_text()


@test
def redirect_addresses_are_registered_and_removed(v):
    page = v.page
    v.go(v.application)
    page.get_by_label("Another address").fill("not an address")
    page.get_by_role("button", name="Register it").click()
    assert page.get_by_label("Another address").get_attribute("aria-invalid") == "true"
    v.trouble.clear()
    page.get_by_label("Another address").fill("https://app.example.com/back")
    page.get_by_role("button", name="Register it").click()
    assert page.get_by_role("status").inner_text() == "Saved."
    page.get_by_role("button", name="Remove https://app.example.com/back").click()
    assert "https://app.example.com/back" not in page.content()


@test
def a_call_is_tried_and_shown_as_one_types_it(v):
    page = v.page
    v.go(v.application + "/try")
    page.get_by_label("Call", exact=True).select_option("post_v1_calendars_calendar_id_events")
    page.get_by_role("button", name="Choose").click()
    page.get_by_role("button", name="Send").click()
    assert page.locator("#answer .state").inner_text() == "202", page.locator("main").inner_text()
    text = page.locator("#answer").inner_text()
    assert "curl -X POST" in text and "requests.request(" in text and "CRN_" not in text
    page.get_by_label("Call", exact=True).select_option("get_v1_events")
    page.get_by_role("button", name="Choose").click()
    page.get_by_label("GET").fill("/v1/events?tzid=Etc/UTC&only_managed=true")
    page.get_by_role("button", name="Send").click()
    assert '"event_id":"tried"' in page.locator("#answer").inner_text()


@test
def requests_and_channels_are_read(v):
    page = v.page
    v.go(v.application + "/try?call=post_v1_channels")
    page.get_by_role("button", name="Send").click()
    assert page.locator("#answer .state").inner_text() == "200", page.locator("#answer").inner_text()
    page.get_by_role("link", name="Requests").click()
    row = page.locator("details").filter(has_text="POST /v1/calendars/{calendar_id}/events").first
    row.locator("summary").click()
    assert "•••" in row.inner_text() and '"event_id":"tried"' in row.inner_text()
    for _ in range(100):
        v.go(v.application + "/channels")
        if page.locator("details").count():
            break
        page.wait_for_timeout(200)
    delivery = page.locator("details").first
    delivery.locator("summary").press("Enter")
    assert '"type":"verification"' in delivery.inner_text()
    delivery.get_by_role("button", name="Send it again").click()
    assert "sent again" in page.get_by_role("status").inner_text()


@test
def everything_is_reached_by_keyboard(v):
    v.go(v.person + "?hold=1")
    page = v.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert accessibility.has_visible_focus(page)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    wanted = page.locator("main a[href], main button, main input:not([type=hidden])").count()
    seen = set()
    for _ in range(wanted + 20):
        page.keyboard.press("Tab")
        place = page.evaluate(
            "[...document.querySelectorAll('main a[href], main button, main input')].indexOf(document.activeElement)")
        if place < 0:
            continue
        assert accessibility.has_visible_focus(page), page.evaluate("document.activeElement.outerHTML")
        seen.add(place)
    assert len(seen) == wanted, f"{len(seen)} of {wanted} reached"


@test
def a_connection_is_made_with_the_keyboard_alone(v):
    v.go(v.person)
    page = v.page
    page.get_by_role("link", name="Connect a calendar").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="A calendar that lives here").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Name").focus()
    page.keyboard.type("By keyboard")
    page.keyboard.press("Enter")
    page.wait_for_url("**done=connected")
    v.calendars()
    assert "By keyboard" in page.content()


@test
def pages_are_sound_in_every_size_and_scheme(v):
    paths = {
        "people": "/people", "calendars": v.person + "?hold=1", "week": v.person + "/schedule",
        "week-of-others": v.person + "/schedule?view=others", "unknown-week": v.person + "/schedule?week=2020-W10",
        "month": v.person + "/schedule?month=now", "connect": v.person + "/connect",
        "connect-caldav": v.person + "/connect/caldav", "put-aside": v.person + "/put-aside", "missing": "/nowhere",
        "access": v.person + "/applications", "applications": "/applications", "application": v.application,
        "channels": v.application + "/channels", "requests": v.application + "/requests",
        "try": v.application + "/try?call=post_v1_availability",
    }
    asked = f"?response_type=code&client_id={v.client}&redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fback&scope="
    paths |= {
        "authorize": "/oauth/authorize" + asked + "read_write", "authorize-refused": "/oauth/authorize?client_id=nobody",
        "authorize-caldav": "/oauth/authorize/connect/caldav" + asked + "read_write",
        "authorize-icloud": "/oauth/authorize/connect/icloud" + asked + "free_busy_write",
        "authorize-domain": "/enterprise_connect/oauth/authorize" + asked
        + "service_account/accounts/manage&delegated_scope=read_only",
        "permissions-gone": "/permissions/nothing", "relink-gone": "/relink/nothing",
    }
    folder = os.environ.get("ANCHORPOINT_SCREENSHOTS")
    found = []
    for size, viewport in SIZES.items():
        for scheme in ["light", "dark"]:
            v.page.set_viewport_size(viewport)
            v.page.emulate_media(color_scheme=scheme)
            for name, path in paths.items():
                v.go(path)
                for part in v.page.locator("details").all():
                    part.evaluate("e => e.open = true")
                found += [f"{name} ({size}, {scheme}): {text}" for text in accessibility.problems(v.page)]
                if folder:
                    v.page.screenshot(path=f"{folder}/{name}-{size}-{scheme}.png", full_page=True)
    v.page.set_viewport_size(SIZES["desktop"])
    v.page.emulate_media(color_scheme="light")
    v.trouble.clear()  # The browser notes the 404.
    assert not found, "\n".join(found)


@test
def the_check_of_contrast_can_fail(v):
    """The control: pale text on a pale ground, a button without a name and a second h1 are all found."""
    page = v.browser.new_page()
    page.set_content("<main><h1>a</h1><h1>b</h1><p style='color:#aaa;background:#fff'>pale</p><button></button></main>")
    found = " ".join(accessibility.problems(page))
    page.close()
    for mark in ["contrast", "h1: 2", "no name", "landmark", "no skip link"]:
        assert mark in found, mark


@test
def pages_work_without_script(v):
    context = v.browser.new_context(java_script_enabled=False, storage_state=v.context.storage_state())
    page = context.new_page()
    page.goto(v.base + v.person + "/schedule")
    assert page.locator("table.week").count() == 1
    context.close()


@test
def nothing_moves_for_those_who_want_less_motion(v):
    context = v.browser.new_context(reduced_motion="reduce", storage_state=v.context.storage_state())
    page = context.new_page()
    page.goto(v.base + v.person)
    moving = page.evaluate(
        """[...document.querySelectorAll('*')].filter(e => {
          const s = getComputedStyle(e);
          return s.animationName !== 'none' || s.transitionDuration.split(',').some(d => parseFloat(d) > 0);
        }).length""")
    context.close()
    assert moving == 0, f"{moving} elements"


@test
def the_browser_had_nothing_to_complain_about(v):
    assert not v.trouble, "\n".join(v.trouble)


@test
def signing_out_ends_the_session(v):
    state = v.context.storage_state()
    v.go("/people")
    v.page.get_by_role("button", name="Sign out").click()
    assert v.go("/people").status == 401
    again = v.browser.new_context(storage_state=state).new_page()
    assert again.goto(v.base + "/people").status == 401
    again.context.close()


def browser_path():
    names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        raise SystemExit("no Chromium found: install chromium, or set CHROMIUM to its path")
    return found


def main():
    with sync_playwright() as playwright, server.anchorpoint() as (base, link), server.caldav() as caldav:
        with server.feed() as feed:
            # Without its sandbox, which does not start as root in a container.
            browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
            visit = Visit(browser, base, link, caldav, feed)
            visit.page.set_default_timeout(15_000)
            try:
                return steps.run(TESTS, visit, needed=the_list_of_people_leads_to_a_person)
            finally:
                browser.close()


if __name__ == "__main__":
    sys.exit(main())
