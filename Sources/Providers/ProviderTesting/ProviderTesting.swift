// ProviderTesting: the behaviours every connector must show, run against a live server or stand-in. Begin at
// `ProviderSuite`.
