"""Databases, roles and keys of an office, made once and changed while it runs."""
