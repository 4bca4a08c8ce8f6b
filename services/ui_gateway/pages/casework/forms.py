"""The forms of casework: what is asked after a visit, and what is to be done until when."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.ui_gateway.forms.fields import Choice, Day, Field, Lines, Text
from services.ui_gateway.forms.form import Form
from services.ui_gateway.forms.typed_texts import fold_digits
from services.ui_gateway.pages.people import case_labels as labels
from shared.contracts.between_fields import note_faults, task_end_faults, task_faults

_TIME: Final = re.compile("([0-9]{1,2})[:\uff1a時]?([0-9]{2})分?|([0-9]{1,2})時")


@dataclass(frozen=True)
class TimeOfDay(Field):
    """A time of day as an office types it: 14:30, 1430, 14時30分, 14時."""

    @property
    def mend(self) -> str:
        """What to do."""
        return f"{self.label}は 14:30 のように入力してください"

    def _value(self, text: str, today: date) -> str:
        parts = _TIME.fullmatch(fold_digits(text))
        hour, minute = (int(parts[1] or parts[3]), int(parts[2] or 0)) if parts else (99, 99)
        if hour > 23 or minute > 59:
            raise ValueError(self.mend)
        return f"{hour:02d}:{minute:02d}"

    def said_back(self, value: Any, today: date) -> str:
        """Hours and minutes."""
        return str(value)


_CHANGES: Final = {code: word for code, word in labels.CHANGES.items() if code != "first"}
_AGAIN: Final = (
    Choice("change", "記録の種類", choices=_CHANGES, required=True),
    Text("why", "訂正の理由", help="訂正の場合", into="content.why"),
)

NOTE: Final = Form(
    Choice("kind", "何の記録", choices=labels.NOTE_KINDS, required=True),
    Choice(
        "contact",
        "方法",
        choices=labels.NOTE_CONTACTS,
        help="訪問に数えるのは、会えた「訪問」だけです。会えなければ「不在」にします",
        required=True,
    ),
    Day("held_on", "いつ", ahead=False, required=True),
    TimeOfDay("began_at", "時刻", help="14:30 のように"),
    Text("met", "会った人・出席者", help="訪問では必ず書きます", into="content.met"),
    Lines("seen", "見たこと", into="content.seen"),
    Lines("said", "聞いたこと・話したこと", into="content.said"),
    Lines("plan", "今後の方針・結論", help="援助方針、診断会議では必ず書きます", into="content.plan"),
    rule=note_faults,
)
NOTE_AGAIN: Final = Form(*_AGAIN, *NOTE.fields, rule=note_faults)
SIGNATURE: Final = Form(Lines("remark", "指導・所見", help="あれば"))
_PERIOD: Final = (
    Day("covers_from", "申告の期間: いつから", help="収入申告書・資産申告書の場合"),
    Day("covers_to", "申告の期間: いつまで"),
)
TASK: Final = Form(
    Choice("kind", "種類", choices=labels.TASK_KINDS, required=True),
    Day("due_on", "期限", required=True),
    Lines("what", "何をするか", help="申告書では空のままで構いません", into="content.what"),
    *_PERIOD,
    Choice("rhythm", "くり返し", choices=labels.TASK_RHYTHMS, help="申告書を受理すると、次の期間の予定ができます"),
    rule=task_faults,
)
TASK_AGAIN: Final = Form(*_AGAIN, *TASK.fields, rule=task_faults)
END: Final = Form(
    Choice("outcome", "どうなったか", choices=labels.TASK_OUTCOMES, required=True),
    Day("ended_on", "いつ", ahead=False, required=True),
    *_PERIOD,
    Lines("words", "説明", help="不要になった場合は、その理由"),
    rule=task_end_faults,
)
