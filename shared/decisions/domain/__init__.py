"""The pure part: circumstances in time, outcomes of an act, determinations that add up."""
