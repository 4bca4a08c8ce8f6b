"""Calls ./kurashi as a person would, in a process of its own."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.one_machine.folders import PROJECT


@dataclass(frozen=True)
class Said:
    """Exit status, the JSON on the last line of standard output, and standard error."""

    status: int
    answer: dict[str, Any]
    aside: str


def kurashi(folder: Path, *arguments: str) -> Said:
    """Call a command with `--json` on a data folder."""
    command = [sys.executable, "-m", "infra.one_machine", *arguments, "--json", "--data-dir", str(folder)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=400, check=False)
    return Said(done.returncode, json.loads(done.stdout.splitlines()[-1]), done.stderr)
