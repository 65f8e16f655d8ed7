// SandboxKit: what the stand-ins of outside calendars share: a request as it arrives, and an answer ready to be sent. They
// take no connections themselves. Begin at `SandboxRequest`.
