"""Acts that determine the office as one (一括決定): opened, drafted, approved, carried out, withdrawn, read."""
