// Microsoft: calendars of Microsoft 365 and Outlook.com over Microsoft Graph v1.0, work and personal accounts alike. Turns
// Graph's events into iCalendar text and back, and Graph's answers into the contract's words. Begin at
// `MicrosoftProvider`; docs/providers/microsoft.md has the table of what becomes what.
