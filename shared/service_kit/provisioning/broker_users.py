"""Who may do what at the broker (Redis, Valkey): each service has a user of its own.

It reaches its own queues and those of its subscribers, by the commands that queues need.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Final

from shared.service_kit.catalog import Catalog

OPERATOR: Final = "operator"
"""The user that may do everything: for the machine that runs the broker, never for a service."""
COMMANDS: Final = (
    *("auth", "hello", "ping", "select"),
    *("llen", "lpush", "rpush", "rpop", "brpop", "del", "exists"),
    *("sadd", "srem", "smembers"),
    *("multi", "exec", "discard", "watch", "unwatch"),
)
"""What queues need: no script, no look at names or settings, nothing for administrators."""


def users(catalog: Catalog, passwords: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of a configuration that let in each service, and `operator` if it has a password.

    Args:
        passwords: by user; the lines hold their SHA-256.
    """
    yield "user default off"
    for user, password in passwords.items():
        proof = f"#{sha256(password.encode()).hexdigest()}"
        if user == OPERATOR:
            yield f"user {user} on {proof} ~* &* +@all"
        else:
            keys = " ".join(f"~{key}" for key in _keys(catalog, user))
            yield f"user {user} on {proof} resetchannels {keys} -@all {' '.join(f'+{command}' for command in COMMANDS)}"


def _keys(catalog: Catalog, service: str) -> list[str]:
    """Its own queues and subscriptions, the binding of its tasks, and the queues that it fills."""
    filled = [
        f"{subscriber}.{service}.{stream}"
        for stream in catalog.services[service]["streams"]
        for subscriber in catalog.subscribers(service, stream)
    ]
    bindings = (f"_kombu.{kind}.{service}.*" for kind in ("binding", "binding_permanent"))
    return [f"{service}.*", *bindings, *(f"{queue}*" for queue in filled)]
