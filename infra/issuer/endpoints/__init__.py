"""The addresses of the issuer that clients and browsers ask."""
