// Sync: keeps our picture of an outside calendar in step with it. `SyncMachine` decides, `PageApplier` writes one
// page in one transaction. Begin at `SyncMachine`.
