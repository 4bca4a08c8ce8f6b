"""What runs the services: one machine, the development issuer, the independent verifier, containers."""
