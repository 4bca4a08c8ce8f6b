"""Delete openings by two people, and hold what must stay."""
