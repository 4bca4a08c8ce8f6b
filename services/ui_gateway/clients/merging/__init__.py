"""What the pages ask about two numbers of one person (名寄せ)."""
