// SQLite: the embedded database behind `Database`, one file, one process, synchronous FULL. Begin at `SQLiteDatabase`.
