// SandboxMicrosoft: a stand-in for the calendars of Microsoft Graph v1.0, in memory. It answers requests as Graph's
// documentation says, and shares no mapping with the connector, so that a mistake shows on one side. Begin at
// `GraphSandbox`; docs/providers/microsoft.md lists what it leaves out.
