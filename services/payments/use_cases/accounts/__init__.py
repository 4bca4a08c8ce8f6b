"""What happens to accounts (口座), one verb a file."""
