"""The reader's side of a stream: cursor and effects in one transaction, parked events, new epochs."""
