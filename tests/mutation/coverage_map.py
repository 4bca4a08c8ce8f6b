"""Which tests run which lines, so that a breakage is shown to those alone, the fastest first."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.mutation.breakages import Breakage
from tests.mutation.tracing import SHARED
from tests.mutation.tree import Tree

SECONDS_A_FILE = 900


@dataclass
class CoverageMap:
    """What each test file runs of the packages that are broken, kept between campaigns in a folder.

    A file is measured again once it, or one of the files that it may run, has changed.
    """

    folder: Path
    packages: Sequence[str]
    files: dict[str, dict[str, Any]] = field(default_factory=dict)

    def measure(self, tree: Tree, tests: Iterable[str]) -> None:
        """Measure the test files of some folders; a file that fails as it is is left out, and named."""
        self.folder.mkdir(parents=True, exist_ok=True)
        packages = hashlib.sha256()
        for package in self.packages:
            whole = tree.root / package
            for file in [whole] if whole.is_file() else sorted(whole.rglob("*.py")):
                packages.update(file.read_bytes())
        for path in _test_files(tree.root, tests):
            named = hashlib.sha256(packages.digest() + path.encode() + (tree.root / path).read_bytes())
            kept = self.folder / f"{named.hexdigest()[:24]}.json"
            if not kept.exists() and not self._measure(tree, path, kept):
                continue
            self.files[path] = json.loads(kept.read_text())

    def _measure(self, tree: Tree, path: str, kept: Path) -> bool:
        answer = kept.with_suffix(".part")
        traced = {"KURASHI_TRACED": ":".join(self.packages), "KURASHI_TRACE": str(answer)}
        outcome = tree.run([path], SECONDS_A_FILE, "-p", "tests.mutation.tracing", **traced)
        print(f"measured {path}: {outcome.seconds:.0f} s", flush=True)
        if outcome.noticed:
            print(f"{path} fails as it is and is left out: {outcome.by}", flush=True)
            return False
        if not answer.exists():
            return False
        answer.rename(kept)
        return True

    def tests_of(self, breakage: Breakage, seconds: float) -> list[str]:
        """Return the tests that run a breakage's line, the fastest file first, as many as fit into seconds of CPU.

        What stands outside of functions is run once, at import: all tests that run anything of its file may notice.
        """
        chosen: list[tuple[float, list[str]]] = []
        path, places = breakage.path, {breakage.line, breakage.statement}
        anywhere = not breakage.function or "/migrations/" in path
        for file in self.files.values():
            known, lines = file["seconds"], file["lines"]
            shared = not places.isdisjoint(lines.get(SHARED, {}).get(path, ()))
            if anywhere:
                shared = shared or any(path in run for run in lines.values())
            tests = [test for test in known if shared or not places.isdisjoint(lines.get(test, {}).get(path, ()))]
            if tests:
                chosen.append((sum(known[test] for test in tests), sorted(tests, key=lambda test: known[test])))
        taken: list[str] = []
        for cost, tests in sorted(chosen):
            if taken and cost > seconds:
                tests = tests[: max(1, int(len(tests) * seconds / cost))]
            seconds -= cost
            taken += tests
            if seconds <= 0:
                break
        return taken


def _test_files(root: Path, tests: Iterable[str]) -> list[str]:
    found: list[str] = []
    for test in tests:
        whole = root / test
        found += [
            file.relative_to(root).as_posix() for file in ([whole] if whole.is_file() else whole.rglob("test_*.py"))
        ]
    return sorted(set(found))
