"""A small room for the kit's own tests: it counts marks."""
