"""Append, sign, publish, prove, and measure the lag."""
