"""The payments room: from a determination to the bank file (支給・経理)."""
