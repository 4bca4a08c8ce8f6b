"""Pages of the staff, rendered on the server; each file is one question."""
