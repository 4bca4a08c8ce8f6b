"""Tables, queries and the signing key of the log."""
