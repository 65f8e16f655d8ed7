"""Calendars whose answer the RFC's words decide. Times are UTC; dates stand for themselves."""

import collections

Case = collections.namedtuple("Case", "name title lines begin end expected why")


def event(*lines):
    return ["BEGIN:VEVENT", "UID:case@example.com", "DTSTAMP:20260101T000000Z", "SUMMARY:Case", *lines, "END:VEVENT"]


def case(name, title, lines, expected, why, begin="20260101T000000Z", end="20270601T000000Z"):
    """Without `expected` the RFC leaves the answer open."""
    return Case(name, title, lines, begin, end, expected.split() if expected is not None else None, why)


OFFICE = ["BEGIN:VTIMEZONE", "TZID:Head office", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0300",
          "TZOFFSETTO:+0300", "END:STANDARD", "END:VTIMEZONE"]

CASES = [
    case("gap", "a time that a clock change leaves out",
         event("DTSTART;TZID=America/New_York:20260307T023000", "RRULE:FREQ=DAILY;COUNT=3"),
         "20260307T073000Z 20260308T073000Z 20260309T063000Z",
         "§3.3.10: read as §3.3.5 reads a written time: with the offset before the gap"),
    case("fold", "a time that is shown twice",
         event("DTSTART;TZID=America/New_York:20261031T013000", "RRULE:FREQ=DAILY;COUNT=3"),
         "20261031T053000Z 20261101T053000Z 20261102T063000Z", "§3.3.5: the first of the two"),
    case("half-hour", "a clock change of half an hour (Lord Howe)",
         event("DTSTART;TZID=Australia/Lord_Howe:20260404T090000", "RRULE:FREQ=DAILY;COUNT=3"),
         "20260403T220000Z 20260404T223000Z 20260405T223000Z", "the zone's own rule"),
    case("vancouver", "Vancouver in January 2027, by a law of 2026",
         event("DTSTART;TZID=America/Vancouver:20270115T090000", "RRULE:FREQ=DAILY;COUNT=2"),
         "20270115T160000Z 20270116T160000Z", "-07:00 all year; wants the system's zone database"),
    case("own-zone", "a zone that only the file defines",
         OFFICE + event("DTSTART;TZID=Head office:20260105T090000", "RRULE:FREQ=DAILY;COUNT=2"),
         "20260105T060000Z 20260106T060000Z", "§3.6.5"),
    case("last-weekday", "BYSETPOS: the last weekday of the month",
         event("DTSTART:20260130T090000Z", "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=4"),
         "20260130T090000Z 20260227T090000Z 20260331T090000Z 20260430T090000Z", "§3.3.10"),
    case("set-of-times", "BYSETPOS among times of a day",
         event("DTSTART:20260105T150000Z", "RRULE:FREQ=DAILY;BYHOUR=9,12,15;BYSETPOS=-1;COUNT=2"),
         "20260105T150000Z 20260106T150000Z", "§3.3.10"),
    case("wkst", "every other week, weeks begin on Sunday",
         event("DTSTART;TZID=America/New_York:19970805T090000", "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU"),
         "19970805T130000Z 19970817T130000Z 19970819T130000Z 19970831T130000Z", "an example of §3.8.5.3",
         "19970101T000000Z", "19980101T000000Z"),
    case("week-53", "week 53",
         event("DTSTART:20201228T090000Z", "RRULE:FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;COUNT=2"),
         "20201228T090000Z 20261228T090000Z", "ISO 8601: 2020 and 2026 have one", "20200101T000000Z", "20330101T000000Z"),
    case("leap-day", "29 February every year", event("DTSTART:20240229T090000Z", "RRULE:FREQ=YEARLY;COUNT=3"),
         "20240229T090000Z 20280229T090000Z 20320229T090000Z", "§3.3.10: invalid dates are ignored",
         "20240101T000000Z", "20400101T000000Z"),
    case("day-31", "the 31st every month", event("DTSTART:20260131T090000Z", "RRULE:FREQ=MONTHLY;COUNT=4"),
         "20260131T090000Z 20260331T090000Z 20260531T090000Z 20260731T090000Z", "§3.3.10: invalid dates are ignored"),
    case("until-utc", "UNTIL in UTC, start in a zone",
         event("DTSTART;TZID=America/New_York:20260105T200000", "RRULE:FREQ=DAILY;UNTIL=20260108T005959Z"),
         "20260106T010000Z 20260107T010000Z", "§3.3.10: UNTIL is an instant"),
    case("until-date", "UNTIL as a date, start a time",
         event("DTSTART;TZID=America/New_York:20260105T200000", "RRULE:FREQ=DAILY;UNTIL=20260107"),
         None, "not allowed, and written often; people mean that the whole of that day counts"),
    case("count-exdate", "COUNT with an exception",
         event("DTSTART:20260105T090000Z", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20260106T090000Z"),
         "20260105T090000Z 20260107T090000Z", "§3.8.5.1: exceptions leave the count alone"),
    case("rdate-period", "RDATE as a period",
         event("DTSTART:20260105T090000Z", "DURATION:PT1H", "RDATE;VALUE=PERIOD:20260110T120000Z/PT2H"),
         "20260105T090000Z 20260110T120000Z", "§3.8.5.2"),
    case("rest-moved", "an override of this and what follows",
         event("DTSTART:20260105T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=4")
         + event("RECURRENCE-ID;RANGE=THISANDFUTURE:20260107T090000Z", "DTSTART:20260107T100000Z", "DURATION:PT1H"),
         "20260105T090000Z 20260106T090000Z 20260107T100000Z 20260108T100000Z", "§3.8.4.4"),
    case("all-day", "days, across a clock change", event("DTSTART;VALUE=DATE:20260328", "RRULE:FREQ=DAILY;COUNT=3"),
         "20260328 20260329 20260330", "§3.3.4: dates have no zone"),
    case("start-outside", "a start that its rule does not name",
         event("DTSTART:20260105T090000Z", "RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=3"),
         None, "§3.8.5.3 leaves it undefined; we give the start and count it"),
    case("never", "30 February, every year",
         event("DTSTART:20260105T090000Z", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
         None, "must end soon, whatever it answers", end="21000101T000000Z"),
    case("never-seconds", "30 February, every second",
         event("DTSTART:20260105T090000Z", "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30"),
         None, "must end soon, whatever it answers", end="21000101T000000Z"),
]
