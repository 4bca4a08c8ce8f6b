"""What an entry is found by, and the row that the privacy board reads."""
