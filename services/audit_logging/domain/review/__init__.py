"""Which access to records is unusual."""
