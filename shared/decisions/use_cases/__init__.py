"""One verb a file: what a deciding service does, by subject."""
