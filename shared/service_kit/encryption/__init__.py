"""Sealed columns: data keys, the key that wraps them, and their change."""
