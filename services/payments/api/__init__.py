"""HTTP of the payments service."""
