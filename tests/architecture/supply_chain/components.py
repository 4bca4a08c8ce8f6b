"""What the office is built from: each locked package with its version and licence, as docs/security/components.md.

After a change of the lock: `PYTHONPATH=. .venv/bin/python -m tests.architecture.supply_chain.components`.
"""

import hashlib
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[3]
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
SERVERS = ("postgres", "valkey-server")
CARRIED = (
    "",
    "## What wheels carry",
    "",
    "Programs and libraries of others inside the wheels: an advisory names them, not the package. The two servers are",
    "for one machine and the tests; containers and the cloud bring their own. `valkey-server` is a release of the kept",
    "line 9; it listens on 127.0.0.1 alone, as nobody without a capability where root starts it; a user a service.",
    "",
    "| package | carries |",
    "|---|---|",
)
KEPT = (
    "",
    "## What the repository keeps of others",
    "",
    "Unchanged files of other packages, for the tests alone; a test compares each with its SHA-256.",
    "",
    "| file | package | version | licence | SHA-256 |",
    "|---|---|---|---|---|",
)
AXE = "tests/ui_gateway/axe.min.js"


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


def carried() -> dict[str, list[str]]:
    """What others' wheels bring of yet others: by package its programs, with the version of servers, and libraries."""
    found = {one.name: sorted({*_programs(one.name), *_libraries(one.name)}) for one in locked("requirements-dev.lock")}
    return {name: parts for name, parts in found.items() if parts}


def _programs(name: str) -> Iterator[str]:
    for file in metadata.files(name) or []:
        path = Path(str(file.locate()))
        if ".." not in file.parts and {"bin", "_binaries"} & set(file.parts) and path.read_bytes()[:4] == b"\x7fELF":
            yield _told_version(path) if path.name in SERVERS else path.name


def _libraries(name: str) -> Iterator[str]:
    for file in metadata.files(name) or []:
        if file.parts[0].endswith(".libs") and ".so" in file.name:
            yield re.sub(r"-[0-9a-f]{8}(-[0-9a-f]{8})?(?=\.so)", "", file.name)


def kept() -> Iterator[str]:
    """Files of other packages in the repository: a row each."""
    content = (ROOT / AXE).read_bytes()
    version = re.search(rb"axe v([0-9.]+)", content)[1].decode()  # type: ignore[index]
    yield f"| `{AXE}` | axe-core (npm) | {version} | MPL-2.0 | `{hashlib.sha256(content).hexdigest()}` |"


def _told_version(program: Path) -> str:
    words = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout
    return f"{program.name} {re.search(r'[0-9]+([.][0-9]+)+', words)[0]}"  # type: ignore[index]


def document() -> str:
    """The tables."""
    rows = [
        f"| {one.name} | {one.version} | {one.licence} | {'image' if one.in_images else 'tests, one machine'} |"
        for one in components()
    ]
    head = [
        "# Components",
        "",
        "Every locked package on Linux, its licence as it tells it, and whether it is in the images of the services.",
        "Written by `PYTHONPATH=. .venv/bin/python -m tests.architecture.supply_chain.components`; a test compares it.",
        "",
        "| package | version | licence | where |",
        "|---|---|---|---|",
    ]
    in_wheels = [f"| {name} | {', '.join(parts)} |" for name, parts in carried().items()]
    return "\n".join([*head, *rows, *CARRIED, *in_wheels, *KEPT, *kept()]) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
