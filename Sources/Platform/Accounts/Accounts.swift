// Whoever has to do with accounts has to do with their secrets.
@_exported public import Sealing

// Accounts: who may ask and whose calendars: applications, accounts, grants, tokens, profiles and calendars. Begin at
// `AccountStore`; the tables are in `PlatformSchema`.
