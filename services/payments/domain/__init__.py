"""Pure rules of paying: no database, no clock, no I/O."""
