// PostgreSQL: the database for more than one machine behind `Database`, over libpq. Begin at `PostgreSQLDatabase`.
