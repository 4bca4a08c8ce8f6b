"""HTTP of the payments room."""
