"""HTTP: declared routes, idempotent writes, guards of a request, the routes of every service."""
