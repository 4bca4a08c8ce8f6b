"""The development issuer: an identity provider with synthetic staff, for every place that is not production."""
