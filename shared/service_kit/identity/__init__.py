"""The identity provider: its keys, its tokens, and this service's own."""
