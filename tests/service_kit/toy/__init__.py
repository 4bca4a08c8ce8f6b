"""A small service for the kit's own tests: it counts marks."""
