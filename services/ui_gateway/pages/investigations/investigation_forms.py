"""The forms of investigations, relatives and documents; whom and what they are about is chosen from the case."""

from collections.abc import Iterable, Mapping
from typing import Final

from services.ui_gateway.clients.cases import Member
from services.ui_gateway.forms.fields import Choice, Day, Field, File, Kana, Lines, PersonNumber, Text, Yen, YesNo
from services.ui_gateway.forms.form import Form
from services.ui_gateway.forms.postal_fields import addressed
from services.ui_gateway.pages.investigations import investigation_labels as labels
from shared.contracts.between_fields import answer_faults, enquiry_faults, request_entry_faults, request_faults

_WHOM: Final = "だれについて"
_REQUEST: Final[tuple[Field, ...]] = (
    Choice("kind", "調査先の種類", choices=labels.ADDRESSEES, required=True),
    Text("addressee", "調査先の名称", required=True),
    Lines("asked", "照会する内容", required=True),
    Day("sent_on", "依頼日", ahead=False, required=True),
    Day("due_on", "回答期限", required=True),
    Choice("consent", "同意書", choices=labels.CONSENTS, required=True),
)
_CONSENT: Final = "もとづく同意書"
_CONTENT: Final[tuple[Field, ...]] = (
    Choice("relation", "続柄", choices=labels.RELATIVE_RELATIONS, required=True),
    Text("name", "氏名", required=True, into="content.name"),
    Kana("kana", "フリガナ", into="content.kana"),
    *addressed("address", "住所", help="照会書を送る先", into="content.address"),
    Text("telephone", "電話", longest=20, digits=True, into="content.telephone"),
    Lines("remarks", "備考", into="content.remarks"),
)
_FILE: Final = File(
    "name",
    "ファイル",
    help="PDF、PNG、JPEG、TIFF。1つ10MBまで。直すときはもう一度選びます",
    required=True,
    accepts=".pdf,.png,.jpg,.jpeg,.tif,.tiff",
)

REQUEST: Final = Form(
    PersonNumber("person_no", _WHOM), *_REQUEST, Text("consent_id", _CONSENT, longest=36), rule=request_faults
)
_SIGNED: Final = Day("signed_on", "署名の日", required=True)
CONSENT: Final = Form(PersonNumber("person_no", "署名した人", required=True), _SIGNED)
CONSENT_END: Final = Form(Day("withdrawn_on", "撤回の日", required=True))
ENTRY: Final = Form(
    Choice("kind", "何があったか", choices=labels.INVESTIGATION_ENTRIES, required=True),
    Day("happened_on", "いつ", required=True),
    Lines("words", "内容", help="回答の場合は必ず入力します"),
    Choice("reason", "終結の理由", help="終結の場合だけ", choices=labels.INVESTIGATION_CLOSINGS),
    rule=request_entry_faults,
)
RELATIVE: Final = Form(PersonNumber("person_no", _WHOM), *_CONTENT)
CORRECTION: Final = Form(*_CONTENT)
PROPOSAL: Final = Form(
    YesNo("enquire", "照会するか", required=True),
    Choice("reason", "照会しない理由", help="照会しない場合だけ", choices=labels.ENQUIRY_EXCLUSIONS),
    Lines("words", "根拠・説明"),
    rule=enquiry_faults,
)
DECISION: Final = Form(YesNo("agreed", "この起案に同意するか", required=True), Lines("words", "意見"))
LETTER: Final = Form(Day("due_on", "回答期限", required=True))
ANSWER: Final = Form(
    Day("answered_on", "回答の日", required=True),
    Choice("outcome", "回答", choices=labels.RELATIVE_OUTCOMES, required=True),
    Yen("yen", "援助の月額", help="金銭の援助の場合だけ", least=1, most=10_000_000),
    Lines("words", "内容"),
    rule=answer_faults,
)
DOCUMENT: Final = Form(_FILE, Text("place", "何の書類か", required=True, longest=60, into="proves_id"))
WITHDRAWAL: Final = Form(
    Choice("reason", "取り消す理由", choices=labels.DOCUMENT_WITHDRAWALS, required=True), Lines("words", "説明")
)


def request_form(members: Iterable[Member], consents: Mapping[str, str]) -> Form:
    """Return the form of a request as it is drawn for a household: its members, and the consents that hold."""
    resting = Choice("consent_id", _CONSENT, help="同意書が受領済みの場合だけ", choices=consents)
    return Form(_whom(members), *_REQUEST, resting)


def consent_form(members: Iterable[Member]) -> Form:
    """Return the form of a consent as it is drawn for a household."""
    return Form(Choice("person_no", "署名した人", choices=_named(members), required=True), _SIGNED)


def relative_form(members: Iterable[Member]) -> Form:
    """Return the form of a relative as it is drawn for a household."""
    return Form(_whom(members), *_CONTENT)


def document_form(places: Mapping[str, str]) -> Form:
    """Return the form of a document as it is drawn: what it may prove, by kind and id."""
    return Form(_FILE, Choice("place", "何の書類か", choices=places, required=True, into="proves_id"))


def _whom(members: Iterable[Member]) -> Choice:
    return Choice("person_no", _WHOM, help="選ばなければ世帯全体", choices=_named(members))


def _named(members: Iterable[Member]) -> dict[str, str]:
    return {member.person_no: member.name or member.person_no for member in members}
