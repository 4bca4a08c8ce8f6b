"""The rules, one file a chapter of the standard: one rule, one small function, one citation."""
