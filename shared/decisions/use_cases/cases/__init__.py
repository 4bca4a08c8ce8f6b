"""One case: what is known of it, what was determined, and who may see it."""
