// ICalendar: RFC 5545 text into components and back, and components into events. Damage stays inside its component
// and is told as a diagnostic. Begin at `ICalendarReader`, then `CalendarEvent` and `EventSeries`.
