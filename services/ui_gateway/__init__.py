"""The gateway: sessions and pages of the staff; no rule, no domain table."""
