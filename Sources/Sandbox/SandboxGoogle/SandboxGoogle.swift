// SandboxGoogle: a stand-in for Google Calendar v3, in memory. It answers requests as the discovery document says, and
// shares no mapping with the connector, so that a mistake shows on one side. Begin at `CalendarSandbox`;
// docs/providers/google.md lists what it leaves out.
