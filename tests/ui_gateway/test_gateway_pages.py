"""What holds for every page: one script of ours, nothing inline or from elsewhere, DEMO, words for every problem."""

import re

import pytest

from services.ui_gateway.sessions.tables import metadata
from tests.ui_gateway.months.test_gateway_month import APPROVE, PROPOSE, paid, proposed
from tests.ui_gateway.staff import BOARD, DECIDING, JSON, Office

pytestmark = pytest.mark.database


def test_every_page_keeps_the_rules_of_the_house(office: Office) -> None:
    run = f"/runs/{paid(office)['run_id']}"
    treasurer = office.browser("demo-treasurer")
    for path in ("/", BOARD, run, f"{run}/journey", "/nowhere", "/months/2026-13"):
        page = treasurer.get(path)
        assert '<html lang="ja">' in page.html, path
        assert "DEMO" in page.text, path
        assert '<a class="skip" href="#main">' in page.html, path
        html = page.html.replace('<script src="/assets/kurashi.js" defer></script>', "")
        assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|https?://", html), path
        headers = page.answer.headers
        assert headers["Content-Security-Policy"].startswith(
            "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
        )
        assert f"form-action 'self' {office.issuer_url};" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
    style = treasurer.http.get(f"{office.url}/assets/kurashi.css", timeout=30)
    assert style.headers["Content-Type"].startswith("text/css")
    assert "url(" not in style.text
    script = treasurer.http.get(f"{office.url}/assets/kurashi.js", timeout=30)
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert not re.search(r"fetch|XMLHttp|import|cookie|Storage|innerHTML|eval|https?:", script.text), (
        "it only moves focus"
    )
    script = treasurer.http.get(f"{office.url}/assets/progress.js", timeout=30)
    assert not re.search(r"XMLHttp|import|cookie|Storage|innerHTML|eval|https?:", script.text)
    assert re.findall(r"fetch\(([^)]*)\)", script.text) == ["location.pathname"], "it asks for its own page alone"
    script = treasurer.http.get(f"{office.url}/assets/suggestions.js", timeout=30)
    assert not re.search(r"XMLHttp|import|cookie|Storage|innerHTML|eval|https?:", script.text)
    assert re.findall(r"fetch\(([^,]*),", script.text) == ['"/search/suggestions"'], "it asks for suggestions alone"
    script = treasurer.http.get(f"{office.url}/assets/addresses.js", timeout=30)
    assert not re.search(r"XMLHttp|import|cookie|Storage|innerHTML|eval|https?:", script.text)
    assert re.findall(r"fetch\(([^,]*),", script.text) == ['"/addresses"'], "it asks for addresses alone"


def test_dates_are_in_wareki_with_the_western_year_beside_them(office: Office) -> None:
    html = office.browser("demo-head").get(BOARD).html
    assert '<time datetime="2026-12" title="2026年12月">令和8年12月</time>' in html
    home = office.browser("demo-head").get("/").html
    assert '<time datetime="2026-11-24" title="2026年11月24日">令和8年11月24日</time>' in home


def test_no_personal_data_is_in_an_address_a_span_or_a_page_of_the_month(office: Office) -> None:
    run = paid(office)
    head = office.browser("demo-head")
    seen = [head.get(path) for path in ("/", BOARD, f"/runs/{run['run_id']}")]
    told = str(office.gateway.spans()) + "".join(page.html + "".join(page.links) for page in seen)
    assert all(canary not in told for canary in ("花子", "ハナコ", "カクウ タロウ", "0000000100"))


def test_a_missing_page_is_a_problem_in_words_and_in_json(office: Office) -> None:
    head = office.browser("demo-head")
    page = head.get("/nowhere")
    assert (page.status, "見つかりません" in page.text) == (404, True)
    answer = head.http.get(f"{office.url}/months/2026-13", headers=JSON, timeout=30)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["field"] == "month"


def test_a_service_that_is_down_is_named_and_the_rest_is_shown(office: Office) -> None:
    office.load()
    proposed(office)
    head = office.browser("demo-head")
    with office.down("support_benefits"):
        page = head.get(BOARD)
        assert page.status == 200
        assert "いま表示できません" in page.text
        assert "生活保護 毎月の決定 決裁待ち" in page.text
        assert APPROVE not in page.acts(), "what is not seen is not approved"
    with office.down("payments"):
        assert "いま表示できません" in head.get(BOARD).text
    assert head.get(BOARD).acts()


def test_an_act_is_refused_before_anything_is_done_when_a_service_is_down(office: Office) -> None:
    office.load()
    caseworker = office.browser("demo-caseworker")
    form = caseworker.get(BOARD).form(PROPOSE)
    with office.down("support_benefits"):
        page = caseworker.press(form, reason="monthly")
    assert page.status == 503
    board = caseworker.json(BOARD)["determinations"]
    assert [board[service]["items"] for service in DECIDING] == [[], []]
    again = caseworker.press(page.form(PROPOSE))
    assert again.status == 200, "the page of the problem offers the same act again"
    board = caseworker.json(BOARD)["determinations"]
    assert [len(board[service]["items"]) for service in DECIDING] == [1, 1]


def test_the_database_is_what_the_tables_say(office: Office) -> None:
    rows = office.gateway.execute(
        "SELECT table_name, column_name, is_nullable FROM information_schema.columns "
        "WHERE table_name IN ('sessions', 'logins', 'logout_tokens', 'staff_names')"
    )
    declared = {
        (table.name, column.name, "YES" if column.nullable else "NO")
        for table in metadata.sorted_tables
        for column in table.columns
    }
    assert {tuple(row) for row in rows} == declared
