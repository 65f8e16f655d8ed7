// Web: the pages. Reads accounts and events from the store into view values, and turns those into HTML; changes nothing
// but through `CalendarConnecting`, the choice of calendars and `SignIns`. No page needs a script. Begin at
// `WebServices` and `addWebRoutes`.
@_exported public import PageKit
