// Native: calendars that live here, for people who have none elsewhere, through the same contract as any other
// provider. Begin at `NativeProvider` and `NativeStore`.
