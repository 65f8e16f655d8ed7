// API: the Cronofy endpoints over HTTP, one folder per resource, one file per endpoint. Routes, permissions and
// documentation come from one table. Begin at `EndpointTable`.
