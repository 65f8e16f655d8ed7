"""Recurrence as RFC 5545 words it, with no thought for speed: every day, hour, minute or second is looked at on its own.

Where two implementations differ, this says what the RFC's sentences give. It shares nothing with either.
"""
import calendar, datetime
from rules import DAYS

DAY = datetime.timedelta(days=1)


class TooMuch(Exception):
    """More was looked at than a question is worth."""


def week_one(year, first):
    """The day on which week 1 begins: it is the first with at least four days in its year (BYWEEKNO, WKST)."""
    january_4 = datetime.date(year, 1, 4)
    return january_4 - DAY * ((january_4.weekday() - first) % 7)


def in_weeks(day, numbers, first):
    """Whether the week that holds `day` has one of these numbers; negative ones count from the year's last week."""
    year = next(year for year in (day.year + 1, day.year, day.year - 1) if year < 9999 and week_one(year, first) <= day)
    number = (day - week_one(year, first)).days // 7 + 1
    count = (week_one(year + 1, first) - week_one(year, first)).days // 7
    return number in numbers or number - count - 1 in numbers


def is_nth(day, ordinal, first, last):
    """Whether `day` is the ordinal-th of its weekday between two days; 0 stands for every one."""
    if ordinal == 0:
        return True
    return (day - first).days // 7 + 1 == ordinal if ordinal > 0 else -((last - day).days // 7 + 1) == ordinal


class Rule:
    def __init__(self, case):
        self.case, self.start = case, case.start
        self.frequency = case.parts["FREQ"]
        self.interval = int(case.parts.get("INTERVAL", 1))
        self.first_weekday = DAYS.index(case.parts.get("WKST", "MO"))
        self.days, self.positions = case.days(), case.numbers("BYSETPOS")
        self.by = {name: case.numbers(name) for name in
                   ("BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYHOUR", "BYMINUTE", "BYSECOND")}
        self.fill()

    def fill(self):
        """§3.3.10: "Information, not contained in the rule, necessary to determine the various recurrence instance start
        time and dates are derived from the Start Time (DTSTART) component attribute." """
        by, start = self.by, self.start
        is_open = not (self.days or by["BYMONTHDAY"] or by["BYYEARDAY"])
        if self.frequency == "WEEKLY" and not self.days or self.frequency == "YEARLY" and is_open and by["BYWEEKNO"]:
            self.days = [(0, start.weekday())]
        elif self.frequency == "YEARLY" and is_open:
            by["BYMONTHDAY"] = [start.day]
            by["BYMONTH"] = by["BYMONTH"] or [start.month]
        elif self.frequency == "MONTHLY" and is_open:
            by["BYMONTHDAY"] = [start.day]
        if self.frequency not in ("HOURLY", "MINUTELY", "SECONDLY"):
            by["BYHOUR"] = by["BYHOUR"] or [start.hour]
        if self.frequency not in ("MINUTELY", "SECONDLY"):
            by["BYMINUTE"] = by["BYMINUTE"] or [start.minute]
        if self.frequency != "SECONDLY":
            by["BYSECOND"] = by["BYSECOND"] or [start.second]

    def names(self, day):
        """Whether every BYxxx part that speaks of days has `day`."""
        by = self.by
        if by["BYMONTH"] and day.month not in by["BYMONTH"]:
            return False
        if by["BYWEEKNO"] and not in_weeks(day, by["BYWEEKNO"], self.first_weekday):
            return False
        year_day, year_length = day.timetuple().tm_yday, 366 if calendar.isleap(day.year) else 365
        if by["BYYEARDAY"] and not {year_day, year_day - year_length - 1} & set(by["BYYEARDAY"]):
            return False
        month_length = calendar.monthrange(day.year, day.month)[1]
        if by["BYMONTHDAY"] and not {day.day, day.day - month_length - 1} & set(by["BYMONTHDAY"]):
            return False
        # "within the MONTHLY or YEARLY RRULE"; YEARLY counts within the month where BYMONTH is present (Note 2).
        within_month = self.frequency == "MONTHLY" or by["BYMONTH"]
        first, last = ((day.replace(day=1), day.replace(day=month_length)) if within_month
                       else (day.replace(month=1, day=1), day.replace(month=12, day=31)))
        return not self.days or any(day.weekday() == weekday and is_nth(day, ordinal, first, last)
                                    for ordinal, weekday in self.days)

    def sets(self, budget):
        """When each interval of the rule begins, and what it names before BYSETPOS."""
        if self.frequency in ("HOURLY", "MINUTELY", "SECONDLY"):
            yield from self.units(budget)
            return
        times = [datetime.time(hour, minute, second) for hour in self.by["BYHOUR"] for minute in self.by["BYMINUTE"]
                 for second in self.by["BYSECOND"]]
        first, number = self.start.date(), 0
        if self.frequency == "WEEKLY":
            first -= DAY * ((first.weekday() - self.first_weekday) % 7)
        elif self.frequency == "MONTHLY":
            first = first.replace(day=1)
        elif self.frequency == "YEARLY":
            first = first.replace(month=1, day=1)
        while True:
            begin, end = self.interval_at(first, number), self.interval_at(first, number, 1)
            days = [begin + DAY * index for index in range((end - begin).days)]
            budget -= len(days)
            if budget < 0:
                raise TooMuch
            named = [datetime.datetime.combine(day, time) for day in days if self.names(day) for time in sorted(times)]
            yield datetime.datetime.combine(begin, datetime.time()), named
            number += 1

    def interval_at(self, first, number, ahead=0):
        steps = number * self.interval + ahead
        if self.frequency == "MONTHLY":
            months = first.year * 12 + first.month - 1 + steps
            return datetime.date(months // 12, months % 12 + 1, 1)
        if self.frequency == "YEARLY":
            return datetime.date(first.year + steps, 1, 1)
        return first + DAY * steps * (7 if self.frequency == "WEEKLY" else 1)

    def units(self, budget):
        by = self.by
        second = {"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}[self.frequency]
        begin = self.start.replace(minute=0 if second > 60 else self.start.minute, second=0 if second > 1 else self.start.second)
        step = datetime.timedelta(seconds=second * self.interval)
        named = {}
        while True:
            budget -= 1
            if budget < 0:
                raise TooMuch
            day = begin.date()
            if day not in named:
                named = {day: self.names(day)}
            if not named[day] or by["BYHOUR"] and begin.hour not in by["BYHOUR"]:
                # Nothing before the next day, or hour, is named.
                rest = begin.replace(minute=59, second=59) if named[day] else begin.replace(hour=23, minute=59, second=59)
                begin += step * ((rest - begin) // step + 1)
                yield begin, []
                continue
            if second == 1:
                fits = ((not by["BYMINUTE"] or begin.minute in by["BYMINUTE"])
                        and (not by["BYSECOND"] or begin.second in by["BYSECOND"]))
                found = [begin] if fits else []
            elif second == 60:
                fits = not by["BYMINUTE"] or begin.minute in by["BYMINUTE"]
                found = [begin.replace(second=value) for value in by["BYSECOND"]] if fits else []
            else:
                found = [begin.replace(minute=minute, second=value) for minute in by["BYMINUTE"]
                         for value in by["BYSECOND"]]
            yield begin, sorted(found)
            begin += step

    def times(self, horizon, budget=200_000):
        """All wall times up to `horizon`, ascending, COUNT and UNTIL left aside."""
        try:
            for begin, found in self.sets(budget):
                if begin > horizon:
                    return
                if self.positions:
                    # "BYSETPOS operates on a set of recurrence instances in one interval of the recurrence rule."
                    places = {place - 1 if place > 0 else len(found) + place for place in self.positions}
                    found = [time for place, time in enumerate(found) if place in places]
                yield from (time for time in found if self.start <= time <= horizon)
        except (OverflowError, ValueError):  # The year 9999 is the last.
            return


def expansion(case, until):
    """The wall times of a case: DTSTART first and counted ("The DTSTART property value ... counts as the first
    occurrence", §3.3.10), then what the rule names."""
    count = int(case.parts.get("COUNT", 0)) or None
    yield case.start
    given = 1
    if count == 1:
        return
    for time in Rule(case).times(min(case.horizon, until)):
        if time == case.start:
            continue
        yield time
        given += 1
        if given == count:
            return
