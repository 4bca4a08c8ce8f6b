"""The payments service: from a determination to the bank file (支給・経理)."""
