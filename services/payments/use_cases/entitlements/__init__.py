"""What determinations do to entitlements."""
