"""Index entries, search them, read one, export."""
