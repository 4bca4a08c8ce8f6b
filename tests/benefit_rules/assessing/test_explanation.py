"""What the explanation says: for the file with every source and doubt, for the notice without; why, and why not."""

import re

import pytest
from hypothesis import given

from shared.benefit_rules import Assessment, assess, explain, parse_household, reasons
from tests.benefit_rules.households import STANDARDS, assessed, households, member

FOREIGN = re.compile(r"[A-Za-z_/]{3,}|未読|復元|記憶")
"""Words of a developer, addresses and names of files: in no text that an office or an applicant reads."""


def child(name: str, born: str, **fields: object) -> dict[str, object]:
    return member(name, birth_date=born, relation="child", **fields)


DAUGHTERS = child("長女", "2016-05-01", school="primary"), child("二女", "2018-05-01", school="primary")
SITUATIONS: dict[str, tuple[Assessment, str]] = {
    "beside a disability addition the mother is told which part of 母子加算 is not given": (
        assessed(member("母", birth_date="1991-05-01", lone_parent=True, disability="a"), *DAUGHTERS),
        """
令和8年10月分
1 最低生活費 216,560円
  第1類 104,890円 (告示別表第1 第1章 1(1)ア)
  第2類 44,730円 (告示別表第1 第1章 1(1)イ)
  特例加算 7,500円 (告示別表第1 第1章 4)
  障害者加算 (母) 27,460円 (告示別表第1 第2章 2)
  児童養育加算 (長女) 10,190円 (告示別表第1 第2章 6)
  児童養育加算 (二女) 10,190円 (告示別表第1 第2章 6)
  母子加算 (母) 4,800円 (告示別表第1 第2章 8)
  教育扶助 基準額 (長女) 3,400円 (告示別表第2)
  教育扶助 基準額 (二女) 3,400円 (告示別表第2)
2 収入充当額 0円
3 支給額 216,560円
  生活扶助 209,760円
  教育扶助 6,800円
4 給付しないもの
  ・母子加算のうち児童1人の額18,800円は、障害者加算27,460円を給付するため給付しない (告示別表第1 第2章 9) (母)
""",
    ),
    "of two additions that meet the lower one is named with its yen": (
        assessed(member("母", birth_date="1991-05-01", lone_parent=True, disability="b"), DAUGHTERS[0]),
        """
令和8年10月分
1 最低生活費 156,700円
  第1類 81,250円 (告示別表第1 第1章 1(1)ア)
  第2類 38,060円 (告示別表第1 第1章 1(1)イ)
  特例加算 5,000円 (告示別表第1 第1章 4)
  児童養育加算 (長女) 10,190円 (告示別表第1 第2章 6)
  母子加算 (母) 18,800円 (告示別表第1 第2章 8)
  教育扶助 基準額 (長女) 3,400円 (告示別表第2)
2 収入充当額 0円
3 支給額 156,700円
  生活扶助 153,300円
  教育扶助 3,400円
4 給付しないもの
  ・障害者加算18,300円は、母子加算の児童1人の額18,800円の方が高いため給付しない (告示別表第1 第2章 9) (母)
""",
    ),
    "a son who has turned 18, and a rent above the ceiling": (
        assessed(member("父", birth_date="1980-05-01"), child("長男", "2008-04-01"), rent=80_000),
        """
令和8年10月分
1 最低生活費 188,720円
  第1類 81,660円 (告示別表第1 第1章 1(1)ア)
  第2類 38,060円 (告示別表第1 第1章 1(1)イ)
  特例加算 5,000円 (告示別表第1 第1章 4)
  住宅扶助 64,000円 (告示別表第3; 社援発0414第9号)
2 収入充当額 0円
3 支給額 188,720円
  生活扶助 124,720円
  住宅扶助 64,000円
4 給付しないもの
  ・児童養育加算は、18歳に達した日の後の3月31日までのため給付しない (告示別表第1 第2章 6) (長男)
  ・家賃80,000円のうち、限度額64,000円を超える16,000円は給付しない (告示別表第3)
""",
    ),
    "no need at the start": (
        assessed(
            member("本人", birth_date="1980-05-01", earned_income=180_000),
            starting=True,
            rent=53_700,
            **{"from": "2026-10-11"},
        ),
        """
令和8年10月分
1 最低生活費 106,023円
  第1類 46,930円 (告示別表第1 第1章 1(1)ア)
  第2類 27,790円 (告示別表第1 第1章 1(1)イ)
  特例加算 2,500円 (告示別表第1 第1章 4)
  経過的加算 20円 (告示別表第1 第1章 1(2)ア)
  日割 -24,917円 (別冊問答集 問7-13)
      日割後の生活扶助 52,323円 (令和8年10月11日から令和8年10月31日まで 21日/31日)
  住宅扶助 53,700円 (告示別表第3; 社援発0414第9号)
2 収入充当額 148,400円
  就労収入 (本人) 180,000円 (次官通知 第8-3-(1))
  基礎控除 (本人) -31,600円 (次官通知 第8-3-(4))
3 支給額 0円
  保護が必要かどうかの判定 (要否判定): 必要でない (次官通知 第10)
      1か月の最低生活費 130,940円、収入 157,880円 (基礎控除は7割の22,120円を引いた額)
  収入が1か月の最低生活費以上のため、保護を要しない。ただし、介護や医療などに要する費用が1か月に26,940円を超えるときは要する
""",
    ),
    "an income above the need": (
        assessed(member("本人", birth_date="1950-05-01", pension=90_000), care_cost=20_000, medical_cost=50_000),
        """
令和8年10月分
1 最低生活費 71,900円
  第1類 39,890円 (告示別表第1 第1章 1(1)ア)
  第2類 27,790円 (告示別表第1 第1章 1(1)イ)
  特例加算 2,500円 (告示別表第1 第1章 4)
  経過的加算 1,720円 (告示別表第1 第1章 1(2)ア)
2 収入充当額 90,000円
  年金 (本人) 90,000円 (次官通知 第8-3-(2))
3 支給額 0円
  本人支払額 18,100円 (介護、医療の順に充てる)
  収入充当額が最低生活費以上のため、現金で支給する額はない。保護を続けるかどうかは、介護と医療に要する費用を合わせて判断する
""",
    ),
    "a woman six months pregnant in hospital": (
        assessed(
            member("本人", birth_date="1996-05-01", residence="hospital", maternity="from_6_months"), month="2026-09"
        ),
        """
令和8年9月分
1 最低生活費 24,670円
  特例加算 (本人) 1,000円 (告示別表第1 第3章)
  入院患者日用品費 (本人) 23,670円 (告示別表第1 第3章 1)
2 収入充当額 0円
3 支給額 24,670円
  生活扶助 24,670円
4 給付しないもの
  ・入院の者には妊産婦加算を給付しない (告示別表第1 第2章 1) (本人)
""",
    ),
    "a person on 支援給付": (
        assessed(
            member("本人", birth_date="1950-05-01", basic_pension=70_608, pension=30_000), programme="support_benefit"
        ),
        """
令和8年10月分
1 最低生活費 71,900円
  第1類 39,890円 (告示別表第1 第1章 1(1)ア)
  第2類 27,790円 (告示別表第1 第1章 1(1)イ)
  特例加算 2,500円 (告示別表第1 第1章 4)
  経過的加算 1,720円 (告示別表第1 第1章 1(2)ア)
2 収入充当額 21,140円
  年金 (本人) 100,608円 (次官通知 第8-3-(2))
  老齢基礎年金の除外 (支援給付) (本人) -70,408円 (支援給付の実施要領)
  3割の控除 (年金) (本人) -9,060円 (支援給付の実施要領)
3 支給額 50,760円
  生活支援給付 50,760円
""",
    ),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_notice_says_what_is_given_and_what_is_not(situation: str) -> None:
    assessment, text = SITUATIONS[situation]
    assert reasons(assessment) == text.removeprefix("\n")


def test_the_file_says_what_the_notice_says_and_on_what_it_rests() -> None:
    text = explain(SITUATIONS["a woman six months pregnant in hospital"][0])
    assert "入院患者日用品費 (本人) 23,670円  [告示別表第1 第3章 1; 条文を読んでいない規則]" in text
    assert "4 給付しないもの\n  ・入院の者には妊産婦加算を給付しない (告示別表第1 第2章 1) (本人)" in text
    assert "5 確かめること\n  ・入院患者日用品費は計算で導いた額による(従前の額に改定率1.024を乗じ、" in text


def test_the_livelihood_after_the_daily_proration_is_summed_up() -> None:
    text = explain(assessed(member(), member("m2", age=40, relation="other"), **{"from": "2026-10-22"}))
    assert "1か月の額 124,720円、日数 10日、その月の日数 31日、始まり 令和8年10月22日、終わり 令和8年10月31日\n" in text
    assert "      日割後の生活扶助 40,232円 (令和8年10月22日から令和8年10月31日まで 10日/31日)\n" in text


def test_what_is_left_of_an_income_is_asked_for_costs_that_there_are_and_else_named_as_the_most() -> None:
    rich = member("本人", age=46, pension=100_000)
    without, with_costs = assessed(rich), assessed(rich, care_cost=5_000, medical_cost=0)
    assert "介護または医療の費用がある場合の本人支払額 22,760円まで" in reasons(without)
    assert "本人支払額 5,000円 (介護、医療の順に充てる)" in reasons(with_costs)


def test_a_doubt_stands_once_for_a_household_and_names_a_member_where_it_is_one() -> None:
    patients = [
        member(name, age=50, relation=relation, residence="hospital")
        for name, relation in (("a", "self"), ("b", "other"))
    ]
    both, alone = assessed(*patients, month="2026-09"), assessed(patients[0], month="2026-09")
    assert [warning.type for warning in both.warnings] == ["derived", "rule-not-read"]
    assert {warning.member for warning in both.warnings} == {None}
    assert {warning.member for warning in alone.warnings} == {"a"}


def test_the_test_at_the_start_names_the_costs_that_were_entered() -> None:
    sick = member("本人", age=66, pension=90_000)
    needed = reasons(assessed(sick, starting=True, medical_cost=500_000))
    assert (
        "(要否判定): 必要 (次官通知 第10)\n      1か月の最低生活費 76,880円、介護や医療などの費用 500,000円、" in needed
    )
    assert "保護を要しない" not in needed
    assert "介護や医療などの費用は、収入で賄えない額を給付する" in needed
    firm = reasons(assessed(sick, starting=True, medical_cost=13_120))
    assert "収入が1か月の最低生活費と介護や医療などの費用の合計以上のため、保護を要しない\n" in firm
    assert "ただし" not in firm


def test_support_benefit_has_its_own_words_and_each_deduction_stands_behind_its_income() -> None:
    couple = [
        member("本人", age=80, basic_pension=70_408, earned_income=20_000, necessary_expenses=1_000, pension=20_000),
        member("子", age=45, relation="child", earned_income=200_000),
    ]
    notice = reasons(assessed(*couple, programme="support_benefit", rent=50_000, starting=True))
    for word in ("生活支援給付", "住宅支援給付", "支援給付が必要かどうか", "  ・支援給付の世帯は本人と配偶者のみとし"):
        assert word in notice
    assert not re.search("生活扶助|住宅扶助|保護が|保護を", notice)
    lines = [line.split(" (本人)")[0].strip() for line in notice.splitlines() if "(本人)" in line]
    assert lines == [
        *("就労収入", "年金", "老齢基礎年金の除外 (支援給付)"),
        *("実費控除", "3割の控除 (就労収入)", "3割の控除 (年金)"),
    ]
    assert "生活扶助" in reasons(assessed())


def test_what_is_said_of_an_addition_that_comes_to_nothing_stands_in_the_notice() -> None:
    family = member("母", age=45, lone_parent=True), member("長男", age=18, relation="child")
    assert "  ・母子加算は給付しない: 対象の児童がいない (母)\n" in reasons(assessed(*family))


def test_who_is_separated_is_named_in_both_texts() -> None:
    people = member("本人", age=50), member("長女", relation="child", age=22, earned_income=300_000, separated=True)
    for text in (explain(assessed(*people)), reasons(assessed(*people))):
        assert "4 世帯に含めない者\n  ・世帯分離した者のため、この世帯の最低生活費にも収入にも含めない (長女)" in text


def test_of_expenses_that_are_deducted_in_part_the_rest_is_explained() -> None:
    """60,000 yen earned, 60,000 yen spent for it: after the basic deduction 40,400 yen are left to deduct from."""
    answer = assessed(member("本人", earned_income=60_000, necessary_expenses=60_000))
    assert "4 給付または控除をしないもの\n" in reasons(answer)
    assert "  ・必要経費60,000円のうち19,600円は、ほかの控除を引いた後に" in reasons(answer)
    within = assessed(member("本人", earned_income=60_000, necessary_expenses=40_400))
    assert "控除をしないもの" not in reasons(within)
    twice = assessed(member("本人", earned_income=10_000, pension=20_000, necessary_expenses=9_000))
    assert "必要経費9,000円のうち" not in reasons(twice), "nothing is deducted: the file says so"


def test_every_cost_to_which_income_is_charged_is_named() -> None:
    rich = member("本人", age=30, pension=90_000)
    for text in (explain, reasons):
        assert "  出産の費用に充てる収入 12,780円\n" in text(assessed(rich, maternity_cost=50_000))
        both = text(assessed(rich, medical_cost=3_000, funeral_cost=4_000, occupational_cost=0))
        assert "  本人支払額 3,000円 (介護、医療の順に充てる)\n  葬祭の費用に充てる収入 4,000円\n" in both


def test_the_file_gives_units_and_keeps_what_was_entered_apart_from_what_was_not_read() -> None:
    text = explain(assessed(member("本人", age=45, pension=400_000), month="2026-12", rent=50_000))
    assert text.startswith("世帯 h1  令和8年12月分  (令和8年10月1日の基準)\n")
    assert "逓減率 1、人数 1人、本人 46,930円\n" in text
    assert "冬季加算の区 Ⅵ区、人数 1人\n" in text
    assert "家賃 50,000円、限度額 53,700円、人数 1人\n" in text
    assert "4 入力を確かめること\n  ・収入又は介護保険料が月額として高すぎる (本人)\n" in text


def test_no_source_of_a_figure_is_in_the_words_of_who_computed_it() -> None:
    sources = {figure.source for figures in STANDARDS.figures.values() for figure in figures}
    assert len(sources) > 50
    assert [source for source in sources if re.search("計算機|一意|既知|の欄に合う|旧 ×", source)] == []


@given(households())
def test_no_text_has_a_word_of_a_developer_and_no_doubt_stands_twice(entry: dict[str, object]) -> None:
    names = {str(one["id"]): f"員{place}" for place, one in enumerate(entry["members"])}  # type: ignore[arg-type,var-annotated]
    members = [{**one, "id": names[one["id"]]} for one in entry["members"]]  # type: ignore[attr-defined]
    household = parse_household({**entry, "id": "世帯", "members": members})
    answer = assess([household], STANDARDS, household.month)[0]
    if not isinstance(answer, Assessment):
        assert not FOREIGN.search(answer.detail), answer.detail
        return
    text = explain(answer)
    assert not FOREIGN.search(text), text
    assert not FOREIGN.search(reasons(answer))
    of_the_household = ("single", "reconstructed", "derived", "rule-not-read")
    doubts = [(warning.type, warning.detail) for warning in answer.warnings if warning.type in of_the_household]
    assert len(doubts) == len(set(doubts)), doubts
