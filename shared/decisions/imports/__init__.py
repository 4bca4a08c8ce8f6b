"""The ward's files: read case by case, checked by the rules, packed into rows."""
