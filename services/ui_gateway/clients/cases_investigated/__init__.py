"""What is investigated of a case, asked in the name of the person at the browser."""
