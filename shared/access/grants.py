"""What the roles of a person reach: districts, programmes, and whose own cases count too (代行)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.service_kit.identity.access_tokens import Caller, Matrix, texts_of


@dataclass(frozen=True)
class Charge:
    """One role and what it reaches: districts (地区), programmes (事業), and whose own cases count too (代行)."""

    role: str
    districts: frozenset[str] = frozenset()
    programmes: frozenset[str] = frozenset()
    stands_in_for: frozenset[str] = frozenset()

    @classmethod
    def of(cls, role: str, claims: Mapping[str, Any]) -> "Charge":
        """A role with what the provider tells of it, or of all the caller's roles as one."""
        return cls(role, *(texts_of(claims.get(name)) for name in ("districts", "programmes", "stands_in_for")))


@dataclass(frozen=True)
class Grant:
    """A permission as one role gives it: the scope of the matrix, and what the role reaches."""

    scope: str
    charge: Charge


def charges_of(caller: Caller) -> list[Charge]:
    """Return the caller's roles, each with what it reaches; a role of which the token says nothing reaches nothing."""
    charges = caller.claims.get("charges")
    if not isinstance(charges, list):
        return [Charge.of(role, caller.claims) for role in sorted(caller.roles)]
    parts = [part for part in charges if isinstance(part, dict) and str(part.get("role")) in caller.roles]
    bare = sorted(caller.roles - {str(part["role"]) for part in parts})
    return [Charge.of(str(part["role"]), part) for part in parts] + [Charge(role) for role in bare]


def grants_of(caller: Caller, permission: str, permissions: Matrix) -> list[Grant]:
    """Return in which scopes, and as whom, the caller has the permission: one grant for each role that gives it."""
    if not caller.may(permission, permissions):
        return []
    scopes = permissions[permission]
    return [Grant(scopes[charge.role], charge) for charge in charges_of(caller) if charge.role in scopes]
