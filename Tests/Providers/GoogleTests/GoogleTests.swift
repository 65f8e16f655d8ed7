// Google calendars: mapping by tables, and the connector against the stand-in.
