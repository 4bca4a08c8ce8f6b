"""What must hold when the log reads back what was written."""
