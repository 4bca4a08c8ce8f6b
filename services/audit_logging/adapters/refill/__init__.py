"""What came back from the published log."""
