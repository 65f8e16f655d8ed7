// CivilTime: instants, civil dates and times, and the zones that join them, as values with checked arithmetic. Reads
// zone rules (TZif, RFC 9636) from the system's database, never Foundation's. Begin at `Instant`, `CivilDateTime` and
// `Zone`.
