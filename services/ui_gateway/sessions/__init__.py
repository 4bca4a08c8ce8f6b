"""Who is logged in at a browser, and for how long."""
