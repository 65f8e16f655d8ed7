// GuardedHTTP: the one client for addresses that people typed. It decides on resolved addresses, connects to the
// address it checked, and caps size, time and redirects. Begin at `GuardedClient`.
