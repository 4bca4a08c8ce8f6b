"""What staff type as a date, in each of their habits: a day, what is known of a birth, or a refusal that helps."""

from datetime import date

import pytest

from shared.money_and_time import DateRefused, PartialDate, echo_birth, echo_day, read_birth, read_day
from shared.money_and_time.typed_dates import Birth

TODAY = date(2026, 11, 27)
IN_DECEMBER = date(2026, 12, 1)
EVERY_ERA = [
    ("M45.7.29", date(1912, 7, 29)),
    ("T15/12/24", date(1926, 12, 24)),
    ("s64-1-7", date(1989, 1, 7)),
    ("H310430", date(2019, 4, 30)),
    ("R010501", date(2019, 5, 1)),
    ("明6.1.1", date(1873, 1, 1)),
    ("大元.7.30", date(1912, 7, 30)),
    ("昭25.5.3", date(1950, 5, 3)),
    ("平成元年1月8日", date(1989, 1, 8)),
    ("令和元年5月1日", date(2019, 5, 1)),
    ("㍾45年7月29日", date(1912, 7, 29)),
    ("㍽元年7月30日", date(1912, 7, 30)),
    ("㍼64年1月7日", date(1989, 1, 7)),
    ("㍻31年4月30日", date(2019, 4, 30)),
    ("㋿元年5月1日", date(2019, 5, 1)),
    ("1950-05-03", date(1950, 5, 3)),
    ("19500503", date(1950, 5, 3)),
    ("1950年5月3日", date(1950, 5, 3)),
]


@pytest.mark.parametrize(
    "typed",
    [
        "R081201",
        "r081201",
        "Ｒ０８１２０１",
        "R 08 12 01",
        "r8.12.1",
        "R.8.12.1",
        "R8/12/1",
        "R8-12-1",
        "ｒ８．１２．１",
        "R8。12。1",
        "R8・12・1",
        "R8ー12ー1",
        "R08.12.01",
        "8.12.1",
        "8/12/1",
        "8年12月1日",
        "081201",
        "20261201",
        "2026-12-01",
        "2026/12/1",
        "２０２６／１２／１",
        "2026年12月1日",
        "令和8年12月1日",
        "令和　８年 12月 1日",
        "令8.12.1",
        "㋿8年12月1日",
        "令和8年12月1日(火)",
        "令和8年12月1日（火曜日）",
        "2026年(令和8年)12月1日",
        "令和8年(2026年)12月1日(火)",
        "\t令和8年12月1日\u3000\n",
    ],
)
def test_the_first_of_december_in_every_habit(typed: str) -> None:
    assert read_day(typed, TODAY) == IN_DECEMBER


@pytest.mark.parametrize(("typed", "day"), EVERY_ERA)
def test_a_day_of_every_era_is_a_day_and_a_birth(typed: str, day: date) -> None:
    assert read_day(typed, TODAY) == read_birth(typed, TODAY) == day


@pytest.mark.parametrize(
    ("typed", "today", "day"),
    [
        ("8.1.12", TODAY, date(2026, 1, 12)),
        ("080112", TODAY, date(2026, 1, 12)),
        ("16.12.31", TODAY, date(2034, 12, 31)),
        ("元.5.1", TODAY, date(2019, 5, 1)),
        ("31.4.30", date(2019, 4, 30), date(2019, 4, 30)),
        ("2.3.1", date(2019, 5, 1), date(2020, 3, 1)),
        ("63.4.1", date(1988, 4, 1), date(1988, 4, 1)),
    ],
)
def test_a_day_without_an_era_is_of_the_era_of_today(typed: str, today: date, day: date) -> None:
    assert read_day(typed, today) == day


@pytest.mark.parametrize("typed", ["26.12.1", "261201", "17.1.1", "99.1.1"])
def test_a_year_that_is_nearer_as_a_western_one_is_not_guessed(typed: str) -> None:
    with pytest.raises(DateRefused, match=r"^令和(26|17|99)年か西暦20(26|17|99)年か分かりません。元号を付けるか"):
        read_day(typed, TODAY)
    assert read_day(f"R{typed}", TODAY).year > 2034


@pytest.mark.parametrize("typed", ["25.5.3", "250503", "8年5月3日", "元.5.3", "25年不詳", "25.5.不詳"])
def test_a_birth_without_an_era_is_not_guessed(typed: str) -> None:
    with pytest.raises(DateRefused, match=r"^生年月日には元号を付けてください"):
        read_birth(typed, TODAY)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("昭和64年1月8日", "昭和は昭和元年12月25日から昭和64年1月7日までです。その日は平成元年1月8日です。"),
        ("平成31年5月1日", "平成は平成元年1月8日から平成31年4月30日までです。その日は令和元年5月1日です。"),
        ("R1.4.30", "令和は令和元年5月1日からです。その日は平成31年4月30日です。"),
        ("T元.7.29", "大正は大正元年7月30日から大正15年12月24日までです。その日は明治45年7月29日です。"),
        ("R0.12.1", "令和は令和元年5月1日からです。その日は平成30年12月1日です。"),
        ("明治0年1月1日", "明治は明治6年1月1日から明治45年7月29日までです。元号と年を確かめてください。"),
        ("明治5年12月31日", "明治6年1月1日(太陽暦の初日)より前の日付は扱えません。"),
        ("1872-12-31", "明治6年1月1日(太陽暦の初日)より前の日付は扱えません。"),
        ("R8.2.29", "令和8年2月29日という日はありません。日付を確かめてください。"),
        ("20260431", "2026年4月31日という日はありません。日付を確かめてください。"),
        ("R081301", "令和8年13月1日という日はありません。日付を確かめてください。"),
        ("S250500", "昭和25年5月0日という日はありません。日付を確かめてください。"),
        ("令和8年12月1日(水)", "日付と曜日が合いません。日付を確かめてください。"),
        ("2026年(令和7年)12月1日", "括弧の中の年 (令和7年) が日付と合いません。日付を確かめてください。"),
    ],
)
def test_a_day_that_does_not_exist_is_refused_with_the_reason(typed: str, reason: str) -> None:
    for read in (read_day, read_birth):
        with pytest.raises(DateRefused) as refused:
            read(typed, TODAY)
        assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "日付が入力されていません。"),
        (" 　", "日付が入力されていません。"),
        ("R81201", "日付として読めません。"),
        ("5081201", "日付として読めません。"),
        ("0008-12-01", "日付として読めません。"),
        ("00081201", "日付として読めません。"),
        ("R8.12", "日付として読めません。"),
        ("昭和25年5月", "日付として読めません。"),
        ("ſ54.5.1", "日付として読めません。"),
        ("R٨.12.1", "日付として読めません。"),
        ("慶応3年1月1日", "日付として読めません。"),
        ("12月1日", "日付として読めません。"),
        ("R8.12.1 頃", "日付として読めません。"),
        ("R2026.12.1", "元号と西暦が両方あります。どちらか一方にしてください。"),
    ],
)
def test_what_is_no_date_is_refused_with_how_to_type_one(typed: str, reason: str) -> None:
    for read in (read_day, read_birth):
        with pytest.raises(DateRefused, match=f"^{reason}令和8年12月1日、R8.12.1、.*のように入力してください。"):
            read(typed, TODAY)
    with pytest.raises(DateRefused, match="不詳"):
        read_birth(typed, TODAY)


@pytest.mark.parametrize(
    ("typed", "birth"),
    [
        ("S25.不詳", PartialDate(1950)),
        ("S25不詳", PartialDate(1950)),
        ("s25.不詳.不詳", PartialDate(1950)),
        ("昭和25年不詳", PartialDate(1950)),
        ("昭和25年不明", PartialDate(1950)),
        ("昭和25年、月日不詳", PartialDate(1950)),
        ("昭和２５年不詳月不詳日", PartialDate(1950)),
        ("1950年不詳", PartialDate(1950)),
        ("S25.5.不詳", PartialDate(1950, 5)),
        ("昭和25年5月不詳", PartialDate(1950, 5)),
        ("昭和25年5月不詳日", PartialDate(1950, 5)),
        ("昭和25年 5月 日不詳", PartialDate(1950, 5)),
        ("1950年5月不詳", PartialDate(1950, 5)),
        ("昭和64年不詳", PartialDate(1989)),
        ("平成元年不詳", PartialDate(1989)),
        ("S64.1.不詳", PartialDate(1989, 1)),
        ("明治6年不詳", PartialDate(1873)),
        ("R8.11.不詳", PartialDate(2026, 11)),
        ("不詳", "不詳"),
        ("不明", "不詳"),
        ("生年月日不詳", "不詳"),
    ],
)
def test_what_is_known_of_a_birth_is_taken(typed: str, birth: Birth) -> None:
    assert read_birth(typed, TODAY) == birth


def test_a_birth_known_in_part_lies_between_two_days() -> None:
    parts = (PartialDate(1950), PartialDate(1950, 11), PartialDate(1950, 12), PartialDate(1952, 2))
    assert [(birth.first, birth.last) for birth in parts] == [
        (date(1950, 1, 1), date(1950, 12, 31)),
        (date(1950, 11, 1), date(1950, 11, 30)),
        (date(1950, 12, 1), date(1950, 12, 31)),
        (date(1952, 2, 1), date(1952, 2, 29)),
    ]


@pytest.mark.parametrize("typed", ["不詳", "R8.不詳", "令和8年12月不詳日"])
def test_no_other_day_may_be_known_in_part(typed: str) -> None:
    with pytest.raises(DateRefused, match=r"^年・月・日のすべてが必要です。"):
        read_day(typed, TODAY)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("S64.2.不詳", "^昭和は昭和元年12月25日から昭和64年1月7日までです。元号と年月を"),
        ("S65.不詳", "^昭和は"),
        ("H元.12.不詳(月)", "^日付と曜日が合いません"),
        ("R元.4.不詳", "^令和は令和元年5月1日からです。元号と年月を"),
        ("S0.不詳", "^昭和は"),
        ("S25.13.不詳", "^13月という月はありません"),
        ("S25.0.不詳", "^0月という月はありません"),
        ("明治5年不詳", "^明治6年1月1日"),
        ("1872年不詳", "^明治6年1月1日"),
        ("S1950.不詳", "^元号と西暦が両方あります"),
    ],
)
def test_a_birth_known_in_part_lies_in_its_era_too(typed: str, reason: str) -> None:
    with pytest.raises(DateRefused, match=reason):
        read_birth(typed, TODAY)


def test_a_birth_and_a_receipt_do_not_lie_ahead() -> None:
    assert read_birth("R8.11.27", TODAY) == read_day("R8.11.27", TODAY, future="refuse") == TODAY
    assert read_day("R8.11.28", TODAY) == read_day("R8.11.28", TODAY, future="accept") == date(2026, 11, 28)
    ahead = r"^まだ来ていない日付です。今日、令和8年11月27日\(金\)までの日付を入力してください。$"
    for typed in ("R8.11.28", "R8.12.不詳", "R9.不詳"):
        with pytest.raises(DateRefused, match=ahead):
            read_birth(typed, TODAY)
    with pytest.raises(DateRefused, match=ahead):
        read_day("R8.11.28", TODAY, future="refuse")


def test_a_day_is_echoed_with_its_weekday() -> None:
    assert echo_day(IN_DECEMBER) == "令和8年12月1日(火)"
    assert echo_day(date(2019, 5, 1)) == "令和元年5月1日(水)"
    with pytest.raises(ValueError, match="solar"):
        echo_day(date(1872, 12, 31))


@pytest.mark.parametrize(
    ("birth", "echo"),
    [
        (date(1950, 5, 3), "昭和25年5月3日(76歳)"),
        (date(1950, 11, 27), "昭和25年11月27日(76歳)"),
        (date(1950, 11, 28), "昭和25年11月28日(75歳)"),
        (TODAY, "令和8年11月27日(0歳)"),
        (PartialDate(1950, 5), "昭和25年5月不詳日(76歳)"),
        (PartialDate(1950, 11), "昭和25年11月不詳日(75〜76歳)"),
        (PartialDate(1950, 12), "昭和25年12月不詳日(75歳)"),
        (PartialDate(1950), "昭和25年不詳(75〜76歳)"),
        (PartialDate(2026), "令和8年不詳(0歳)"),
        (PartialDate(1989), "1989年(昭和64年・平成元年)不詳(36〜37歳)"),
        (PartialDate(1989, 1), "1989年(昭和64年・平成元年)1月不詳日(37歳)"),
        (PartialDate(1989, 2), "平成元年2月不詳日(37歳)"),
        (PartialDate(2019, 4), "平成31年4月不詳日(7歳)"),
        ("不詳", "不詳"),
    ],
)
def test_a_birth_is_echoed_with_the_age(birth: Birth, echo: str) -> None:
    assert echo_birth(birth, TODAY) == echo
    assert read_birth(echo, TODAY) == birth
