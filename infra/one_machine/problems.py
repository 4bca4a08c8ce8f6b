"""What can go wrong on one machine, in words for the person at the terminal."""

from collections.abc import Container, Sequence


class MachineError(Exception):
    """The work could not be done (exit status 1); the text says what to do about it."""


class CallError(Exception):
    """The command was called wrongly (exit status 2)."""


def known_word(arguments: Sequence[str], known: Container[str], kind: str, usage: str) -> str:
    """Return the first argument, which says what to do.

    Args:
        kind: what the word is called, "command".
        usage: names the known ones.

    Raises:
        CallError: it is missing, or nobody knows it.
    """
    if not arguments or arguments[0].startswith("-"):
        raise CallError(f"a {kind} is missing\n{usage}")
    if arguments[0] not in known:
        raise CallError(f"there is no {kind} {arguments[0]}\n{usage}")
    return arguments[0]
