"""What ``app.py`` hands the kit once per process: the problem types of the office."""

_problems: dict[str, tuple[int, str]] = {
    "internal": (500, "処理できませんでした"),
}


def hand_over_problem_types(types: dict[str, tuple[int, str]]) -> None:
    """Make problem types known: name → (HTTP status, Japanese title)."""
    _problems.update(types)


def problem_types() -> dict[str, tuple[int, str]]:
    """The problem types known to this process."""
    return _problems
