"""Two numbers of one person (名寄せ): what is held to find them, and what was decided about them."""
