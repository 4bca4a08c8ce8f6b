"""Record a detail of a person (本人情報の記録): where they live, how they are reached, which papers they hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from services.case_management.adapters.merging.merged import refuse_merged
from services.case_management.adapters.person_details import details_of_person, write_detail
from services.case_management.adapters.residents import newest_entry
from services.case_management.domain.person_details import KINDS, Detail
from shared.contracts.codes import DetailFact, DetailKind, ResidentReason
from shared.contracts.facts.case_management import DetailRecorded
from shared.service_kit.database.locks import declare
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

_DETAILS = declare("person_details")
"""One for all persons: details are committed in the order of their numbers, in which they are read on."""


@dataclass(frozen=True, slots=True)
class EnteredDetail:
    """A detail as it was entered; with `corrects` it takes the place of that one."""

    fact: DetailFact
    kind: DetailKind
    valid_from: date | None
    valid_to: date | None
    expires_on: date | None
    protected: bool
    content: Mapping[str, Any]
    corrects: UUID | None
    reason: ResidentReason


def record_detail(work: UnitOfWork, person_no: str, entered: EnteredDetail) -> UUID:
    """Record a detail and return its id; what was known before stays on record.

    A detail stays with the number under which it was recorded: it is corrected there, also once that number was merged.

    Raises:
        Problem: not-found where the person is not on the register, or there is nothing to correct; invalid-input;
            wrong-state where the number was merged; changed-meanwhile where what is corrected was corrected already.
    """
    _check(entered)
    if newest_entry(work, person_no) is None:
        raise Problem("not-found", field="person_no")
    if entered.corrects is None:
        refuse_merged(work, person_no)
    _DETAILS.hold(work.connection)
    if entered.corrects is not None:
        _refuse_correction(work, person_no, entered)
    detail = Detail(
        detail_id=uuid4(),
        person_no=person_no,
        recorded_by=work.actor,
        recorded_at=work.clock.now(),
        **{name: getattr(entered, name) for name in EnteredDetail.__dataclass_fields__},
    )
    write_detail(work, detail)
    days = {"from": detail.valid_from, "to": detail.valid_to}
    codes = {name: getattr(detail, name) for name in ("fact", "kind", "expires_on", "protected", "corrects")}
    work.fact(DetailRecorded(detail_id=detail.detail_id, **codes, **days), subject=f"person:{person_no}")
    return detail.detail_id


def _refuse_correction(work: UnitOfWork, person_no: str, entered: EnteredDetail) -> None:
    known = details_of_person(work, person_no)
    named = [detail for detail in known if (detail.detail_id, detail.fact) == (entered.corrects, entered.fact)]
    if not named:
        raise Problem("not-found", field="corrects", detail="訂正する記録がありません")
    if later := [detail for detail in known if detail.corrects == entered.corrects]:
        extra = {"detail_id": str(later[0].detail_id), "recorded_by": later[0].recorded_by}
        detail = "この記録は、開いた後に訂正されました。最新の内容を確認してください"
        raise Problem("changed-meanwhile", field="corrects", detail=detail, extra=extra)


def _check(entered: EnteredDetail) -> None:
    if entered.kind not in KINDS[entered.fact]:
        raise Problem("invalid-input", field="kind", detail="この記録の種類から選んでください")
    if entered.valid_from and entered.valid_to and entered.valid_to < entered.valid_from:
        raise Problem("invalid-input", field="to", detail="終わりの日が始まりの日より前です")
    if entered.expires_on and entered.fact != "certificate":
        raise Problem("invalid-input", field="expires_on", detail="有効期限は手帳・証の記録だけに入力できます")
    if entered.protected and entered.fact not in ("address", "contact"):
        raise Problem("invalid-input", field="protected", detail="秘匿は住所と連絡先だけに付けられます")
