// Google: calendars at Google over the Calendar API v3. Turns its events into iCalendar text and back, and its answers
// into the words of the contract. Begin at `GoogleProvider`; docs/providers/google.md has the table of what becomes what.
