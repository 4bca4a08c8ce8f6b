"""What waits of merging numbers (名寄せ) in the office, and the history of one number with its acts."""

from typing import Final
from uuid import UUID

from services.ui_gateway.clients.identity import Approval
from services.ui_gateway.clients.merging import merges
from services.ui_gateway.pages import labels
from services.ui_gateway.pages.merging.merge_forms import SHOWN_WITHDRAWALS, UNDOING, WITHDRAWAL
from services.ui_gateway.pages.people.residents import PURPOSE, person_number
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages, fresh
from services.ui_gateway.routing.results import ActResult, PageResult
from shared.service_kit.problems import Problem

pages = Pages()
_OF_ONE: Final = "/residents/<person_no>/merges"
_MERGE: Final = f"{_OF_ONE}/<uuid:merge_id>"


@pages.get("/merges", permission="merge.list")
def show_waiting_merges(request: PageRequest) -> PageResult:
    """Proposals that wait for another person, and pairs on which nobody has decided."""
    waiting = merges.waiting_merges(request.client("case_management"), PURPOSE)
    return PageResult("merging/waiting.html", {"waiting": waiting}, waiting.raw())


@pages.get(_OF_ONE, permission="resident.read")
def show_merges(request: PageRequest, person_no: str) -> PageResult:
    """What was proposed, decided and said about a number."""
    number = person_number(person_no)
    history = merges.merge_history(request.client("case_management"), number, PURPOSE)
    forms = {"undoing": UNDOING, "withdrawals": SHOWN_WITHDRAWALS}
    return PageResult("merging/history.html", {"person_no": number, "history": history, **forms}, history.raw())


def merge_to_approve(request: PageRequest, person_no: str, merge_id: UUID) -> Approval:
    """The proposal as the sent hash names it."""
    sha256 = request.sent_field("sha256")
    history = merges.merge_history(request.client("case_management"), person_number(person_no), PURPOSE)
    named = next((merge for merge in history.merges if (merge.merge_id, merge.sha256) == (merge_id, sha256)), None)
    if named is None:
        raise Problem("content-moved", field="sha256", detail="画面を開き直して、もう一度確認してください")
    goes, stays = named.goes.person_no, named.stays.person_no
    what = f"{goes} と {stays} を別々の番号に戻す" if named.undoes else f"{goes} を {stays} に統合する"
    return Approval(sha256=[sha256], words=f"名寄せの決裁: {what}")


@pages.act(f"{_MERGE}/approval", permission="merge.approve", correlation=fresh, confirms=merge_to_approve)
def approve_merging(request: PageRequest, person_no: str, merge_id: UUID) -> ActResult:
    """Approve a merge, or its undoing, by its hash."""
    number, sha256 = person_number(person_no), request.sent_field("sha256")
    done = merges.approve_merge(request.client("case_management"), number, merge_id, sha256, request.key)
    return ActResult(f"/residents/{number}/merges", "決裁しました。", done.raw())


@pages.act(f"{_MERGE}/withdrawal", permission="merge.withdraw", correlation=fresh, on=show_merges)
def withdraw_merging(request: PageRequest, person_no: str, merge_id: UUID) -> ActResult:
    """Take a proposal back, or return it (差戻し)."""
    number, reason = person_number(person_no), request.read(WITHDRAWAL)["reason"]
    done = merges.withdraw_merge(request.client("case_management"), number, merge_id, reason, request.key)
    return ActResult(f"/residents/{number}/merges", f"起案を{labels.TAKEN_BACK[reason == 'returned']}。", done.raw())


@pages.act(
    f"{_OF_ONE}/distinctions/<uuid:distinction_id>/undoing",
    permission="merge.propose",
    correlation=fresh,
    on=show_merges,
)
def undo_distinction(request: PageRequest, person_no: str, distinction_id: UUID) -> ActResult:
    """Take back that somebody else is another person."""
    number, service = person_number(person_no), request.client("case_management")
    body = request.read(UNDOING).body()
    said = merges.merge_history(service, number, PURPOSE).distinctions
    other = next((each.person_no for each in said if each.distinction_id == distinction_id), None)
    if other is None:
        raise Problem("not-found", field="distinction_id")
    done = merges.distinguish(service, number, {**body, "other": other, "undoes": str(distinction_id)}, request.key)
    message = "別の人であることの記録を取り消しました。この組は、また候補に出ることがあります。"
    return ActResult(f"/residents/{number}/merges", message, done.raw(), 201)


@pages.act(f"{_MERGE}/undoing", permission="merge.propose", correlation=fresh, on=show_merges)
def propose_undoing(request: PageRequest, person_no: str, merge_id: UUID) -> ActResult:
    """Propose that both numbers stand for themselves again."""
    number, body = person_number(person_no), request.read(UNDOING).body()
    done = merges.propose_undoing(request.client("case_management"), number, merge_id, body, request.key)
    message = "名寄せの取消しを起案しました。別の人が決裁するまで、何も変わりません。"
    return ActResult(f"/residents/{number}/merges", message, done.raw(), 201)
