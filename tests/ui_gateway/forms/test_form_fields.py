"""How what staff type is read, and what they are told where it cannot be."""

from datetime import date
from typing import Any

import pytest

from services.ui_gateway.forms.fields import Choice, Day, Field, Kana, Lines, PersonNumber, Text, Yen, YesNo
from services.ui_gateway.forms.form import CameBack, Form, FormFaults, next_key
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages, fresh
from services.ui_gateway.routing.results import PageResult
from shared.money_and_time.typed_dates import PartialDate
from shared.service_kit.problems import Problem
from tests.ui_gateway.sample_form import BODY, FILLED, FORM

TODAY = date(2026, 11, 24)
NAME, KANA, TEL = Text("name", "氏名"), Kana("kana", "フリガナ"), Text("tel", "電話番号", digits=True)
DAY, BORN, RENT = Day("on", "訪問日"), Day("born", "生年月日", birth=True), Yen("rent", "家賃")
KIND, PRESSING, NUMBER = Choice("kind", "種類", {"a": "初回"}), YesNo("now", "急迫"), PersonNumber("no", "宛名番号")


@pytest.mark.parametrize(
    ("field", "typed", "value", "said"),
    [
        (NAME, "　架空 １郎\u3000", "架空 １郎", ""),
        (NAME, "カ\u3099ス", "ガス", ""),
        (NAME, "葛\U000e0100城", "葛\U000e0100城", ""),
        (NAME, "<b>=1+1</b>", "<b>=1+1</b>", ""),
        (TEL, "０３－１２３４（内線）", "03-1234(内線)", ""),
        (KANA, "Nguyen Van A", "Nguyen Van A", ""),
        (KANA, "ｶﾞｽﾔ はなこ", "ガスヤ ハナコ", "ガスヤ ハナコ"),
        (KANA, "ガスヤ", "ガスヤ", ""),
        (KANA, "ゔぁん・ごっほ", "ヴァン・ゴッホ", "ヴァン・ゴッホ"),
        (DAY, "R8.12.1", date(2026, 12, 1), "令和8年12月1日(火)"),
        (DAY, "Ｒ８．１２．１", date(2026, 12, 1), "令和8年12月1日(火)"),
        (DAY, "R081201", date(2026, 12, 1), "令和8年12月1日(火)"),
        (DAY, "８．１２．１", date(2026, 12, 1), "令和8年12月1日(火)"),
        (DAY, "20261201", date(2026, 12, 1), "令和8年12月1日(火)"),
        (BORN, "S25.5.不詳", PartialDate(1950, 5), "昭和25年5月不詳日(76歳)"),
        (BORN, "不詳", "不詳", ""),
        (DAY, "２０２６-12-01", date(2026, 12, 1), "令和8年12月1日(火)"),
        (DAY, "令和元年5月1日", date(2019, 5, 1), "令和元年5月1日(水)"),
        (BORN, "S51.11.24", date(1976, 11, 24), "昭和51年11月24日(50歳)"),
        (BORN, "S51.11.25", date(1976, 11, 25), "昭和51年11月25日(49歳)"),
        (RENT, "￥４５，０００", 45_000, "45,000円"),
        (RENT, "0", 0, "0円"),
        (Yen("change", "増減", least=-100), "－１００", -100, "-100円"),
        (KIND, "a", "a", ""),
        (PRESSING, "yes", True, ""),
        (PRESSING, "no", False, ""),
        (NUMBER, "０１２３４５６７89", "0123456789", ""),
        (PersonNumber("no", "宛名番号", least=8), "01234567", "01234567", ""),
        (Lines("words", "内容"), "一\r\n二\r\n", "一\n二", ""),
    ],
)
def test_what_is_typed_is_read_as_an_office_means_it_and_said_back(
    field: Field, typed: str, value: Any, said: str
) -> None:
    filled = Form(field).read({field.name: typed}, TODAY)
    assert filled.faults == {}
    assert filled[field.name] == value
    assert filled.said_back(field, TODAY) == said


@pytest.mark.parametrize(
    ("field", "typed", "fault"),
    [
        (Text("name", "氏名", longest=3), "四文字だ", "氏名は3字以内に短くしてください(いま4字)"),
        (NAME, "二行\nある", "使えない文字があります"),
        (NAME, "ベル\x07", "使えない文字があります"),
        (KANA, "花子", "カタカナで入力してください"),
        (DAY, "R8.13.1", "訪問日: 令和8年13月1日という日はありません"),
        (DAY, "平成31年5月1日", "訪問日: 平成は"),
        (DAY, "S25.不詳", "訪問日: 年・月・日のすべてが必要です"),
        (Day("on", "受領日", ahead=False), "R8.11.25", "受領日: まだ来ていない日付です"),
        (BORN, "25.5.3", "生年月日: 生年月日には元号を付けてください"),
        (DAY, "あした", "訪問日: 日付として読めません"),
        (BORN, "R8.11.25", "生年月日: まだ来ていない日付です"),
        (RENT, "四万", "0円から999,999,999,999円までの整数"),
        (RENT, "-1", "0円から"),
        (RENT, "1.5", "0円から"),
        (RENT, "9" * 15, "0円から"),
        (KIND, "b", "種類を一覧から選んでください"),
        (PRESSING, "maybe", "「はい」か「いいえ」"),
        (NUMBER, "123456789", "宛名番号は10桁の数字です"),
        (NUMBER, "12345678901", "宛名番号は10桁の数字です"),
        (NUMBER, "123456789x", "宛名番号は10桁の数字です"),
        (PersonNumber("no", "宛名番号", least=8), "1234567", "宛名番号は8〜10桁の数字です"),
    ],
)
def test_what_cannot_be_read_is_a_fault_that_says_what_to_do_and_stays(field: Field, typed: str, fault: str) -> None:
    filled = Form(field).read({field.name: typed}, TODAY)
    assert fault in filled.faults[field.name]
    assert filled.typed[field.name] == typed
    assert filled.said_back(field, TODAY) == ""


def test_all_faults_are_named_at_once_and_what_may_be_empty_is_none() -> None:
    filled = FORM.read({"kind": "?"}, TODAY)
    assert set(filled.faults) == {"name", "born", "rent", "kind", "pressing"}
    assert filled.faults["name"] == "氏名を入力してください"
    assert filled.faults["pressing"] == "急迫した状況は「はい」か「いいえ」を選んでください"
    faults = FormFaults(filled)
    assert (faults.name, faults.field, faults.detail) == ("invalid-input", "name", "氏名を入力してください")
    assert [fault["field"] for fault in faults.body()["faults"]] == ["name", "born", "rent", "kind", "pressing"]


def test_a_filled_form_is_the_body_that_the_service_takes() -> None:
    assert FORM.read(FILLED, TODAY).body() == BODY


def test_what_was_left_empty_is_left_out_of_the_body() -> None:
    body = FORM.read({**FILLED, "kana": " ", "number": "", "words": "\u3000"}, TODAY).body()
    assert body["person"] == {"names": [{"written": "架空 一郎"}], "born": "1965-04-01"}
    assert "words" not in body


@pytest.mark.parametrize(
    ("problem", "faults", "on_top"),
    [
        (Problem("x", field="person.born", detail="登録と違います"), {"born": "登録と違います"}, ()),
        (Problem("x", field="person.names[0].kana", detail="長すぎます"), {"kana": "長すぎます"}, ()),
        (Problem("x", field="person.names.0.kana.letters", detail="長すぎます"), {"kana": "長すぎます"}, ()),
        (Problem("x", field="person.names", detail="氏名がありません"), {"name": "氏名がありません"}, ()),
        (Problem("x", field="rent", detail="項目を確認してください"), {"rent": RENT.mend}, ()),
        (Problem("x", field="household", detail="世帯が終わっています"), {}, ("世帯が終わっています",)),
        (Problem("x", title="版が違います"), {}, ("版が違います",)),
        (
            Problem("x", field="rent", extra={"faults": [{"field": "rent", "problem": "int"}, {"field": "person"}]}),
            {"rent": RENT.mend, "name": "氏名は200字以内で、使える文字で入力してください"},
            (),
        ),
    ],
)
def test_what_a_service_refuses_stands_at_its_field_or_on_top(
    problem: Problem, faults: dict[str, str], on_top: tuple[str, ...]
) -> None:
    refused = FORM.read(FILLED, TODAY).refused(problem)
    assert (refused.faults, refused.on_top) == (faults, on_top)
    assert refused.typed == FILLED


def test_the_summary_names_faults_in_the_order_of_the_form() -> None:
    back = CameBack("/", {}, "k", FORM.fields, {"rent": "家賃", "name": "氏名"})
    assert list(back.summary()) == [("name", "氏名"), ("rent", "家賃")]


def test_a_refused_form_has_another_key_and_always_the_same() -> None:
    assert next_key("first") == next_key("first") != "first"
    assert next_key(next_key("first")) not in ("first", next_key("first"))


@pytest.mark.parametrize("names", [("a", "a"), ("key",), ("csrf",)])
def test_a_form_in_which_two_fields_would_be_one_is_not_declared(names: tuple[str, ...]) -> None:
    with pytest.raises(TypeError, match="name of its own"):
        Form(*(Text(name, "氏名") for name in names))


@pytest.mark.parametrize(
    ("born", "sent"), [("S25.5.3", "1950-05-03"), ("S25.5.不詳", "1950-05"), ("S25.不詳", "1950"), ("不詳", None)]
)
def test_a_birth_is_sent_as_far_as_it_is_known_and_stands_in_the_form_again(born: str, sent: str | None) -> None:
    form = Form(BORN)
    filled = form.read({"born": born}, TODAY)
    assert filled.body() == ({"born": sent} if sent else {})
    again = form.read(form.blank(filled.values).typed, TODAY)
    assert again.values == filled.values


def test_an_act_names_the_page_of_its_form_which_stands_above_it_and_within_its_address() -> None:
    pages = Pages()

    @pages.get("/cases/<int:case>/notes", permission=None)
    def show_notes(request: PageRequest, case: int) -> PageResult:
        return PageResult("", {}, {})

    pages.act("/cases/<int:case>/notes/<int:note>", permission=None, correlation=fresh, on=show_notes)
    for others in (pages, Pages()):
        with pytest.raises(TypeError, match="its form stands on a page declared above it"):
            others.act(
                "/notes" if others is pages else "/cases/<int:case>", permission=None, correlation=fresh, on=show_notes
            )


def test_a_form_starts_with_what_stands_in_the_record() -> None:
    start = {"name": "架空", "born": date(1965, 4, 1), "rent": 45_000, "pressing": False, "kind": "again"}
    typed = FORM.blank(start).typed
    assert typed["born"] == "昭和40年4月1日"
    assert (typed["rent"], typed["pressing"], typed["kana"]) == ("45,000", "no", "")
    assert FORM.read(typed, TODAY)["rent"] == 45_000
