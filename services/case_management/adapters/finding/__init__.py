"""People found: by what is typed of them, and by what they share with others, in the memory of each process."""
