"""`./kurashi bench api`: an office of any size with five years of history, and how quickly its pages answer."""
