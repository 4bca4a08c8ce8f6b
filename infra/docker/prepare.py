"""Prepares the volumes of the office's containers: `passwords` before the servers start, `provision` once they answer.

Each service's secrets are a volume of their own, mounted here at `/secrets/<service>` and in that service at
`/secrets`, so that no service sees another's. What is there stays: a second run finds the same passwords and keys.
"""

import argparse
import os
import secrets
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

from shared.service_kit.catalog import Catalog
from shared.service_kit.provisioning.broker_users import OPERATOR
from shared.service_kit.provisioning.broker_users import users as broker_users
from shared.service_kit.provisioning.key_files import EXTRA_CLIENTS
from shared.service_kit.provisioning.provision import provision

CATALOG = Path(__file__).resolve().parents[2] / "catalog.toml"
READABLE_BY_THE_SERVER, OURS_ALONE = 0o644, 0o600
"""A server's user is not ours: its files are readable, and the volume that only it and we mount is the wall."""


def services() -> list[str]:
    """The services of `catalog.toml`."""
    return list(tomllib.loads(CATALOG.read_text(encoding="utf-8"))["services"])


def folders(root: Path) -> None:
    """Make the folder of each volume, so that a new volume takes over its owner and mode."""
    ours = [*services(), *EXTRA_CLIENTS, "issuer", *(f"{service}_owner" for service in services())]
    for name, mode in [*((name, 0o700) for name in ours), *((name, 0o755) for name in ("public", "postgres", "redis"))]:
        (root / name).mkdir(parents=True, exist_ok=True)
        (root / name).chmod(mode)


def passwords(root: Path) -> None:
    """Make the superuser's password of PostgreSQL and those of the broker's users, where they are missing."""
    superuser = kept(root / "postgres" / "password", lambda: secrets.token_urlsafe(32), READABLE_BY_THE_SERVER)
    kept(root / "pgpass", lambda: f"*:*:*:postgres:{superuser}\n", OURS_ALONE)
    known = {
        user: kept(_broker_password(root, user), lambda: secrets.token_urlsafe(32), OURS_ALONE) for user in users()
    }
    lines = broker_users(Catalog.load(CATALOG), known)
    written(root / "redis" / "redis.conf", "".join(f"{line}\n" for line in lines), READABLE_BY_THE_SERVER)


def users() -> list[str]:
    """The users of the broker: each service, and who looks after it."""
    return [*services(), OPERATOR]


def prepare_services(root: Path, database: str, broker: str) -> None:
    """Make databases, roles and keys, and tell each service how to reach the broker.

    Args:
        database, broker: host names of PostgreSQL and Redis as the services see them.
    """
    admin = f"postgresql://postgres@{database}:5432/postgres?passfile={root / 'pgpass'}"
    provision(admin, root, services(), database, 5432)
    for service in services():
        password = _broker_password(root, service).read_text(encoding="utf-8")
        written(root / service / "kurashi_broker_url", f"redis://{service}:{password}@{broker}:6379/0", OURS_ALONE)


def kept(path: Path, make: Callable[[], str], mode: int) -> str:
    """Return a file's text; it is made, never half, where it is missing."""
    if not path.exists():
        written(path, make(), mode)
    return path.read_text(encoding="utf-8")


def written(path: Path, text: str, mode: int) -> None:
    """Write a file, never half."""
    part = path.with_name(f".{path.name}.part")
    part.touch()
    part.chmod(mode)
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _broker_password(root: Path, user: str) -> Path:
    return root / f"broker_{user}_password"


def main(argv: Sequence[str] | None = None) -> None:
    """The command line of the provision container."""
    parser = argparse.ArgumentParser(prog="python -m infra.docker.prepare")
    parser.add_argument("step", choices=["folders", "passwords", "provision"])
    parser.add_argument("--database", default="postgres")
    parser.add_argument("--broker", default="redis")
    args = parser.parse_args(argv)
    root = Path(os.environ["KURASHI_SECRETS_DIR"])
    if args.step == "folders":
        folders(root)
    elif args.step == "passwords":
        passwords(root)
    else:
        prepare_services(root, args.database, args.broker)


if __name__ == "__main__":
    main()
