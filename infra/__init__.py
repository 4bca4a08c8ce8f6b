"""What runs the rooms: one machine, the development issuer, the independent verifier, containers."""
