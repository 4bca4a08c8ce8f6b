"""Tables, queries and migrations of every service that decides, made into that service's own schema."""
