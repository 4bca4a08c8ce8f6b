"""HTTP of the log."""
