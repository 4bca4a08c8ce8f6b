"""Entitlements, who covers whom, and what is due."""
