"""Give a restored log back what it had published."""
