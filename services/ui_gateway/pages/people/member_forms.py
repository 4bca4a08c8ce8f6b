"""The forms of a household's people: opened, joined, left, renamed, handed over (ケースの付番, 世帯員, 担当)."""

from collections.abc import Sequence
from typing import Final

from services.ui_gateway.clients.opened_cases import Caseworker
from services.ui_gateway.forms.fields import Choice, Day, Kana, PersonNumber, Text, YesNo
from services.ui_gateway.forms.form import Form
from services.ui_gateway.pages.people import case_labels as labels
from services.ui_gateway.pages.people.case_forms import FORMS, SINCE_EVER, Beginning
from services.ui_gateway.staff_names import staff_in_words
from shared.contracts.between_fields import member_faults

_REASON: Final = Choice("reason", "根拠", choices=labels.CIRCUMSTANCE_REASONS, required=True)
_LEAVING: Final = ("moved_out", "death", "separated_household", "mistake")
_DISTRICT: Final = Text("district", "地区", help="2桁の数字", longest=2, digits=True, required=True)
_UNSETTLED: Final = "決まっていない場合は空のまま"
_CASEWORKER: Final = Text("caseworker", "担当員", help=f"職員番号。{_UNSETTLED}", longest=64)

OPENING: Final = Form(_DISTRICT, _CASEWORKER)
HAND_OVER: Final = Form(Day("from", "引き継ぐ日", required=True), _DISTRICT, _CASEWORKER)


def choosing(form: Form, caseworkers: Sequence[Caseworker]) -> Form:
    """The form with the caseworkers of the register to choose from; as it is while the register names none."""
    words = {each.person: f"{staff_in_words(each.person)} {_districts(each)}".strip() for each in caseworkers}
    choices = dict(sorted(words.items(), key=lambda choice: choice[1]))
    choice = Choice("caseworker", "担当員", help=f"地区の担当員から選びます。{_UNSETTLED}", choices=choices)
    return Form(*(choice if each is _CASEWORKER else each for each in form.fields)) if choices else form


def _districts(caseworker: Caseworker) -> str:
    return f"地区 {'、'.join(caseworker.districts)}" if caseworker.districts else ""


JOINING: Final = Form(
    Beginning("from", "いつから", help=f"世帯員になった日。「{SINCE_EVER}」は、調査中の世帯だけです"),
    PersonNumber(
        "person_no",
        "宛名番号",
        help="氏名やフリガナでも探せます。番号がまだない人は空のまま、下に氏名とフリガナを入力します",
    ),
    Text("name", "氏名", help="登録されていない人の場合", into="resident.name"),
    Kana("kana", "フリガナ", help="登録されていない人の場合", into="resident.kana"),
    YesNo("foreign_national", "外国籍", into="resident.foreign_national"),
    Choice("why_entered", "登録の理由", choices=labels.RESIDENT_REASONS, into="resident.reason"),
    *(field for field in FORMS["person"].fields if field.name.startswith("cell_")),
    _REASON,
    rule=member_faults,
)
LEAVING: Final = Form(
    Day("last_day", "最後の日", help="世帯員であった最後の日", required=True),
    Choice(
        "reason",
        "理由",
        choices={code: labels.CIRCUMSTANCE_REASONS[code] for code in _LEAVING},
        required=True,
    ),
)
LAST_DAY: Final = Form(
    Day("last_day", "正しい最後の日", help="世帯員であった最後の日", required=True),
    Choice(
        "reason",
        "訂正の理由",
        choices={code: labels.CIRCUMSTANCE_REASONS[code] for code in ("mistake", "late_report")},
        required=True,
    ),
)
RENAMING: Final = Form(
    Text("name", "氏名", required=True),
    Kana("kana", "フリガナ", required=True),
    YesNo("foreign_national", "外国籍"),
    Choice("other_kind", "ほかの氏名の種類", choices=labels.NAME_KINDS, into="other_names.0.kind"),
    Text("other_name", "ほかの氏名", help="旧姓、通称など。検索で見つかります", into="other_names.0.name"),
    Kana("other_kana", "ほかの氏名のフリガナ", into="other_names.0.kana"),
    Choice("reason", "理由", choices=labels.RESIDENT_REASONS, required=True),
)
