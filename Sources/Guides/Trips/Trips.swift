// Trips: the words of a guide service as values that cannot be wrong: trips and when they are, crews and what they
// need, qualifications and how long they hold. Reads no clock, no database and no calendar. Begin at `Trip`.
