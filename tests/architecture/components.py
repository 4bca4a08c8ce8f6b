"""What the office is built from: each locked package with its version and licence, as docs/security/components.md.

Write it again after a change of the lock: `PYTHONPATH=. .venv/bin/python -m tests.architecture.components`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "security" / "components.md"
_NAMES = {
    "BSD": "BSD-3-Clause",
    "New BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "BSD 2-Clause License": "BSD-2-Clause",
    "MIT License": "MIT",
    "DFSG approved": "MIT",
    "Apache 2.0": "Apache-2.0",
    "PSFL": "PSF-2.0",
    "Apache Software License": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Dual License": "Apache-2.0 OR BSD-3-Clause",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""Old words for licences, in their SPDX names."""


@dataclass(frozen=True)
class Component:
    """One locked package; ``licence`` is an SPDX expression, empty where none is told."""

    name: str
    version: str
    licence: str
    in_images: bool


def locked(lock: str) -> Iterator[Requirement]:
    """The packages of a lock that belong on this kind of machine."""
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if not line.startswith((" ", "#")) and line:
            found = Requirement(line.rstrip(" \\"))
            if found.marker is None or found.marker.evaluate():
                yield found


def components() -> list[Component]:
    """Everything locked, by name."""
    images = {one.name for one in locked("requirements.lock")}
    return [
        Component(one.name, str(one.specifier).removeprefix("=="), _licence(one.name), one.name in images)
        for one in locked("requirements-dev.lock")
    ]


def _licence(name: str) -> str:
    told = metadata.metadata(name)
    by_class = [text.rsplit(" :: ", 1)[-1] for text in told.get_all("Classifier") or [] if text.startswith("License")]
    free = [text for text in told.get_all("License") or [] if len(text) < 40 and text != "UNKNOWN"]
    for given in (*(told.get_all("License-Expression") or []), *free, *by_class):
        word = str(given).strip()
        return _NAMES.get(word, word)
    return ""


def document() -> str:
    """The table."""
    rows = [
        f"| {one.name} | {one.version} | {one.licence} | {'image' if one.in_images else 'tests, one machine'} |"
        for one in components()
    ]
    head = [
        "# Components",
        "",
        "Every locked package on Linux, its licence as it tells it, and whether it is in the images of the services.",
        "Written by `PYTHONPATH=. .venv/bin/python -m tests.architecture.components`; a test compares it.",
        "",
        "| package | version | licence | where |",
        "|---|---|---|---|",
    ]
    return "\n".join([*head, *rows]) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
