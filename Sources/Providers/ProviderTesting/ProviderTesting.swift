// ProviderTesting: the behaviours every connector must show, run against a real account or its stand-in. Begin at
// `ProviderBehaviour` and `ProviderFixture`.
