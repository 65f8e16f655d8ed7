// CronofyWire: the Cronofy API's JSON, times, durations and errors as types, tolerant in what it reads as the
// official SDKs need it, exact in what it writes. Begin at `JSONValue`, `WireTime` and `WireErrors`.
