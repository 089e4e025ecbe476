"""The book: double entry, append-only, posted through one function of the database that checks the sum."""
