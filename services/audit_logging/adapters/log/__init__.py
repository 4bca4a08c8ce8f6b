"""Tables of the log, its key and settings, and the stores that it is published into."""
