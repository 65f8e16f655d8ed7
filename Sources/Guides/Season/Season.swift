// Season: everything a guide service keeps, in one database: services and members, trips and crews, busy rows, holds and
// parties, and the audit of it all. Each change is one transaction with its outgoing effects. Begin at `SeasonStore`;
// the tables are in `SeasonSchema`.
