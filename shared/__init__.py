"""Packages that more than one room uses, each with one reason to change."""
