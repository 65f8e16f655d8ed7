// Sealing: secrets and what keeps them, over the system's libcrypto: random tokens, hashes, and values sealed at rest.
// Begin at `SealingKey`.
