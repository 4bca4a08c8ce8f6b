"""The streams of a producer: envelopes, gapless numbers, histories, signed pages."""
