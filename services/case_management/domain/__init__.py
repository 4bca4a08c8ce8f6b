"""The law of public assistance as this room asks it. Pure."""
