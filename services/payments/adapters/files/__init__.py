"""Bank files (総合振込): their rows, and the treasurer's folder."""
