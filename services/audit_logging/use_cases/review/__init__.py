"""Find unusual access and review it."""
