"""What the migrations of deciding execute, for both services: frozen, in the order in which it was added."""
