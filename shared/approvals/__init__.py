"""How two people decide: canonical rows, a proposal, and its approval by hash (起案と決裁)."""
