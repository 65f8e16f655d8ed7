// Availability: busy times and rules in, bookable time or the reasons against it out. One pure function answers
// listing, booking and 'why not'. Begin at `AvailabilityQuery`.
