"""The project's compose file, brought up under a name of its own and taken away with all that it made."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST_SECONDS = 1200


def left_out() -> str | None:
    """Why the containers cannot be run here, None where they can."""
    if shutil.which("docker") is None:
        return "there is no container engine: docker is not installed"
    engine = subprocess.run(["docker", "info"], capture_output=True, timeout=60, check=False)
    if engine.returncode != 0:
        return "there is no container engine: docker info does not answer"
    return None if _command() else "neither docker-compose nor docker compose is installed"


class Compose:
    """docker-compose on this project's file."""

    def __init__(self, project: str, **settings: str) -> None:
        self._words = [*_command(), "--project-name", project, "--file", str(ROOT / "docker-compose.yml")]
        self._environment = {**os.environ, "DOCKER_BUILDKIT": "0", **settings}

    def __call__(self, *words: str) -> str:
        """What a command prints; where it fails, all of it is in the failure."""
        done = subprocess.run(
            [*self._words, *words],
            env=self._environment,
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=LONGEST_SECONDS,
            check=False,
        )
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout[-6000:]}")
        return done.stdout

    def tails(self) -> str:
        """The last words of every container."""
        return self("logs", "--no-color", "--tail=15")


def _command() -> Sequence[str]:
    if shutil.which("docker-compose"):
        return ["docker-compose"]
    plugin = subprocess.run(["docker", "compose", "version"], capture_output=True, timeout=60, check=False)
    return ["docker", "compose"] if plugin.returncode == 0 else []
