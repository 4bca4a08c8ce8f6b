"""A form is declared once: what it asks, how what was typed is read, what is wrong with it, and what a service gets."""
