"""Two numbers of one person (名寄せ): found, proposed, approved by another person, undone likewise."""
