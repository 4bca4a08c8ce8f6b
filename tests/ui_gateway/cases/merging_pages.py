"""Pages of merging (名寄せ), as an interviewer and the head see them, kept in an album."""

from typing import Any
from uuid import uuid4

import requests

from tests.ui_gateway.staff import Form, Page

WARDS = "0000000200"
NAMES = {"name": "架空 花子", "kana": "カクウ ハナコ", "reason": "outside_the_register"}
PHONE = {"fact": "contact", "kind": "telephone", "content": {"text": "03-0000-0002"}, "reason": "declaration"}


def see_merging(kept: Any) -> None:
    """Somebody of the ward's file came to the counter before: the two numbers are compared, proposed, approved."""
    here = str(_ask(kept, "/residents", NAMES)["person_no"])
    for number in (here, WARDS):
        _ask(kept, f"/residents/{number}/details", PHONE)
    compare = f"/residents/{here}/same/{WARDS}"
    interviewer, head = kept.browser("interviewer"), kept.browser("head")
    kept.see("interviewer", f"/residents/{here}", "who may be somebody else")
    page = kept.see("interviewer", compare, "side by side")
    kept.keep("interviewer, no reason", interviewer.press(_form(page, "/merges"), stays=WARDS))
    page = interviewer.press(_form(page, "/merges"), stays=WARDS, words="本人の申出。電話番号も同じ")
    kept.keep("interviewer, proposed", page)
    kept.see("head", "/merges", "one waits")
    history = f"/residents/{here}/merges"
    page = kept.see("head", history, "to approve")
    kept.keep("head, approved", head.press(_form(page, "/approval")))
    kept.see("interviewer", history, "in force")
    kept.see("interviewer", f"/residents/{here}", "merged")


def _form(page: Page, ending: str) -> Form:
    return next(form for form in page.forms if form.action.endswith(ending) and form.method == "post")


def _ask(kept: Any, path: str, body: dict[str, Any]) -> Any:
    token = kept.office.token("demo-interviewer", "case_management")
    head = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
    url = f"{kept.office.doors['case_management'].url}{path}"
    answer = requests.post(url, headers=head, json=body, timeout=30)
    assert answer.ok, answer.text
    return answer.json()
