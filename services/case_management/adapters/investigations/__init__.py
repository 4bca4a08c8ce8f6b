"""The tables of what is investigated of a case (調査)."""
