"""The issuer's signing keys: the newest signs, all are published, so that a new one can be laid beside the old."""

from pathlib import Path
from typing import Any

from joserfc.jwk import KeySet, OKPKey

ALGORITHM = "Ed25519"


class SigningKeys:
    """The keys of a folder, `<name>.pem`; the last by name signs."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not any(folder.glob("*.pem")):
            _write(folder / "0001.pem", OKPKey.generate_key("Ed25519").as_pem(private=True))
        self._keys = [_load(path) for path in sorted(folder.glob("*.pem"))]

    @property
    def signing(self) -> OKPKey:
        """The key that signs new tokens."""
        return self._keys[-1]

    @property
    def all(self) -> KeySet:
        """All keys whose tokens are accepted."""
        return KeySet(list(self._keys))

    def published(self) -> dict[str, Any]:
        """Return the JWKS: public halves alone."""
        return {"keys": [key.as_dict(private=False) for key in self._keys]}


def _load(path: Path) -> OKPKey:
    key = OKPKey.import_key(path.read_bytes(), parameters={"use": "sig", "alg": ALGORITHM})
    key.ensure_kid()
    return key


def _write(path: Path, pem: bytes) -> None:
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    new.touch(0o600)
    new.write_bytes(pem)
    new.rename(path)
