"""Pages of two numbers of one person (名寄せ)."""
