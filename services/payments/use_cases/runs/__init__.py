"""What happens to a payment run (支給), one verb a file."""
