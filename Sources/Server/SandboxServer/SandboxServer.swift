// SandboxServer: the stand-ins of outside calendars over HTTP: their APIs, their authorization servers, a page to look at
// and edit events, and switches for what goes wrong. Begin at `SandboxWorld`; `sandboxResponder` is the way in.
