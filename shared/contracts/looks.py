"""What a look shows beside what it is named by: one answer is one look, and may show several kinds of records."""

from collections.abc import Mapping
from typing import Final

_SHOWN_WITH: Final[Mapping[str, tuple[str, ...]]] = {"household": ("overview", "notes", "tasks", "consents")}


def looks_that_show(what: str) -> list[str]:
    """Return the kinds of looks that show records of a kind: ケース記録 are seen on a household's page too."""
    return [what, *(whole for whole, parts in _SHOWN_WITH.items() if what in parts)]
