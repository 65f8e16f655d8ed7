// Integrations: guides' own calendars, reached through the Cronofy API alone: linking, what counts, notifications in,
// busy rows kept in step, trips written into the guide's calendar. Begin at `CalendarBackend` for where calendars come
// from, at `GuideLinking` for how they are linked, and at `GuideTime` for what is known of a guide's time.
