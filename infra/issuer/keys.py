"""The issuer's signing keys, changed without a gap: a new key is published before it signs, an old one stays until its
tokens are dead.

`python -m infra.issuer.keys FOLDER` lays a new key beside the others and takes away those that are dead; a running
issuer reads the folder again by itself.
"""

import itertools
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from joserfc.jwk import KeySet, OKPKey

ALGORITHM = "Ed25519"
SIGNS_AFTER_SECONDS = 60
"""A service asks for an unknown key at most every ten seconds: by then each has met the new one."""
DEAD_AFTER_SECONDS = 10 * 60
"""The longest a token lives (five minutes), and as much again for clocks."""
READ_AGAIN_SECONDS = 1.0


class SigningKeys:
    """The keys of a folder, `<number>.pem`: the newest that has been published long enough signs."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._folder, self._clock = folder, clock
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._seen: tuple[tuple[str, int], ...] = ()
        self._keys: list[tuple[float, OKPKey]] = []
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not any(folder.glob("*.pem")):
            add_key(folder)

    @property
    def signing(self) -> OKPKey:
        """The key that signs new tokens."""
        keys, now = self._current(), self._clock()
        ready = [key for made, key in keys if made + SIGNS_AFTER_SECONDS <= now]
        return ready[-1] if ready else keys[0][1]

    @property
    def all(self) -> KeySet:
        """All keys whose tokens are accepted."""
        return KeySet([key for _, key in self._current()])

    def published(self) -> dict[str, Any]:
        """Return the JWKS: public halves alone."""
        return {"keys": [key.as_dict(private=False) for _, key in self._current()]}

    def _current(self) -> list[tuple[float, OKPKey]]:
        """The keys, oldest first, each with the second in which it was laid down."""
        with self._lock:
            if time.monotonic() - self._read_at > READ_AGAIN_SECONDS:
                paths = sorted(self._folder.glob("*.pem"))
                seen = tuple((path.name, path.stat().st_mtime_ns) for path in paths)
                if paths and seen != self._seen:
                    self._keys = [(path.stat().st_mtime, _load(path)) for path in paths]
                    self._seen = seen
                self._read_at = time.monotonic()
            return self._keys


def add_key(folder: Path) -> Path:
    """Lay a new key beside the others; it signs a minute from now, at once where it is the only one."""
    numbers = [int(path.stem) for path in folder.glob("*.pem") if path.stem.isdecimal()]
    path = folder / f"{max(numbers, default=0) + 1:04d}.pem"
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    new.touch(0o600)
    new.write_bytes(OKPKey.generate_key("Ed25519").as_pem(private=True))
    new.rename(path)
    return path


def remove_dead_keys(folder: Path, now: float) -> list[Path]:
    """Take away each key whose successor has signed so long that no token of the old one lives."""
    paths = sorted(folder.glob("*.pem"))
    longest = SIGNS_AFTER_SECONDS + DEAD_AFTER_SECONDS
    dead = [old for old, new in itertools.pairwise(paths) if new.stat().st_mtime + longest < now]
    for path in dead:
        path.unlink()
    return dead


def _load(path: Path) -> OKPKey:
    key = OKPKey.import_key(path.read_bytes(), parameters={"use": "sig", "alg": ALGORITHM})
    key.ensure_kid()
    return key


def main(arguments: Sequence[str]) -> int:
    """Change the key of a folder."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        sys.stderr.write("usage: python -m infra.issuer.keys FOLDER\n")
        return 2
    folder = Path(arguments[0])
    dead = remove_dead_keys(folder, time.time())
    print(f"new key {add_key(folder).stem}; taken away: {', '.join(path.stem for path in dead) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
