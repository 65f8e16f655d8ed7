// CalDAV: RFC 4791 and RFC 6578 calendars as a `CalendarProvider`, iCloud as a preset. Wire and mapping only; the
// sync machine decides. Begin at `CalDAVProvider`.
