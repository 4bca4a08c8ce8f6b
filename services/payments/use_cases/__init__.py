"""One verb a file; each takes the unit of work and opens no transaction."""
