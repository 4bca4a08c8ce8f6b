"""The tree, the leaf and the checkpoint: pure functions on bytes."""
