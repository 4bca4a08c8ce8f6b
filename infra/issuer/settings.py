"""Settings of the issuer, from the environment."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from infra.issuer.clients import Clients

ALLOWED = frozenset({"demo", "test"})


class RefusedToStart(Exception):  # reads as what happened
    """The issuer may not run here, or is told too little."""


@dataclass(frozen=True)
class Settings:
    """Where the issuer lives and whom it knows.

    `url` is the issuer's name in tokens and the address for services; `browser_url` is its address for browsers, where
    that differs (containers). `clients` gives the SHA-256 of each client's secrets in hexadecimal. Browsers may be sent
    to `redirect_uris` after a login and to `logged_out_uris` after a logout; logout tokens go to `backchannel_uris`.
    `register_url` is the service that keeps the register of assignments, empty where there is none; `today` the
    business date where it is set by hand.
    """

    url: str
    browser_url: str
    port: int
    bind: str
    keys: Path
    clients: Mapping[str, tuple[str, ...]] = field(repr=False)
    redirect_uris: Mapping[str, tuple[str, ...]]
    logged_out_uris: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    backchannel_uris: Mapping[str, str] = field(default_factory=dict)
    register_url: str = ""
    today: str = ""


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    Raises:
        RefusedToStart: in production, where KURASHI_ENV is not set, or where a setting is missing.
    """
    if environment.get("KURASHI_ENV") not in ALLOWED:
        raise RefusedToStart("the development issuer runs only where KURASHI_ENV is demo or test")
    try:
        secrets = Path(environment["KURASHI_SECRETS_DIR"])
        url = environment["KURASHI_ISSUER_URL"].rstrip("/")
        redirects = json.loads(environment["KURASHI_REDIRECT_URIS"])
        clients = Clients(secrets / "clients.json")
    except KeyError as missing:
        raise RefusedToStart(f"{missing.args[0]} is not set") from missing
    except OSError as missing:
        raise RefusedToStart(f"no register of clients: {missing}") from missing
    return Settings(
        url=url,
        browser_url=environment.get("KURASHI_ISSUER_BROWSER_URL", url).rstrip("/"),
        port=int(environment.get("KURASHI_PORT", "8100")),
        bind=environment.get("KURASHI_BIND", "127.0.0.1"),
        keys=Path(environment.get("KURASHI_ISSUER_KEYS_DIR", secrets / "keys")),
        clients=clients,
        redirect_uris=_addresses(redirects),
        logged_out_uris=_addresses(json.loads(environment.get("KURASHI_LOGGED_OUT_URIS", "{}"))),
        backchannel_uris=json.loads(environment.get("KURASHI_BACKCHANNEL_LOGOUT_URIS", "{}")),
        register_url=environment.get("KURASHI_REGISTER_URL", ""),
        today=environment.get("KURASHI_TODAY", ""),
    )


def _addresses(addresses: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {client: tuple(uris) for client, uris in addresses.items()}
