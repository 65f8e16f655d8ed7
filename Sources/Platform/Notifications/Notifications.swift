// Notifications: who is told of changes, and what. A change writes its notice into the outbox in its own transaction
// (`ChangeRecorder`); notices of one channel go out one after another, each until it is acknowledged, with signatures
// over the exact bytes. Leaves sending to Jobs. Begin at `Channel`.
//
// What "every change, in order" means when bursts are taken together: a `change` notice names the time of its earliest
// change; changes join it until it is first tried, and never after, since a receiver may have taken that try. So each
// change is followed by a first try, made after its commit, whose `changes_since` is no later than the change, and a
// channel's next notice is tried only when the one before was acknowledged.
