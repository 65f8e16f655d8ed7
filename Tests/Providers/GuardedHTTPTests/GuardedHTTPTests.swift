// GuardedHTTPTests
