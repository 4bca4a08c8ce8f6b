"""Deletions of openings and the holds that stop them."""
