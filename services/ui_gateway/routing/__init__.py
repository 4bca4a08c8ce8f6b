"""What every page has: its routing, its request, its results, confirmations, cookies and headers."""
