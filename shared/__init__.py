"""Packages that more than one service uses, each with one reason to change."""
