"""The operations on what is investigated of a case (調査)."""
