// Events: reads of events and free-busy, and writes that go through to the provider by the outbox. Begin at
// `EventReader` and `EventWriter`.
