"""People: who comes to the desk, the households, and the search for both."""
