"""Files that were handed in (取込): what is in them, how they differ from what holds, and their approval."""

from functools import partial
from typing import Final
from uuid import UUID

from services.ui_gateway.clients.deciding import DECIDING
from services.ui_gateway.clients.identity import Approval
from services.ui_gateway.clients.imports import (
    Import,
    approve_import,
    imports,
    one_import,
    propose_remainder,
    withdraw_import,
)
from services.ui_gateway.clients.parallel import ask_all, parted
from services.ui_gateway.forms.fields import Choice
from services.ui_gateway.forms.form import Form
from services.ui_gateway.pages import labels
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages, fresh
from services.ui_gateway.routing.results import ActResult, PageResult
from shared.service_kit.problems import Problem
from shared.service_kit.service_client import ServiceClient

pages = Pages()
IMPORTS: Final = "/imports"
APPROVALS: Final = {**dict.fromkeys(DECIDING, "import.approve"), "payments": "account.approve"}
"""Service → the permission that approves its imports."""
WITHDRAWALS: Final = {**dict.fromkeys(DECIDING, "import.withdraw"), "payments": "account.withdraw"}
"""Service → the permission that takes its imports back."""
READERS: Final = {**dict.fromkeys(DECIDING, "determination.read"), "payments": "account.read"}


def _withdrawal(*reasons: str) -> Form:
    return Form(Choice("reason", "理由", {code: labels.WITHDRAWALS[code] for code in reasons}, required=True))


WITHDRAWAL: Final = _withdrawal(*labels.WITHDRAWALS)
"""The form that takes an import back; the service knows who may give which reason."""
SHOWN_WITHDRAWALS: Final = {True: _withdrawal("returned"), False: _withdrawal("mistake", "facts_changed")}
"""The same as it is drawn, by whether another person than its proposer returns it (差戻し)."""


def read_imports(request: PageRequest) -> dict[str, list[Import] | Problem]:
    """The imports of each service that this person may see, asked at once."""
    services = [service for service, permission in READERS.items() if request.may(permission)]
    return ask_all({service: partial(_imports, request, service) for service in services})


@pages.get(IMPORTS, permission=None)
def show_imports(request: PageRequest) -> PageResult:
    """What waits for an approval, and what was approved."""
    answers = read_imports(request)
    known, away = parted(answers)
    body = {"services": {name: [item.raw() for item in items] for name, items in known.items()}, "away": sorted(away)}
    values = {
        "services": known,
        "away": away,
        "approvals": APPROVALS,
        "taking_back": WITHDRAWALS,
        "withdrawals": SHOWN_WITHDRAWALS,
    }
    return PageResult("imports.html", values, body)


def import_to_approve(request: PageRequest, service: str, import_id: UUID) -> Approval:
    """The import as the sent hash names it."""
    sha256 = request.sent_field("sha256")
    item = one_import(_client_of(request, service), import_id)
    if item.sha256 != sha256:
        raise Problem("content-moved", field="sha256", detail="画面を開き直して、もう一度確認してください")
    return Approval(sha256=[sha256], words=f"取込の決裁({labels.SERVICES[service]} {item.rows:,}行)")


def _approve(request: PageRequest, service: str, import_id: UUID) -> ActResult:
    done = approve_import(_client_of(request, service), import_id, request.sent_field("sha256"), request.key)
    loading = "いま反映しています。" if done.state == "approving" else ""
    return ActResult(IMPORTS, f"取込を決裁しました({labels.SERVICES[service]} {done.rows:,}行)。{loading}", done.raw())


@pages.act(
    "/imports/deciding/<service>/<uuid:import_id>/approval",
    permission="import.approve",
    correlation=fresh,
    confirms=import_to_approve,
)
def approve_households(request: PageRequest, service: str, import_id: UUID) -> ActResult:
    """Approve households and members of one law by their hash."""
    return _approve(request, service, import_id)


@pages.act(
    "/imports/paying/<service>/<uuid:import_id>/approval",
    permission="account.approve",
    correlation=fresh,
    confirms=import_to_approve,
)
def approve_accounts(request: PageRequest, service: str, import_id: UUID) -> ActResult:
    """Approve accounts by their hash."""
    return _approve(request, service, import_id)


@pages.act(
    "/imports/deciding/<service>/<uuid:import_id>/withdrawal",
    permission="import.withdraw",
    correlation=fresh,
    on=show_imports,
)
def withdraw_households(request: PageRequest, service: str, import_id: UUID) -> ActResult:
    """Take back what was handed in of one law, or return it (差戻し)."""
    return _withdraw(request, service, import_id)


@pages.act(
    "/imports/paying/<uuid:import_id>/withdrawal", permission="account.withdraw", correlation=fresh, on=show_imports
)
def withdraw_accounts(request: PageRequest, import_id: UUID) -> ActResult:
    """Take back accounts that were handed in, or return them (差戻し)."""
    return _withdraw(request, "payments", import_id)


def _withdraw(request: PageRequest, service: str, import_id: UUID) -> ActResult:
    reason = request.read(WITHDRAWAL)["reason"]
    done = withdraw_import(_client_of(request, service), import_id, reason, request.key)
    taken_back = labels.TAKEN_BACK[reason == "returned"]
    return ActResult(IMPORTS, f"取込を{taken_back}({labels.SERVICES[service]} {done.rows:,}行)。", done.raw())


@pages.act("/imports/paying/<uuid:import_id>/remainder", permission="account.propose", correlation=fresh)
def propose_left_out(request: PageRequest, import_id: UUID) -> ActResult:
    """Propose the accounts that an import left out, since they were barred to one of its two people."""
    done = propose_remainder(request.client("payments"), import_id, request.key)
    return ActResult(IMPORTS, f"残りの口座を起案しました({done.rows:,}行)。別の人が決裁します。", done.raw())


def _imports(request: PageRequest, service: str) -> list[Import]:
    return imports(request.client(service))


def _client_of(request: PageRequest, service: str) -> ServiceClient:
    if service not in APPROVALS:
        raise Problem("not-found", field="service", detail="この取込はありません")
    return request.client(service)
