"""What this law says of its cases. Pure."""
