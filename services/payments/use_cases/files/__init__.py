"""What happens to a bank file (総合振込), one verb a file."""
