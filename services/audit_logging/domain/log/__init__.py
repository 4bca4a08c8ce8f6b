"""The log itself: canonical bytes, leaf, tree, proofs, tiles and checkpoint."""
