"""Pages of what is investigated of a household (調査, 扶養照会, 添付)."""
