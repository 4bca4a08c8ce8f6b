"""What the log does: append, sign, publish, prove."""
