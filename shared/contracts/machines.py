"""Which machine may ask which service for what: client → audience → permissions. The identity provider gives no more.

In tokens a permission is a scope ``業務ID:resource:operation`` (共通機能標準仕様書, 庁内データ連携), here
``kurashi:events:read`` for ``events.read``; an office writes its own 業務ID into the provider.
"""

from typing import Final

from shared.contracts.permissions import PERMISSIONS, SERVICE

BUSINESS: Final = "kurashi"
_SERVICES: Final = ("case_management", "support_benefits", "payments", "audit_logging", "ui_gateway")
_FOR_MACHINES: Final = frozenset(name for name, roles in PERMISSIONS.items() if SERVICE in roles)


def _everywhere(*permissions: str) -> dict[str, frozenset[str]]:
    return dict.fromkeys(_SERVICES, frozenset(permissions))


MACHINES: Final[dict[str, dict[str, frozenset[str]]]] = {
    "case_management": {"payments": frozenset({"events.read"})},
    "support_benefits": {"payments": frozenset({"events.read"})},
    "payments": {
        "case_management": frozenset({"events.read", "figures.read"}),
        "support_benefits": frozenset({"events.read", "figures.read"}),
    },
    "audit_logging": _everywhere("events.read"),
    "ui_gateway": {
        "case_management": frozenset({"figures.read"}),
        "support_benefits": frozenset({"figures.read"}),
        "payments": frozenset({"figures.read"}),
        "audit_logging": frozenset({"log.read"}),
    },
    "issuer": {"case_management": frozenset({"assignment.read"})},
    "one_machine": dict.fromkeys(_SERVICES, _FOR_MACHINES),
}


def scope(permission: str) -> str:
    """The scope that stands for ``permission`` in a machine's token."""
    return f"{BUSINESS}:{permission.replace('.', ':')}"
