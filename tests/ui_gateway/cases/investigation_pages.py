"""Pages of what is investigated of a household, as its caseworker and supervisor see them, kept in an album."""

from typing import Any

from tests.ui_gateway.staff import Form, Page

_CASE = "/cases/00000001"


def _form(page: Page, ending: str) -> Form:
    return next(form for form in page.forms if form.action.endswith(ending) and form.method == "post")


def see_investigations(kept: Any) -> None:
    """A bank is asked and answers; a brother is written to after the decision; a passbook is attached."""
    _requests(kept)
    _relatives(kept)
    _documents(kept)


def _requests(kept: Any) -> None:
    caseworker, address = kept.browser("caseworker"), f"{_CASE}/investigations"
    page = kept.see("caseworker", address, "nobody asked")
    asked = {"kind": "bank", "addressee": "架空銀行", "asked": "預貯金の残高", "consent": "not_needed"}
    form = _form(page, address)
    kept.keep("caseworker, no due day", caseworker.press(form, **asked))
    page = kept.keep("caseworker, a bank asked", caseworker.press(form, **asked, due_on="R8.11.30"))
    kept.see("caseworker", "/investigations", "one is due")
    said = {"kind": "answered", "words": "普通預金 12,345円"}
    kept.keep("caseworker, a bank answered", caseworker.press(_form(page, "/entries"), **said))
    kept.see("caseworker", "/investigations", "none is due")
    signed = {"person_no": "0000000100", "signed_on": "R8.11.20"}
    page = kept.keep("caseworker, a consent", caseworker.press(_form(page, "/consents"), **signed))
    kept.keep("caseworker, a consent taken back", caseworker.press(_form(page, "/withdrawal")))


def _relatives(kept: Any) -> None:
    caseworker, address = kept.browser("caseworker"), f"{_CASE}/relatives"
    page = kept.see("caseworker", address, "nobody known")
    brother = {"relation": "sibling", "name": "架空 次郎", "address": "架空区1-2-3"}
    page = kept.keep("caseworker, a brother", caseworker.press(_form(page, address), **brother))
    kept.keep("caseworker, proposed to write", caseworker.press(_form(page, "/proposals"), enquire="yes"))
    page = kept.see("supervisor", address, "to decide")
    page = kept.keep("supervisor, agreed", kept.browser("supervisor").press(_form(page, "/decision"), agreed="yes"))
    page = kept.see("caseworker", address, "agreed")
    kept.keep("caseworker, the letter", caseworker.press(_form(page, "/letters"), due_on="R8.12.20"))
    page = kept.see("caseworker", address, "sent")
    answer = {"outcome": "money", "yen": "10000", "words": "毎月"}
    kept.keep("caseworker, a brother answered", caseworker.press(_form(page, "/answers"), **answer))


def _documents(kept: Any) -> None:
    caseworker, address = kept.browser("caseworker"), f"{_CASE}/documents"
    form = _form(kept.see("caseworker", address, "no document"), address)
    fields = {name: text for name, text in form.fields.items() if name != "name"} | {"place": "case"}
    for name, content in (("通帳.pdf", b"<html>"), ("通帳.pdf", b"%PDF-1.7 %%EOF")):
        files = {"name": (name, content, "application/pdf")}
        answer = caseworker.http.post(caseworker.url + address, data=fields, files=files, timeout=30)
        page = kept.keep(f"caseworker, {len(content)} bytes attached", Page(answer))
        fields = {**fields, "key": _form(page, address).fields["key"]}
    kept.keep("caseworker, withdrawn", caseworker.press(_form(page, "/withdrawal"), reason="misfiled"))
