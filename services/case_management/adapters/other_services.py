"""What the other services list of a day for the export of access, asked over HTTP in the caller's name."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from services.case_management.adapters.access_export import EmergencyRow, RestrictionRow
from shared.service_kit.identity.access_tokens import Caller, exchange
from shared.service_kit.runtime import Runtime

_OTHERS: Final[tuple[str, ...]] = ("support_benefits", "payments")
_ALSO_DECIDES: Final[str] = "support_benefits"


@dataclass(frozen=True)
class OtherServices:
    """Emergencies and restrictions by service, of those whose address this one knows."""

    emergencies: dict[str, list[EmergencyRow]]
    restrictions: dict[str, list[RestrictionRow]]


def ask_other_services(
    runtime: Runtime, caller: Caller | None, on: date, first: datetime, last: datetime
) -> OtherServices:
    """The emergencies between two instants and the restrictions of a day, of every other service; needs no database.

    Raises:
        Problem: unavailable where one does not answer.
    """
    known = runtime.settings.peers
    span = {"first": first.isoformat(), "last": last.isoformat()}
    emergencies = {
        name: [EmergencyRow.model_validate({"service": name, **use}) for use in uses]
        for name in _OTHERS
        if name in known
        for uses in [_ask(runtime, caller, name, "/break-glass", span)]
    }
    restrictions: dict[str, list[RestrictionRow]] = {}
    if _ALSO_DECIDES in known and may_see_restrictions(runtime, caller):
        rows = _ask(runtime, caller, _ALSO_DECIDES, "/restrictions", {"on": on.isoformat()})
        restrictions[_ALSO_DECIDES] = [RestrictionRow.model_validate({"service": _ALSO_DECIDES, **row}) for row in rows]
    return OtherServices(emergencies, restrictions)


def may_see_restrictions(runtime: Runtime, caller: Caller | None) -> bool:
    """Whether restrictions are the caller's to see."""
    return caller is not None and caller.may("restriction.audit", runtime.permissions)


def _ask(runtime: Runtime, caller: Caller | None, name: str, path: str, query: dict[str, str]) -> list[dict[str, Any]]:
    if caller is None:
        return []
    token = exchange(runtime.settings, runtime.name, caller.token, name)
    items: list[dict[str, Any]] = runtime.clients.client(name, token).get(path, query)["items"]
    return items
