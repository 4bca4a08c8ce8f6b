"""The independent verifier of the audit log: standard library and `cryptography`, nothing of the house."""
