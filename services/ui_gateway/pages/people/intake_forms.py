"""The forms of intake: what is asked at the desk, in the order of a conversation."""

from typing import Final

from services.ui_gateway.forms.fields import Choice, Day, Kana, Lines, PersonNumber, Several, Text, YesNo
from services.ui_gateway.forms.form import Form
from services.ui_gateway.forms.postal_fields import addressed
from services.ui_gateway.pages.people import case_labels as labels

_SHIELDED: Final = YesNo(
    "shielded", "支援措置の対象", help="「はい」にすると、記録した人、地区の査察指導員、課長だけが見られます"
)
_DISTRICT: Final = Text("district", "地区", help="2桁の数字(分かる場合)", longest=2, digits=True)

CONSULTATION: Final = Form(
    Day("held_on", "相談日", ahead=False, required=True),
    Choice("channel", "相談の方法", choices=labels.CHANNELS, required=True),
    Choice("matter", "相談の種類", choices=labels.MATTERS, required=True),
    Text("name", "氏名", help="名乗らない人は空のままで構いません", into="content.name"),
    Kana("kana", "フリガナ", into="content.kana"),
    Day("birth", "生年月日", birth=True, into="content.birth"),
    *addressed("address", "住所・居所", into="content.address"),
    Text("telephone", "電話", longest=20, digits=True, into="content.telephone"),
    PersonNumber("person_no", "宛名番号", help="分かる場合だけ。氏名やフリガナでも探せます", into="content.person_no"),
    Lines("statement", "相談の内容", into="content.statement"),
    Lines("household", "世帯の状況", into="content.household"),
    Lines("income", "収入", into="content.income"),
    Lines("assets", "資産", into="content.assets"),
    Lines("debts", "負債", into="content.debts"),
    Lines("advice", "説明・助言した内容", into="content.advice"),
    Lines("opinion", "面接員の所見", into="content.opinion"),
    YesNo("wish_to_apply", "申請の意思", help="書類がそろっていなくても、意思があれば申請です", required=True),
    YesNo("form_handed", "申請書を渡した"),
    Choice("result", "相談の結果", choices=labels.CONSULTATION_RESULTS, required=True),
    _DISTRICT,
    _SHIELDED,
)
APPLICATION: Final = Form(
    Day(
        "applied_on",
        "申請日",
        ahead=False,
        help="14日・30日の期限はこの日から数えます(初日は数えません)",
        required=True,
    ),
    Day("received_on", "受理日", ahead=False, required=True),
    Choice("kind", "申請の種類", choices=labels.APPLICATION_KINDS, required=True),
    Text("case_no", "ケース番号", help="変更の申請の場合。8桁", longest=8, digits=True),
    Choice("form", "申請の方法", choices=labels.APPLICATION_FORMS, help="口頭の申請も申請です", required=True),
    Choice("ground", "開始の根拠", choices=labels.GROUNDS, required=True),
    Choice("legal_basis", "根拠", choices=labels.LEGAL_BASES, required=True),
    YesNo("present_location", "現在地保護", help="居住地がないか、明らかでない人"),
    Choice("applied_by", "申請者", choices=labels.APPLIED_BY, required=True, into="content.applied_by"),
    Text("proxy", "申請者の氏名と関係", help="本人以外の場合", into="content.proxy"),
    Text("name", "氏名", into="content.applicant.name"),
    Kana("kana", "フリガナ", into="content.applicant.kana"),
    Day("birth", "生年月日", birth=True, into="content.applicant.birth"),
    PersonNumber("person_no", "宛名番号", help="氏名やフリガナでも探せます", into="content.applicant.person_no"),
    *addressed("address", "住所・居所", into="content.address"),
    Text("telephone", "電話", longest=20, digits=True, into="content.telephone"),
    Lines("reason", "保護を受けようとする理由", into="content.reason"),
    Several(
        "missing_papers",
        "まだ出ていない書類",
        choices=labels.PAPERS,
        help="足りなくても受理します",
        into="content.missing_papers",
    ),
    _DISTRICT,
    _SHIELDED,
)
OPINION: Final = Form(Lines("words", "査察指導員の意見", required=True))
DELAY: Final = Form(
    Choice("reason", "14日を超える理由", choices=labels.DELAY_REASONS, required=True),
    Lines("words", "理由の説明", help="決定通知書に記載します"),
)
WITHDRAWAL: Final = Form(
    Day("on", "取下げの日", ahead=False, required=True),
    Lines("words", "取下げの理由", help="本人の意思によることを確かめた経過も"),
)
_CHANGES: Final = {code: word for code, word in labels.CHANGES.items() if code != "first"}
_AGAIN: Final[dict[Form, Form]] = {}


def again(form: Form) -> Form:
    """The same form for what follows: whether it goes on or corrects what was recorded, and why."""
    if form not in _AGAIN:
        change = Choice("change", "記録の種類", choices=_CHANGES, required=True)
        why = Text("why", "訂正の理由", help="訂正の場合", into="content.why")
        _AGAIN[form] = Form(change, why, *form.fields)
    return _AGAIN[form]
