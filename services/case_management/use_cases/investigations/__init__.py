"""Investigations (調査) of a case."""
