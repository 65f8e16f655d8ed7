// Jobs: runs the state machines with a real clock, real providers and the store. Begin at `JobRunner`.
