"""Imports of a ward's files and corrections (取込・訂正): proposed, approved, loaded, withdrawn, listed."""
