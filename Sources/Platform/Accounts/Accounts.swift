// Accounts: who may ask and whose calendars: applications, accounts, grants, tokens, profiles, calendars, and the
// sealing of secrets. Begin at `AccountStore`; the tables are in `PlatformSchema`.
