// StorageKit: what the rest of the program knows of a database: values, sessions, transactions, migrations, the work
// queue and the outbox. SQL is written once, in the subset SQLite and PostgreSQL share; `Dialect` holds the rest. Begin
// at `Database`.
