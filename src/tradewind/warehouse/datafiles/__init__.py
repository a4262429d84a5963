"""Projects of datafiles: read, check, compile to the engine's SQL. Knows no store and no HTTP."""
