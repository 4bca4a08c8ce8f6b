"""Relatives liable for support (扶養義務者) of a case."""
