"""Findings, reviews, and what people did on a day."""
