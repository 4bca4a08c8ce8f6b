"""The index of the log, how far its readers have come, and the export file."""
