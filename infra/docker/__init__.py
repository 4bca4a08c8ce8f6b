"""The office in containers: the image recipe and what prepares the secrets of its volumes."""
