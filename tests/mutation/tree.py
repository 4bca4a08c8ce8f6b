"""A copy of the tree in which things are broken; the working files are never touched."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.mutation.breakages import Breakage

ROOT = Path(__file__).parents[2]
IMPORTED_BEFORE = "ignore:Module already imported:pytest.PytestAssertRewriteWarning"
QUIETLY = ("-q", "-x", "--tb=line", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", IMPORTED_BEFORE)

PATIENCE = 900.0
"""Seconds of the clock after which tests that use no CPU stand still: they wait for each other."""


@dataclass(frozen=True)
class Outcome:
    """How a run of tests ended: pytest's exit code (None: it stood still), seconds, and what it printed."""

    code: int | None
    seconds: float
    printed: str
    process: int

    @property
    def noticed(self) -> bool:
        """True where a test failed, could not be collected, or ran out of time."""
        return self.code not in (0, 5)

    @property
    def by(self) -> str:
        """The first test that failed."""
        if self.code is None or self.code == -signal.SIGXCPU:
            return "out of time"
        named = [line.split(" - ")[0] for line in self.printed.splitlines() if line.startswith(("FAILED ", "ERROR "))]
        return named[0].split(" ", 1)[1] if named else f"pytest ended with {self.code}"


class Tree:
    """A copy of the files that git knows here or would add, and the process that runs tests in it."""

    def __init__(self, folder: Path) -> None:
        self.root, self._log = folder / "tree", folder / "printed.txt"
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
        for name in filter(None, names):
            if (ROOT / name).is_file():
                (self.root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, self.root / name)
        if (ROOT / ".venv").exists():
            (self.root / ".venv").symlink_to((ROOT / ".venv").resolve())
        self._touched = 0
        self._server = self._start()

    def _start(self) -> subprocess.Popen[str]:
        # In CI hypothesis tries the same examples each time, without a stop-watch.
        environment = os.environ | {"CI": "true", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(self.root)}
        program = [sys.executable, "-u", "-P", str(self.root / "tests" / "mutation" / "fork_server.py")]
        server = subprocess.Popen(
            program, cwd=self.root, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert server.stdout is not None
        json.loads(server.stdout.readline())
        return server

    def close(self) -> None:
        """End the process that runs the tests."""
        assert self._server.stdin is not None
        self._server.stdin.close()
        self._server.wait()

    def run(self, tests: Sequence[str], seconds: float, *options: str, **environment: str) -> Outcome:
        """Run tests until the first one fails; no longer than some seconds of CPU, or `PATIENCE` of the clock."""
        arguments = [*QUIETLY, *options, *tests]
        request = {"args": arguments, "log": str(self._log), "cpu": seconds, "timeout": PATIENCE}
        answer = self._ask({**request, "environment": environment, "write_bytecode": bool(environment)})
        return Outcome(answer["code"], answer["seconds"], self._log.read_text(errors="replace"), answer["pid"])

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps(request) + "\n")
        self._server.stdin.flush()
        answer: dict[str, Any] = json.loads(self._server.stdout.readline())
        return answer

    @contextmanager
    def broken(self, breakage: Breakage) -> Iterator[None]:
        """The tree with one breakage in it.

        Python takes compiled code for current by the second and the size of its source, so a broken file gets a time
        of its own, and the sound one its own back.
        """
        file = self.root / breakage.path
        sound, times = file.read_text(), file.stat()
        self._touched += 1
        file.write_text(breakage.apply(sound))
        os.utime(file, (times.st_mtime + self._touched, times.st_mtime + self._touched))
        try:
            yield
        finally:
            file.write_text(sound)
            os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
