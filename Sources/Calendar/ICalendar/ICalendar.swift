// ICalendar: RFC 5545 text into components and back, and components into events. Bytes are taken in blocks of whole
// lines; a property is a range of its block until somebody asks for its value. Damage stays inside its component and is
// told as a diagnostic. Begin at `ICalendarDocument` (a whole text) or `ICalendarStream` (bytes as they arrive), then
// `EventSeries`.
