"""An office in a process of its own, whose parent a campaign can kill: `python -m tests.faults.host DATA_DIR DAY`.

It prints one line of JSON when it is ready, answers the name of a process on standard input with its id and what it
runs, and stops when standard input ends: an office never outlives its campaign.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import IO, Any

from infra.one_machine.folders import PROJECT, folders
from infra.one_machine.processes.office import Office, running_office
from infra.one_machine.processes.stack import Stack
from infra.one_machine.signals import take_signals

STOP_SECONDS = 120.0
"""How long the end of an office is waited for, on a busy machine too."""


class Host:
    """The process that holds an office, from `start` to `stop` or `kill`."""

    def __init__(self, data_dir: Path, today: date, environment: Mapping[str, str]) -> None:
        self.folder = data_dir
        self._today, self._environment = today, environment
        self._process: subprocess.Popen[str] | None = None
        self.office: Office
        self.admin_url = self.broker_url = ""
        self.names: list[str] = []

    def start(self) -> None:
        """Start it and wait until the office is ready."""
        words = [sys.executable, "-m", "tests.faults.host", str(self.folder), self._today.isoformat()]
        environment = {**os.environ, **self._environment, "PYTHONPATH": str(PROJECT)}
        with (self.folder / "host.log").open("a") as log:
            self._process = subprocess.Popen(
                words, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
            )
        ready = self._read()
        self.admin_url, self.broker_url, self.names = ready["admin_url"], ready["broker_url"], ready["names"]
        office = running_office(folders(self.folder))
        if office is None:
            raise RuntimeError("the office is ready, and has no note of its addresses")
        self.office = office

    def pid(self, name: str) -> int:
        """The id of one of its processes as it runs now."""
        return int(self._ask(name)["pid"])

    def another(self, name: str) -> subprocess.Popen[bytes]:
        """Start a second worker of a service beside the one that runs, without its port."""
        told = self._ask(name)
        environment = {key: value for key, value in told["environment"].items() if key != "KURASHI_WORKER_PORT"}
        none = subprocess.DEVNULL
        words = [sys.executable, "-m", *told["command"]]
        return subprocess.Popen(words, env=environment, cwd=PROJECT, stdin=none, stdout=none, stderr=none)

    def _ask(self, name: str) -> dict[str, Any]:
        self._pipe("stdin").write(f"{name}\n")
        self._pipe("stdin").flush()
        return self._read()

    def kill(self) -> None:
        """Kill the parent of all processes, and start it again."""
        self._end(signal.SIGKILL)
        self.start()

    def stop(self) -> None:
        """Stop the office and wait for its end."""
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            with self._process as process:  # closes its pipes
                process.send_signal(number)
                try:
                    process.wait(STOP_SECONDS)
                finally:
                    process.kill()
            self._process = None

    def _read(self) -> dict[str, Any]:
        line = self._pipe("stdout").readline()
        if not line:
            raise RuntimeError(f"the office of {self.folder} ended: {(self.folder / 'host.log').read_text()[-1500:]}")
        return dict(json.loads(line))

    def _pipe(self, name: str) -> IO[str]:
        pipe: IO[str] | None = getattr(self._process, name, None)
        if pipe is None:
            raise RuntimeError("the office was not started")
        return pipe


def main(data_dir: str, today: str) -> None:
    """Hold an office until standard input ends."""
    with Stack(data_dir, today=date.fromisoformat(today)) as stack:
        _tell(admin_url=stack.admin_url, broker_url=stack.broker_url, names=stack.names())
        for line in sys.stdin:
            child = stack.child(line.strip())
            _tell(pid=stack.pid(child.name), command=list(child.command), environment=dict(child.env))


def _tell(**answer: object) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    take_signals()
    with suppress(KeyboardInterrupt):
        main(*sys.argv[1:])
