// ICalendarTests
