"""Files that were handed in (取込): what is in them, how they differ from what holds, and their approval."""

from functools import partial
from typing import Final
from uuid import UUID

from services.ui_gateway.clients.identity import Approval
from services.ui_gateway.clients.imports import (
    Import,
    approve_import,
    imports,
    one_import,
    propose_remainder,
    withdraw_import,
)
from services.ui_gateway.clients.rooms import DECIDING
from services.ui_gateway.clients.side_by_side import ask_all
from services.ui_gateway.pages import words
from services.ui_gateway.pages.door import Pages, fresh
from services.ui_gateway.pages.replies import Done, Shown
from services.ui_gateway.pages.visit import Visit
from shared.service_kit.problems import Problem
from shared.service_kit.service_client import Peer

pages = Pages()
IMPORTS: Final = "/imports"
APPROVALS: Final = {**dict.fromkeys(DECIDING, "import.approve"), "payments": "account.approve"}
"""Service → the permission that approves its imports."""
WITHDRAWALS: Final = {**dict.fromkeys(DECIDING, "import.withdraw"), "payments": "account.withdraw"}
"""Service → the permission that takes its imports back."""
READERS: Final = {**dict.fromkeys(DECIDING, "determination.read"), "payments": "account.read"}


def read_imports(visit: Visit) -> dict[str, list[Import] | Problem]:
    """The imports of each service that this person may see, asked at once."""
    services = [service for service, permission in READERS.items() if visit.may(permission)]
    return ask_all({service: partial(_imports, visit, service) for service in services})


@pages.get(IMPORTS)
def show_imports(visit: Visit) -> Shown:
    """What waits for an approval, and what was approved."""
    told = read_imports(visit)
    known = {service: items for service, items in told.items() if not isinstance(items, Problem)}
    away = {service: problem for service, problem in told.items() if isinstance(problem, Problem)}
    body = {"services": {name: [one.raw() for one in items] for name, items in known.items()}, "away": sorted(away)}
    return Shown(
        "imports.html", {"services": known, "away": away, "approvals": APPROVALS, "taking_back": WITHDRAWALS}, body
    )


def import_to_approve(visit: Visit, service: str, import_id: UUID) -> Approval:
    """The import as the sent hash names it."""
    sha256 = visit.sent_field("sha256")
    found = one_import(_room(visit, service), import_id)
    if found.sha256 != sha256:
        raise Problem("content-moved", field="sha256", detail="画面を開き直して、もう一度確認してください")
    return Approval(sha256=[sha256], words=f"取込の決裁({words.ROOMS[service]} {found.rows:,}行)")


def _approve(visit: Visit, service: str, import_id: UUID) -> Done:
    done = approve_import(_room(visit, service), import_id, visit.sent_field("sha256"), visit.key)
    loading = "いま反映しています。" if done.state == "approving" else ""
    return Done(IMPORTS, f"取込を決裁しました({words.ROOMS[service]} {done.rows:,}行)。{loading}", done.raw())


@pages.act(
    "/imports/deciding/<service>/<uuid:import_id>/approval",
    permission="import.approve",
    correlation=fresh,
    confirms=import_to_approve,
)
def approve_households(visit: Visit, service: str, import_id: UUID) -> Done:
    """Approve households and members of one law by their hash."""
    return _approve(visit, service, import_id)


@pages.act(
    "/imports/paying/<service>/<uuid:import_id>/approval",
    permission="account.approve",
    correlation=fresh,
    confirms=import_to_approve,
)
def approve_accounts(visit: Visit, service: str, import_id: UUID) -> Done:
    """Approve accounts by their hash."""
    return _approve(visit, service, import_id)


@pages.act("/imports/deciding/<service>/<uuid:import_id>/withdrawal", permission="import.withdraw", correlation=fresh)
def withdraw_households(visit: Visit, service: str, import_id: UUID) -> Done:
    """Take back what was handed in of one law, or return it (差戻し)."""
    return _withdraw(visit, service, import_id)


@pages.act("/imports/paying/<uuid:import_id>/withdrawal", permission="account.withdraw", correlation=fresh)
def withdraw_accounts(visit: Visit, import_id: UUID) -> Done:
    """Take back accounts that were handed in, or return them (差戻し)."""
    return _withdraw(visit, "payments", import_id)


def _withdraw(visit: Visit, service: str, import_id: UUID) -> Done:
    reason = visit.sent_field("reason", choices=frozenset(words.WITHDRAWALS))
    done = withdraw_import(_room(visit, service), import_id, reason, visit.key)
    taken_back = words.TAKEN_BACK[reason == "returned"]
    return Done(IMPORTS, f"取込を{taken_back}({words.ROOMS[service]} {done.rows:,}行)。", done.raw())


@pages.act("/imports/paying/<uuid:import_id>/remainder", permission="account.propose", correlation=fresh)
def propose_left_out(visit: Visit, import_id: UUID) -> Done:
    """Propose the accounts that an import left out, since they were barred to one of its two people."""
    done = propose_remainder(visit.room("payments"), import_id, visit.key)
    return Done(IMPORTS, f"残りの口座を起案しました({done.rows:,}行)。別の人が決裁します。", done.raw())


def _imports(visit: Visit, service: str) -> list[Import]:
    return imports(visit.room(service))


def _room(visit: Visit, service: str) -> Peer:
    if service not in APPROVALS:
        raise Problem("not-found", field="service", detail="この取込はありません")
    return visit.room(service)
