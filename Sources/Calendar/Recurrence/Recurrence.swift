// Recurrence: turns RFC 5545 rules and dates and a start into the times they name, in order, bounded by a window and
// by work. Reads no clock and loads no zone data. Begin at `RecurrenceRule`, then `RecurrenceSet`.
