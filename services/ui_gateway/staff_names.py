"""How one of the staff is read on pages and in files: 氏名（職員番号）, the bare id where nobody knows the name."""

import time
from collections.abc import Callable, Mapping
from typing import Final

import flask
from flask.blueprints import BlueprintSetupState

KEPT_SECONDS: Final = 60
"""A name that another process came to know is read after so long."""
_EXTENSION: Final = "kurashi_staff_names"


class StaffNames:
    """The names of all, as ``load`` gives them, remembered for a minute."""

    def __init__(self, load: Callable[[], Mapping[str, str]]) -> None:
        self._load = load
        self._names: Mapping[str, str] = {}
        self._until = time.monotonic()

    def of(self, staff: str) -> str:
        """The name of somebody; empty where nobody knows it."""
        if time.monotonic() >= self._until:
            self._names, self._until = self._load(), time.monotonic() + KEPT_SECONDS
        return self._names.get(staff, "")

    def forget(self) -> None:
        """Ask again at the next question: somebody has logged in."""
        self._until = time.monotonic()

    def serve(self, setup: BlueprintSetupState) -> None:
        """Answer for the application to which the pages are mounted."""
        setup.app.extensions[_EXTENSION] = self


def staff_in_words(actor: str) -> str:
    """One of the staff ("person:…", or the id) as 氏名（職員番号）."""
    staff = actor.split(":", 1)[-1]
    names: StaffNames | None = flask.current_app.extensions.get(_EXTENSION) if flask.has_app_context() else None
    name = names.of(staff) if names else ""
    return f"{name}（{staff}）" if name else staff
