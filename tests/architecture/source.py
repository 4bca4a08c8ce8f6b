"""The house's own Python, parsed once: what the tests of its form read."""

import ast
import functools
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ("services", "shared", "infra")


@dataclass(frozen=True)
class Source:
    """A Python file of the house: its path below the root, its dotted name, its lines and its tree."""

    path: str
    module: str
    lines: tuple[str, ...]
    tree: ast.Module

    @property
    def package(self) -> str:
        """The two first folders: `services/payments`, `shared/decisions`."""
        return "/".join(self.path.split("/")[:2])

    @property
    def is_package(self) -> bool:
        """True for an `__init__.py`."""
        return self.path.endswith("/__init__.py")


@functools.cache
def kept_files() -> tuple[str, ...]:
    """Return every file that git keeps or would keep, below the root."""
    told = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return tuple(sorted(path for path in set(told.stdout.splitlines()) if (ROOT / path).is_file()))


@functools.cache
def sources() -> tuple[Source, ...]:
    """Return every Python file of the house."""
    return tuple(_source(path) for path in kept_files() if path.endswith(".py"))


def _source(path: str) -> Source:
    text = (ROOT / path).read_text(encoding="utf-8")
    module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return Source(path, module, tuple(text.splitlines()), ast.parse(text))
