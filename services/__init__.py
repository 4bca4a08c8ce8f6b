"""The rooms. A service never imports another service."""
