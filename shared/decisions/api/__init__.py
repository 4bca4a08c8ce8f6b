"""The HTTP operations that every deciding service has, and their schemas."""
