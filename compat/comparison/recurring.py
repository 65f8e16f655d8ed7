"""Expands by recurring-ical-events, which reads files by icalendar and expands rules by python-dateutil."""

import datetime
import sys

import icalendar
import recurring_ical_events

UTC = datetime.timezone.utc
begin, end = (datetime.datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) for text in sys.argv[1:3])
for path in sys.argv[3:]:
    try:
        with open(path, "rb") as file:
            calendar = icalendar.Calendar.from_ical(file.read())
        starts = []
        for event in recurring_ical_events.of(calendar).between(begin, end):
            start = event["DTSTART"].dt
            isTime = isinstance(start, datetime.datetime)
            starts.append(start.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ") if isTime else start.strftime("%Y%m%d"))
    except Exception as error:
        sys.exit(f"{type(error).__name__}: {error}")
    print(path, " ".join(sorted(starts)), sep="\t")
