"""What must hold between the fields of what is recorded: a service refuses by it, and a page says it with the rest.

Each rule takes what was written by its place in the body ("kind", "content.met") and yields place and fault of all that
is wrong. What is missing, or could not be read (`UNREAD`), is for the rule of its own field: no rule here guesses it.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final

Written = Mapping[str, Any]
Fault = tuple[str, str]
Rule = Callable[[Written], Iterator[Fault]]
UNREAD: Final = object()
"""Something is written there that cannot be read."""
DECLARATIONS: Final = frozenset({"declaration_income", "declaration_assets"})
"""Kinds of tasks that end by a declaration (収入申告書, 資産申告書) that was received."""
_WHY: Final = ("content.why", "訂正の理由を入力してください")
_PERIOD: Final = "申告書では、いつからいつまでの分かを入力し、ほかの予定では空のままにしてください"
_RECEIVED: Final = "受理した申告書では、いつからいつまでの分かを入力し、ほかでは空のままにしてください"
_BACKWARDS: Final = "期間の初めと終わりを確認してください"
_CONSENT: Final = "同意書を受領している場合は、もとづく同意書を選び、ほかの場合は選ばないでください"


def note_faults(written: Written) -> Iterator[Fault]:
    """Of a case note (ケース記録)."""
    kind, contact, met, plan = (written.get(name) for name in ("kind", "contact", "content.met", "content.plan"))
    if isinstance(kind, str) and isinstance(contact, str) and (kind == "contact") != (contact != "none"):
        yield "contact", "訪問・連絡の記録では方法を選び、ほかの記録では「なし」にしてください"
    yield from _correction(written)
    if contact == "visit" and not met:
        yield "content.met", "訪問では会った人を入力してください。だれにも会えなかったときは「不在」です"
    if contact == "absent" and met:
        yield "content.met", "不在の記録に、会った人は書けません。会えたときは「訪問」です"
    if kind in ("policy", "conference") and not plan:
        yield "content.plan", "援助方針・診断会議の記録では、方針・結論を入力してください"
    elif isinstance(contact, str) and contact != "absent" and not any(map(written.get, _WORDS)):
        yield "content.said", "見たこと、聞いたこと、方針のどれかを入力してください"


_WORDS: Final = ("content.seen", "content.said", "content.plan")


def task_faults(written: Written) -> Iterator[Fault]:
    """Of what is to be done (約束・予定), and of a declaration that is due."""
    kind, period = written.get("kind"), ("covers_from", "covers_to")
    if kind in DECLARATIONS:
        yield from ((name, _PERIOD) for name in period if not written.get(name))
    elif isinstance(kind, str):
        yield from ((name, _PERIOD) for name in period[:1] if any(map(written.get, period)))
        if written.get("rhythm"):
            yield "rhythm", "くり返しは、収入申告書と資産申告書だけに付けられます"
        if not written.get("content.what"):
            yield "content.what", "何をするかを入力してください"
    yield from _backwards(written)
    yield from _correction(written)


def task_end_faults(written: Written) -> Iterator[Fault]:
    """Of the end of a task."""
    outcome, first, last = (written.get(name) for name in ("outcome", "covers_from", "covers_to"))
    if outcome == "not_needed" and not written.get("words"):
        yield "words", "不要になった理由を入力してください"
    if isinstance(outcome, str) and (outcome == "received") != (first is not None):
        yield "covers_from", _RECEIVED
    if (first is None) != (last is None):
        yield "covers_to", _BACKWARDS
    yield from _backwards(written)


def request_faults(written: Written) -> Iterator[Fault]:
    """Of an investigation request (調査依頼)."""
    sent_on, due_on, consent = (written.get(name) for name in ("sent_on", "due_on", "consent"))
    if isinstance(sent_on, date) and isinstance(due_on, date) and due_on < sent_on:
        yield "due_on", "回答期限を依頼日より前にはできません"
    if isinstance(consent, str) and (consent == "held") != (written.get("consent_id") is not None):
        yield "consent_id", _CONSENT


def request_entry_faults(written: Written) -> Iterator[Fault]:
    """Of what came after a request."""
    kind = written.get("kind")
    if isinstance(kind, str) and (kind == "closed") != (written.get("reason") is not None):
        yield "reason", "終結するときだけ、その理由を選んでください"
    if kind == "answered" and not written.get("words"):
        yield "words", "回答の内容を入力してください"


def enquiry_faults(written: Written) -> Iterator[Fault]:
    """Of a proposal to enquire of a relative (扶養照会), or not to."""
    enquire, reason = written.get("enquire"), written.get("reason")
    if isinstance(enquire, bool) and enquire != (reason is None):
        yield "reason", "照会しない場合だけ、その理由を選んでください"
    if reason == "other" and not written.get("words"):
        yield "words", "「その他」の場合は、理由を文章で入力してください"


def answer_faults(written: Written) -> Iterator[Fault]:
    """Of what a relative answered."""
    outcome = written.get("outcome")
    if isinstance(outcome, str) and (outcome == "money") != (written.get("yen") is not None):
        yield "yen", "金銭の援助の場合だけ、月額を入力してください"


def member_faults(written: Written) -> Iterator[Fault]:
    """Of who becomes a member of a household (世帯員): by a number, or by name and reading."""
    names = ("resident.name", "resident.kana")
    if not any(map(written.get, names)):
        if not written.get("person_no"):
            yield "person_no", "宛名番号か、氏名とフリガナを入力してください"
        return
    yield from ((name, "氏名とフリガナの両方を入力してください") for name in names if not written.get(name))


def _correction(written: Written) -> Iterator[Fault]:
    if written.get("change") == "correction" and not written.get("content.why"):
        yield _WHY


def _backwards(written: Written) -> Iterator[Fault]:
    first, last = written.get("covers_from"), written.get("covers_to")
    if isinstance(first, date) and isinstance(last, date) and last < first:
        yield "covers_to", _BACKWARDS
