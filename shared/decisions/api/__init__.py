"""The HTTP operations that every deciding service has, each made for one `Deciding`, and their schemas."""
