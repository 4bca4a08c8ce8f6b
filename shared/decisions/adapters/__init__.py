"""Tables, migrations and shared steps of every service that decides, made into that service's own schema."""
