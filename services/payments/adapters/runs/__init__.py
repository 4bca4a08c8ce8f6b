"""Payment runs (支給): their rows, orders, lines and views."""
