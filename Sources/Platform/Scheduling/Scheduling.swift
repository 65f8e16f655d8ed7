// Scheduling: keeps each account's busy intervals packed in memory, tagged with the account's version, and asks
// Availability. Begin at `AvailabilityDesk`.
