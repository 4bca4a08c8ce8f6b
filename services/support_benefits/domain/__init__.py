"""The law of support benefits as this room asks it. Pure."""
