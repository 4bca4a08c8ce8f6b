"""Casework: the notes of a case, what is to be done in it, and what is due today."""
