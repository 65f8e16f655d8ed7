// App: the only place that reads configuration and builds live parts. Begin at `Configuration` and
// `AnchorpointServer`.
