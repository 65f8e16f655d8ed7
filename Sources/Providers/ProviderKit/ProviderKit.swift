// ProviderKit: the contract between the sync machine and an outside calendar. A connector turns one provider's wire
// into these values and its failures into `RemoteFailure`. Begin at `CalendarProvider`.
