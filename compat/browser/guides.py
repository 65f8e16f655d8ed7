"""The pages of guide services in a real browser: each role's main path, on phone and desktop, with a real Radicale.
Run with ANCHORPOINT_BINARY set; ANCHORPOINT_SCREENSHOTS names a folder to leave pictures in. Ends with `N passed, N
failed`."""

import datetime
import os
import re
import sys
import time
import urllib.request

from playwright.sync_api import sync_playwright

import accessibility
import server
import steps
from run import SIZES, browser_path

SERVICE = "/guides/services/basalt-ridge"
TESTS = []


def test(function):
    TESTS.append(function)
    return function


class Season:
    """Browsers of the sample's people, by name, and where things are."""

    def __init__(self, browser, base, caldav):
        self.browser, self.base, self.caldav = browser, base, caldav
        self.pages, self.trouble = {}, []
        self.booking = None

    def open(self, path, name=None, size="desktop"):
        """A page of somebody of the sample, or of a guest."""
        if (name, size) not in self.pages:
            context = self.browser.new_context(viewport=SIZES[size])
            page = context.new_page()
            page.set_default_timeout(15_000)
            page.on("pageerror", lambda error: self.trouble.append(str(error)))
            if name:
                page.goto(self.base + "/guides/sign-in-as")
                page.get_by_role("button", name=f"Sign in as {name}").click()
            self.pages[name, size] = page
        page = self.pages[name, size]
        answer = page.goto(self.base + path)
        assert answer.status == 200, f"{path}: {answer.status}"
        return page

    def unstaffed(self):
        """The address of the first trip that lacks a crew."""
        page = self.open(SERVICE + "/board?span=season", "Ida Basalt")  # a month at its end may lack none
        return page.locator("a[href*='/trips/trp_']").first.get_attribute("href")


@test
def the_first_page_leads_to_the_sample(s):
    page = s.open("/guides")
    page.get_by_role("link", name="Sign in").first.click()
    page.get_by_role("link", name="Sign in as somebody of the sample").click()
    assert page.get_by_role("button", name=re.compile("^Sign in as")).count() == 14


@test
def the_office_sees_the_board_and_every_page_is_reached_by_links(s):
    page = s.open(SERVICE + "/board", "Ida Basalt")
    for name in ["Trips", "Who can run this?", "Calendars", "Members", "Audit", "Settings", "Board"]:
        page.locator("nav").get_by_role("link", name=name, exact=True).click()
        assert page.locator("h1").count() == 1, name


@test
def a_guide_is_assigned_and_taken_off_again(s):
    page = s.open(s.unstaffed(), "Ida Basalt")
    page.get_by_role("button", name=re.compile("^Assign ")).first.click()
    page.get_by_role("button", name="Undo").click()
    assert "Taken off" in page.content()


@test
def a_season_is_filled_in_part_and_undone(s):
    page = s.open(SERVICE + "/board", "Ida Basalt", "phone")
    page.get_by_role("link", name="Fill the season").first.click()
    page.locator("[data-exact]").wait_for()
    boxes = page.locator("input[name=place]")
    chosen = boxes.count() - 1
    assert chosen > 0, "the sample's season has no open trips"
    boxes.first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Accept what is chosen").click()
    assert f"{chosen} of {chosen} accepted" in page.content()
    page.get_by_role("button", name="Undo all").click()
    page.locator("[data-exact]").wait_for()
    assert "taken off again" in page.content() and boxes.count() == chosen + 1


@test
def a_guide_who_cannot_is_refused_with_the_reason_and_taken_by_name(s):
    page = s.open(SERVICE + "/board", "Ida Basalt")
    card = page.locator("form[action$='/board/assign']").first
    options = page.locator("#guides option").all_text_contents()
    for option in options:
        page = s.open(SERVICE + "/board", "Ida Basalt")
        card = page.locator("form[action$='/board/assign']").first
        card.get_by_label(re.compile("^Guide for")).fill(option)
        card.get_by_role("button").first.click()
        if page.locator("[data-reason]").count():
            break
        page.get_by_role("button", name="Undo").click()
    reason = page.locator("[data-reason]").first.inner_text()
    assert len(reason) > 10, "nobody was refused"
    page.get_by_text("Assign all the same, in my name").click()
    page.get_by_label("Why").fill("The other boat's lead has it")
    page.get_by_role("button", name=re.compile("^Assign ")).last.click()
    page = s.open(SERVICE + "/audit", "Ida Basalt")
    assert "Ida Basalt" in page.content()


@test
def a_guide_links_a_real_calendar_and_the_board_follows_without_a_reload(s):
    guide = s.open("/guides/me/calendars", "Hana Sato")
    guide.get_by_role("button", name="Link a calendar").click()
    guide.locator("a[href*='/connect/caldav']").first.click()
    guide.get_by_label("Address").fill(s.caldav)
    guide.get_by_label(re.compile("[Uu]ser")).fill("anna")
    guide.get_by_label("Password").fill("correct horse")
    guide.locator("form button").last.click()
    guide.wait_for_url("**/guides/me/calendars")
    assert guide.get_by_text("Trips").count() >= 1
    board = s.open(SERVICE + "/board", "Ida Basalt")
    row = board.locator("tr", has_text="Hana Sato")
    before = row.inner_html()
    day = datetime.date.today().strftime("%Y%m%d")
    put(s.caldav + "anna/trips/dentist.ics", f"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VEVENT
UID:dentist
DTSTAMP:20260101T000000Z
DTSTART;VALUE=DATE:{day}
SUMMARY:Dentist, which nobody may read
END:VEVENT
END:VCALENDAR
""")
    # What the provider does not push is polled; the guide asks for it at once on the platform's own page.
    ask_to_sync(s)
    end = time.time() + 60
    while row.inner_html() == before and time.time() < end:
        board.wait_for_timeout(500)
    assert row.inner_html() != before, "the board did not change"
    assert "Dentist" not in board.content()


def put(url, text):
    request = urllib.request.Request(url, text.replace("\n", "\r\n").encode(), method="PUT")
    request.add_header("Content-Type", "text/calendar")
    request.add_header("Authorization", "Basic YW5uYTpjb3JyZWN0IGhvcnNl")
    urllib.request.urlopen(request).close()


def ask_to_sync(s):
    page = s.browser.new_page()
    page.goto(s.base + s.link)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Hana Sato").first.click()
    person = re.sub("/schedule$", "", page.url.removeprefix(s.base))
    page.goto(s.base + person + "?hold=1")
    for button in page.get_by_role("button", name=re.compile("^Read|^Sync|now")).all():
        button.click()
        break
    page.close()


@test
def a_guide_answers_and_blocks_days(s):
    page = s.open("/guides/me/time", "Tomás Rivera", "phone")
    assert "Family" in page.content()
    page = s.open("/guides/me/agenda", "Tomás Rivera", "phone")
    assert page.locator("h1").inner_text() == "My agenda"


@test
def the_agenda_is_read_without_network(s):
    page = s.open("/guides/me/agenda", "Maren Okafor", "phone")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    seen = page.locator("main").inner_text()
    page.context.set_offline(True)
    try:
        page.reload()
        assert page.locator("h1").inner_text() == "My agenda"
        assert seen.splitlines()[0] in page.locator("main").inner_text()
    finally:
        page.context.set_offline(False)


@test
def a_guest_books_changes_and_cancels(s):
    page = s.open("/s/basalt-ridge", size="phone")
    if not page.get_by_role("button", name=re.compile("^Choose")).count():
        page.get_by_role("link", name="Later").click()
    page.get_by_role("button", name=re.compile("^Choose")).first.click()
    page.get_by_label("E-mail").fill("gina@example.com")
    page.get_by_label(re.compile("[Nn]ame")).fill("Gina Guest")
    with page.expect_navigation():
        page.locator("button.primary").click()
    assert "booked" in page.content()
    s.booking = page.url.removeprefix(s.base)
    page.get_by_label("How many are you?").fill("3")
    page.get_by_role("button", name=re.compile("Change|Save")).first.click()
    assert "<dd>3</dd>" in page.content()


@test
def pages_are_sound_in_every_size_and_scheme(s):
    office = {name: SERVICE + path for name, path in {
        "board": "/board", "season": "/board?span=season", "trips": "/trips", "new": "/trips/new",
        "staffing": "/staffing", "plan": "/plan", "health": "/health", "members": "/members", "audit": "/audit", "settings": "/settings", "platform": "/platform", "costs": "/costs",
    }.items()} | {"trip": s.unstaffed()}
    own = {name: "/guides/me/" + name for name in ["agenda", "time", "calendars", "account", "data"]}
    guest = {"start": "/guides", "sign-in": "/guides/sign-in", "dates": "/s/basalt-ridge", "booking": s.booking}
    folder, found = os.environ.get("ANCHORPOINT_SCREENSHOTS"), []
    for size in SIZES:
        for who, paths in [("Ida Basalt", office), ("Maren Okafor", own), (None, guest)]:
            for name, path in paths.items():
                if path is None:
                    continue
                for scheme in ["light", "dark"]:
                    # Before the page is read: colours that are on their way are neither.
                    s.open("/guides", who, size).emulate_media(color_scheme=scheme)
                    page = s.open(path, who, size)
                    found += [f"{name} ({size}, {scheme}): {text}" for text in accessibility.problems(page)]
                    if folder:
                        page.screenshot(path=f"{folder}/guides-{name}-{size}-{scheme}.png")
    assert not found, "\n".join(sorted(set(found)))


@test
def a_guest_cancels(s):
    page = s.open(s.booking, size="phone")
    part = page.locator("details", has_text="Cancel")
    if part.count():
        part.first.evaluate("e => e.open = true")
    page.get_by_role("button", name=re.compile("^Cancel|Yes")).first.click()
    assert "cancelled" in page.content()


@test
def the_scripts_had_nothing_to_complain_about(s):
    assert not s.trouble, "\n".join(s.trouble)


def main():
    with sync_playwright() as playwright, server.anchorpoint() as (base, link), server.caldav() as caldav:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        season = Season(browser, base, caldav)
        season.link = link
        try:
            return steps.run(TESTS, season)
        finally:
            browser.close()


if __name__ == "__main__":
    sys.exit(main())
