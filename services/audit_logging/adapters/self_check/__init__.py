"""Checks, their results, and the index beside its entries."""
