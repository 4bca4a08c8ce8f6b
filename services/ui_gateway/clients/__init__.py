"""What lies outside the gateway: the identity provider and the other services."""
