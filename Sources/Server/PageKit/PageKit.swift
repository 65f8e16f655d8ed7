// PageKit: what the pages of the platform and those of guide services share: answers with their security headers, forms,
// percent-encoding, the origin of requests. It knows nothing of accounts or trips. Begin at `Answer`.
