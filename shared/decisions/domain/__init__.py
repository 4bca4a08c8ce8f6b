"""The pure part: canonical rows, the two-person rule, circumstances in time, determinations that add up."""
