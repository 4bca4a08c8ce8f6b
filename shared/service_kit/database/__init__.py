"""A service's own PostgreSQL: engine, migrations, rights, locks."""
