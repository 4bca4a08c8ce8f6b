"""Documents (添付) of a case."""
