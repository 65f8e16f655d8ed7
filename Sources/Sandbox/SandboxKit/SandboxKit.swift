// SandboxKit: what the stand-ins of outside calendars share: a request as it arrives, an answer ready to be sent, who has
// signed in (`IdentityDesk`), what goes wrong on purpose (`FaultDesk`), and who there is (`PeopleFile`). It takes no
// connections itself; `SandboxServer` does. Begin at `SandboxVendor`.
