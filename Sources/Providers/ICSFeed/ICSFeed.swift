// ICSFeed: a published .ics address as a read-only `CalendarProvider`. Conditional requests, adaptive interval, last
// good copy kept. Begin at `ICSFeedProvider`.
