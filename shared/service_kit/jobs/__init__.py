"""Work in chunks, and what failed outside them."""
