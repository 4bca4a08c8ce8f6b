"""The register of residents (宛名) by hand: who is not in the ward's files, or is called otherwise by now."""
