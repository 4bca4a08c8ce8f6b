"""The room's HTTP door."""
