"""Accounts (口座): handed-in files, the bank master, and whose case is barred to whom."""
