"""Expands by python-dateutil: rules and dates of the first event; it reads no calendar files, zones or overrides."""

import datetime
import re
import sys

from dateutil import rrule, tz

UTC = datetime.timezone.utc
begin, end = (datetime.datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) for text in sys.argv[1:3])
for path in sys.argv[3:]:
    text = open(path, newline="").read().replace("\r\n", "\n")
    if text.count("BEGIN:VEVENT") > 1:
        sys.exit("reads no overrides")
    lines = re.findall(r"^(?:DTSTART|RRULE|EXDATE|RDATE)[;:].*$", text.split("BEGIN:VEVENT")[1], re.M)
    isDate = any("VALUE=DATE:" in line for line in lines)
    try:
        found = rrule.rrulestr("\n".join(lines), forceset=True, tzids=tz.gettz)
        starts = []
        for start in found:
            instant = start if start.tzinfo else start.replace(tzinfo=UTC)
            if instant >= end:
                break
            if instant >= begin:
                starts.append(start.strftime("%Y%m%d") if isDate else instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ"))
    except Exception as error:
        sys.exit(f"{type(error).__name__}: {error}")
    print(path, " ".join(starts), sep="\t")
