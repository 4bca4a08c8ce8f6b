"""The HTTP operations of this service beside those of deciding."""
