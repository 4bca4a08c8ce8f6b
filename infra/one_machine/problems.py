"""What can go wrong on one machine, in words for the person at the terminal."""


class MachineError(Exception):
    """The work could not be done (exit status 1); the text says what to do about it."""


class CallError(Exception):
    """The command was called wrongly (exit status 2)."""
