"""A list is declared once: its columns, by what it is sorted and filtered, and how it stands in a CSV file."""
