"""A household as the rules see it: read, checked, and laid into columns."""
