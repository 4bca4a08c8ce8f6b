"""Logs, metrics and spans, without personal data."""
