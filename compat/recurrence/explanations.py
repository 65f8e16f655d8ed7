"""Why others differ from RFC 5545: what in a rule makes them, and the words that decide. None lets an answer pass: where
one holds, ours must be the answer that rfc.py works out of those words."""
from collections.abc import Callable
from typing import NamedTuple

ORDER = "§3.3.10 gives lists no order and repeats no meaning: asked with the same lists sorted, it agrees"


class Explanation(NamedTuple):
    words: str
    #: Of the case, and whether the other refused it.
    holds: Callable


def has(case, *names):
    return any(name in case.parts for name in names)


def is_within_day(case):
    return case.parts["FREQ"] in ("HOURLY", "MINUTELY", "SECONDLY")


def steps(case):
    return int(case.parts.get("INTERVAL", 1)) > 1


UNSYNCHRONISED = Explanation(
    "§3.8.5.3 leaves open a DTSTART that the rule does not name: we show it, and it counts (§3.3.10)",
    lambda case, refused: not case.is_synchronised)
ENDED = Explanation(
    "§3.8.5.3 has DTSTART be the first instance, also where UNTIL lies before it",
    lambda case, refused: "UNTIL" in case.parts and case.parts["UNTIL"] < f"{case.start:%Y%m%dT%H%M%S}Z")

OF = {
    "dateutil": [
        UNSYNCHRONISED,
        Explanation(
            "§3.3.10 takes what a rule leaves open from DTSTART: BYWEEKNO alone names one weekday, not seven",
            lambda case, refused: has(case, "BYWEEKNO") and not has(case, "BYDAY", "BYMONTHDAY", "BYYEARDAY")),
        Explanation(
            "§3.3.10 has BYDAY list days that each add: TU,1TH is every Tuesday and the first Thursday",
            lambda case, refused: len({ordinal == 0 for ordinal, _ in case.days()}) == 2),
        Explanation(
            "§3.3.10 has BYSETPOS pick from the whole week, also from its days before DTSTART",
            lambda case, refused: case.parts["FREQ"] == "WEEKLY" and has(case, "BYSETPOS")),
        Explanation(
            "§3.3.10, BYWEEKNO: days at the ends of a year may be of a week of its neighbour, numbered from both its ends",
            lambda case, refused: bool({1, 52, 53, -1, -52, -53} & set(case.numbers("BYWEEKNO")))),
        ENDED,
    ],
    "libical": [
        UNSYNCHRONISED,
        Explanation(
            "§3.3.10, table: a combination that libical does not know is allowed",
            lambda case, refused: refused),
        Explanation(
            "§3.3.10 has BYSETPOS pick from all instances of one interval, of any frequency and with lists of times",
            lambda case, refused: has(case, "BYSETPOS")),
        Explanation(
            "§3.3.10: negative BYMONTHDAY and BYYEARDAY count from the end, also where they limit",
            lambda case, refused: case.parts["FREQ"] not in ("YEARLY", "MONTHLY")
            and any(value < 0 for value in case.numbers("BYMONTHDAY") + case.numbers("BYYEARDAY"))),
        Explanation(
            "§3.3.10, table: BYMONTHDAY of a YEARLY rule without BYMONTH names days of every month",
            lambda case, refused: case.parts["FREQ"] == "YEARLY" and has(case, "BYMONTHDAY")),
        Explanation(
            "§3.3.10, table: BYHOUR, BYMINUTE and BYSECOND limit the units of a rule as fine, which INTERVAL counts alike",
            lambda case, refused: is_within_day(case) and has(case, "BYHOUR", "BYMINUTE", "BYSECOND")),
        Explanation(
            "§3.3.10, WKST: the weeks that INTERVAL counts begin on it",
            lambda case, refused: case.parts["FREQ"] == "WEEKLY" and steps(case) and has(case, "WKST")),
        Explanation(
            "§3.3.10 takes what a rule leaves open from DTSTART: BYWEEKNO alone names one weekday",
            lambda case, refused: has(case, "BYWEEKNO")),
        ENDED,
    ],
}
