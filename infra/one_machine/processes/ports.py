"""Free TCP ports of 127.0.0.1, kept until the children that were promised them listen there.

On Linux the parent keeps each port bound without listening: a child that sets SO_REUSEADDR, as every server here does,
may listen there, while no other program is given the port. The ports of the last run are taken again where they are
free, so that an address somebody noted stays true.
"""

import json
import socket
import sys
from collections.abc import Iterable
from pathlib import Path


class Ports:
    """The ports of one run by the name of their use."""

    def __init__(self, memory: Path, names: Iterable[str]) -> None:
        self._held: list[socket.socket] = []
        former = _recall(memory)
        self.by_name = {name: self._take(former.get(name, 0)) for name in names}
        memory.write_text(json.dumps(self.by_name))

    def __getitem__(self, name: str) -> int:
        return self.by_name[name]

    def _take(self, preferred: int) -> int:
        kept = _bind(preferred) or _bind(0)
        if kept is None:
            raise OSError("no TCP port of 127.0.0.1 is free")
        self._held.append(kept)
        return int(kept.getsockname()[1])

    def hand_over(self) -> None:
        """Let go of the ports where the system does not let a child listen on a port that its parent holds."""
        if sys.platform != "linux":
            self.release()

    def release(self) -> None:
        """Let go of all ports."""
        for kept in self._held:
            kept.close()
        self._held.clear()


def _bind(port: int) -> socket.socket | None:
    """Bind without SO_REUSEADDR, so that a port of another run is refused, then allow the child to join."""
    kept = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        kept.bind(("127.0.0.1", port))
    except OSError:
        kept.close()
        return None
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return kept


def _recall(memory: Path) -> dict[str, int]:
    try:
        noted = json.loads(memory.read_text())
    except (OSError, ValueError):
        return {}
    return {name: port for name, port in noted.items() if isinstance(port, int)} if isinstance(noted, dict) else {}
