"""Assessments: the rules run over many households, and what is said of the result."""
