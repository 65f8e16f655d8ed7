// AvailabilityTests
