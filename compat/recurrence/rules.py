"""Recurrence rules drawn at random, the same for the same seed and number."""
import datetime, zoneinfo
from dataclasses import dataclass, field, replace

# Clocks change in all but one of them: by a whole and by half an hour, north and south, and once by a whole day.
ZONES = ["America/Denver", "Europe/Paris", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Auckland",
         "Pacific/Apia", "UTC"]
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
# Days over which a rule of one frequency is followed, and how long a unit of it lasts.
SPAN = {"YEARLY": 9000, "MONTHLY": 2500, "WEEKLY": 1200, "DAILY": 500, "HOURLY": 30, "MINUTELY": 3, "SECONDLY": 1}


@dataclass(frozen=True)
class Case:
    """One question: a rule, its start on the wall, a zone, and how much of the answer is wanted."""
    number: int
    parts: dict
    start: datetime.datetime
    zone: str
    is_date: bool
    horizon: datetime.datetime
    wanted: int = 30
    added: tuple = ()
    removed: tuple = ()
    is_synchronised: bool = field(default=True)

    @property
    def rule(self):
        return ";".join(f"{name}={value}" for name, value in self.parts.items())

    def with_parts(self, **changes):
        """The same case with other parts; None takes one away."""
        parts = {name: value for name, value in {**self.parts, **changes}.items() if value is not None}
        return replace(self, parts=parts)

    def numbers(self, name):
        return sorted({int(value) for value in self.parts[name].split(",")}) if name in self.parts else []

    def days(self):
        """BYDAY as pairs of ordinal, or 0, and weekday from Monday."""
        values = self.parts["BYDAY"].split(",") if "BYDAY" in self.parts else []
        return [(int(value[:-2] or 0), DAYS.index(value[-2:])) for value in values]

    def in_order(self):
        """The same case with every list sorted, each value once: RFC 5545 gives lists no order."""
        lists = {name: ",".join(map(str, self.numbers(name))) for name in self.parts
                 if name.startswith("BY") and name != "BYDAY"}
        if "BYDAY" in self.parts:
            lists["BYDAY"] = ",".join((str(ordinal or "")) + DAYS[day] for ordinal, day in sorted(set(self.days())))
        return self.with_parts(**lists)

    def __str__(self):
        lists = "".join(f" {name}={','.join(map(compact, times))}"
                        for name, times in (("RDATE", self.added), ("EXDATE", self.removed)) if times)
        kind = "DATE" if self.is_date else self.zone
        return f"#{self.number} {self.rule} from {compact(self.start)} {kind}{lists}"


def compact(time):
    return f"{time:%Y%m%dT%H%M%S}" if time.year >= 1000 else time.isoformat()


def draw(random_, number):
    """Rules that are valid by RFC 5545 §3.3.10, each part alone and with others."""
    chance = lambda one_in: random_.randrange(one_in) == 0
    frequency = random_.choice(list(SPAN))
    is_date = chance(5) and frequency in ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")
    parts = {"FREQ": frequency}
    interval = random_.choice([2, 2, 3, 4, 5, 7, 11, 25]) if chance(2) else 1
    if interval > 1 or chance(9):
        parts["INTERVAL"] = str(interval)

    def some(name, low, high, most, one_in):
        if chance(one_in):
            values = [random_.randint(low, high) for _ in range(random_.randint(1, most))]
            if values := [value for value in values if value or low >= 0]:
                parts[name] = ",".join(map(str, values))

    some("BYMONTH", 1, 12, 5, 4)
    if frequency == "YEARLY":
        some("BYWEEKNO", -53, 53, 4, 5)
    if frequency in ("YEARLY", "HOURLY", "MINUTELY", "SECONDLY"):
        some("BYYEARDAY", -366, 366, 12, 6)
    if frequency != "WEEKLY":
        some("BYMONTHDAY", -31, 31, 9, 4)
    if chance(3):
        ordinals = frequency in ("YEARLY", "MONTHLY") and "BYWEEKNO" not in parts and chance(2)
        most = 5 if frequency == "MONTHLY" or "BYMONTH" in parts else 53
        parts["BYDAY"] = ",".join((str(random_.randint(-most, most) or "") if ordinals and not chance(6) else "")
                                  + random_.choice(DAYS) for _ in range(random_.randint(1, 4)))
    if not is_date:
        some("BYHOUR", 0, 23, 4, 5)
        some("BYMINUTE", 0, 59, 4, 6)
        some("BYSECOND", 0, 59, 3, 8)
    if len(parts) > 1 + ("INTERVAL" in parts):
        some("BYSETPOS", -5, 5, 3, 4)
    if chance(4):
        parts["WKST"] = random_.choice(DAYS)
    zone = "UTC" if is_date else random_.choice(ZONES)
    day = datetime.datetime(random_.randint(1971, 2035), random_.randint(1, 12), random_.randint(1, 28))
    day += datetime.timedelta(days=random_.randrange(4))
    if chance(4):
        day = clock_change(day, zone) - datetime.timedelta(days=random_.randrange(3))
    second = 0 if is_date else random_.choice([32400, 9000, 1800, 4500, random_.randrange(86400)])
    start = day + datetime.timedelta(seconds=second)
    span = SPAN[frequency] * min(interval, 3)
    end = random_.randrange(8)
    if end < 2:
        parts["COUNT"] = str(random_.randint(1, 40))
    elif end == 2:
        until = day + datetime.timedelta(days=random_.randint(0, span), seconds=random_.randrange(86400))
        parts["UNTIL"] = f"{until:%Y%m%d}" if is_date else compact(until) + ("Z" if chance(2) else "")
    names = list(parts)
    random_.shuffle(names)
    return Case(number, {name: parts[name] for name in names}, start,
                zone, is_date, day + datetime.timedelta(days=span))


def clock_change(day, zone):
    """The day of the first clock change within a year, or the same day."""
    zone = zoneinfo.ZoneInfo(zone)
    offset = lambda day: day.replace(tzinfo=zone).utcoffset()
    days = (day + datetime.timedelta(days=index) for index in range(366))
    return next((day for day in days if offset(day) != offset(day + datetime.timedelta(days=1))), day)
