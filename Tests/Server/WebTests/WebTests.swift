// WebTests: view values tested without HTTP, and every route through the router on a real SQLite database. `Stand` is the
// server they share; `Pages.write` puts every page into a folder to look at.
