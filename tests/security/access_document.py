"""The tables of docs/security/access.md, from the matrix and the routes themselves.

Write them again after a change: `PYTHONPATH=. .venv/bin/python -m tests.security.access_document`.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from shared.contracts.permissions import DUTIES, PERMISSIONS, ROLES, SHIELDED
from shared.contracts.purposes import PURPOSES
from tests.architecture.test_walls import ROOT, SERVICES, declared

DOCUMENT = ROOT / "docs" / "security" / "access.md"
_PART = re.compile(r"(<!-- (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def rewritten(text: str) -> str:
    """The document with its tables as they have to be."""
    tables = {"duties": _duties, "roles": _roles, "permissions": _permissions, "purposes": _purposes}
    return _PART.sub(lambda part: f"{part[1]}\n" + "\n".join(tables[part[2]]()) + f"\n\n{part[3]}", text)


def _duties() -> Iterator[str]:
    yield "| duty | roles |"
    yield "|---|---|"
    for duty, roles in DUTIES.items():
        yield f"| {duty} | {', '.join(f'`{role}`' for role in sorted(roles))} |"


def _roles() -> Iterator[str]:
    yield "| role | the whole office | the own districts | the own cases | the own programmes |"
    yield "|---|---|---|---|---|"
    for role in sorted(ROLES):
        cells = [
            [name for name, granted in PERMISSIONS.items() if granted.get(role) == scope]
            for scope in ("office", "district", "own", "programme")
        ]
        yield f"| `{role}` | {' | '.join(', '.join(names) for names in cells)} |"


def _permissions() -> Iterator[str]:
    routes: dict[str, set[str]] = {}
    approvals = set()
    for service in SERVICES:
        for each in declared(service).all_routes():
            for route in each.routes:
                routes.setdefault(str(route.permission), set()).add(f"`{route.method} {route.path}`")
                approvals |= {str(route.permission)} if route.approval else set()
    yield "| permission | roles | routes |"
    yield "|---|---|---|"
    for name, granted in PERMISSIONS.items():
        roles = ", ".join(role if scope == "office" else f"{role} ({scope})" for role, scope in granted.items())
        told = ", ".join(sorted(routes.get(name, ()))) or ("with the route's own" if name == SHIELDED else "none yet")
        yield f"| {name}{' ✔' if name in approvals else ''} | {roles} | {told} |"


def _purposes() -> Iterator[str]:
    yield "| permission | role | purposes |"
    yield "|---|---|---|"
    for permission, of_roles in PURPOSES.items():
        for role, purposes in of_roles.items():
            yield f"| {permission} | `{role}` | {', '.join(sorted(purposes))} |"


if __name__ == "__main__":
    Path(DOCUMENT).write_text(rewritten(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
