// CronofyClient: the Cronofy API as Swift calls, for hosted Cronofy in any data center and for every server that speaks
// its protocol. Typed requests and answers, pages as asynchronous sequences, tokens that renew themselves, rates kept
// below what the service allows. Knows nothing of who answers. Begin at `CronofyApplication`.
