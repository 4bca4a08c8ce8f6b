"""Bank files (総合振込): every byte in its place, and a reader that finds what is out of it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.payments.domain.accounts import Account, Sender
from services.payments.domain.bank_file import FileFault, Payment, bank_file
from services.payments.domain.bank_file_inspector import inspect
from services.payments.domain.bank_file_layout import DATA, END, HEADER, TRAILER, Field
from services.payments.domain.names import ALLOWED, MARKS, NotFoldable, fit, fold

DAY = date(2026, 12, 3)


def account(**changed: str) -> Account:
    known = {
        "bank_code": "0005",
        "bank_name": "ﾐﾂﾋﾞｼﾕ-ｴﾌｼﾞｴｲ",
        "branch_code": "001",
        "branch_name": "ﾎﾝﾃﾝ",
        "account_type": "1",
        "account_number": "1234567",
        "holder": "ｶｸｳ ﾀﾛｳ",
    }
    return Account(**{**known, **changed})


def sender() -> Sender:
    office = Account("0001", "ﾐｽﾞﾎ", "001", "ﾄｳｷﾖｳ", "1", "0000000", "DEMO ｶｺｳｸ")
    return Sender("9999999999", "DEMO ｶｺｳｸ", office)


def file(*payments: Payment) -> bytes:
    return bank_file(sender(), DAY, payments or (Payment("00000001", account(), 77_240),))


@pytest.mark.parametrize("layout", [HEADER, DATA, TRAILER, END])
def test_the_fields_of_a_record_fill_120_bytes_without_gap(layout: tuple[Field, ...]) -> None:
    assert [field.first for field in layout] == [1, *(field.last + 1 for field in layout[:-1])]
    assert layout[-1].last == 120


def test_a_file_byte_for_byte() -> None:
    expected = (
        "1" "21" "0" "9999999999" + "DEMO ｶｺｳｸ".ljust(40) + "1203" "0001" + "ﾐｽﾞﾎ".ljust(15) + "001"
        + "ﾄｳｷﾖｳ".ljust(15) + "1" "0000000" + " " * 17
        + "2" "0005" + "ﾐﾂﾋﾞｼﾕ-ｴﾌｼﾞｴｲ".ljust(15) + "001" + "ﾎﾝﾃﾝ".ljust(15) + "0000" "1" "1234567"
        + "ｶｸｳ ﾀﾛｳ".ljust(30) + "0000077240" "0" "0000000001" "0000000000" "7" " " + " " * 7
        + "8" "000001" "000000077240" + " " * 101
        + "9" + " " * 119
    )  # fmt: skip
    assert file().decode("shift_jis") == expected
    assert len(file()) == 4 * 120


def test_bytes_depend_on_nothing_but_content() -> None:
    payments = [Payment(f"{number:08}", account(), 1_000 + number) for number in range(1, 40)]
    assert file(*payments) == file(*reversed(payments))
    assert [file(*payments)[120 * n + 91 : 120 * n + 101] for n in (1, 39)] == [b"0000000001", b"0000000039"]


def test_an_amount_that_no_file_can_carry_is_refused() -> None:
    for yen in (0, -1, 10_000_000_000):
        with pytest.raises(FileFault):
            file(Payment("00000001", account(), yen))
    with pytest.raises(FileFault):
        bank_file(sender(), DAY, [])


def test_a_name_that_was_not_folded_is_refused_and_not_shown() -> None:
    with pytest.raises(FileFault, match="受取人名") as refused:
        file(Payment("00000001", account(holder="架空太郎"), 1))
    assert "架空" not in str(refused.value)


kana = st.sampled_from(sorted(ALLOWED - MARKS))
voiced = st.builds(str.__add__, st.sampled_from("ｶｷｸｹｺﾀﾊﾋﾌﾍﾎ"), st.sampled_from(["", "ﾞ"]))
names = st.lists(st.one_of(kana, voiced), min_size=1, max_size=60).map("".join).filter(lambda name: name.strip())
codes = st.integers(0, 9999).map("{:04}".format)
payments = st.builds(
    Payment,
    case_no=st.integers(1, 99_999_999).map("{:08}".format),
    account=st.builds(
        Account,
        bank_code=codes,
        bank_name=names,
        branch_code=st.integers(0, 999).map("{:03}".format),
        branch_name=names,
        account_type=st.sampled_from("1249"),
        account_number=st.integers(0, 9_999_999).map("{:07}".format),
        holder=names.map(str.strip).filter(bool),
    ),
    yen=st.integers(1, 9_999_999_999),
)


@pytest.mark.slow
@given(st.lists(payments, min_size=1, max_size=30, unique_by=lambda payment: payment.case_no))
def test_the_independent_reader_finds_what_was_written(written: list[Payment]) -> None:
    content = bank_file(sender(), DAY, written)
    found = inspect(content, DAY)
    assert found.errors == []
    assert (found.records, found.yen) == (len(written), sum(payment.yen for payment in written))
    assert (found.month_day, found.sender_code) == ("1203", "9999999999")
    assert len(content) == 120 * (len(written) + 3)


@given(st.lists(payments, min_size=1, max_size=4, unique_by=lambda payment: payment.case_no), st.data())
def test_a_digit_changed_on_the_way_is_found(written: list[Payment], data: st.DataObject) -> None:
    content = bytearray(bank_file(sender(), DAY, written))
    record = data.draw(st.integers(1, len(written)))
    at = 120 * record + data.draw(st.integers(80, 89))
    content[at] = data.draw(st.sampled_from([byte for byte in b"0123456789" if byte != content[at]]))
    assert any(error.field == "合計金額" for error in inspect(bytes(content), DAY).errors)


@pytest.mark.parametrize(
    ("record", "position", "put", "field", "found_at"),
    [
        (1, 3, "2", "種別コード", 2),
        (1, 56, "1", "振込指定日", 55),
        (2, 51, "ﾞ", "受取人名", 51),
        (2, 52, "ｧ", "受取人名", 52),
        (2, 90, "A", "振込金額", 90),
        (2, 43, "7", "預金種目", 43),
        (3, 7, "2", "合計件数", 2),
        (3, 120, "A", "ダミー", 20),
        (4, 1, "7", "データ区分", 1),
    ],
)
def test_a_fault_is_located_to_the_byte(record: int, position: int, put: str, field: str, found_at: int) -> None:
    content = bytearray(file())
    content[120 * (record - 1) + position - 1] = put.encode("shift_jis")[0]
    errors = inspect(bytes(content), DAY).errors
    assert (record, 120 * (record - 1) + found_at, field) in {(one.record, one.byte, one.field) for one in errors}


def test_a_record_lost_doubled_or_cut_is_found() -> None:
    whole = file(Payment("00000001", account(), 5), Payment("00000002", account(), 6))
    header, first, second, trailer, end = (whole[at : at + 120] for at in range(0, 600, 120))
    assert inspect(header + first + trailer + end).errors
    assert any("second time" in error.problem for error in inspect(header + first + first + trailer + end).errors)
    assert inspect(whole[:-1]).errors
    assert inspect(header + trailer + first + second + end).errors
    assert inspect(b"").errors
    assert inspect(whole).errors == []


@pytest.mark.parametrize(
    ("given_name", "folded"),
    [
        ("かくう　たろう", "ｶｸｳ ﾀﾛｳ"),
        ("ガギグゲゴ パピプペポ", "ｶﾞｷﾞｸﾞｹﾞｺﾞ ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ"),
        ("ｶﾞｷﾞ", "ｶﾞｷﾞ"),
        ("か\u3099", "ｶﾞ"),
        ("ショウジ ッ ヮ ヵ", "ｼﾖｳｼﾞ ﾂ ﾜ ｶ"),
        ("ｼｮｳｼﾞ", "ｼﾖｳｼﾞ"),
        ("ヲノ ヴィクトル", "ｵﾉ ｳﾞｲｸﾄﾙ"),
        ("マリー", "ﾏﾘ-"),
        ("ヰ ヱ", "ｲ ｴ"),
        ("ｎｇｕｙｅｎ Van-a", "NGUYEN VAN-A"),
        ("(カ)クラシ.1/2", "(ｶ)ｸﾗｼ.1/2"),
    ],
)
def test_names_are_folded_as_banks_ask(given_name: str, folded: str) -> None:
    assert fold(given_name) == folded
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        ("架空", "67B6"),
        ("ｱ・ｲ", "KATAKANA MIDDLE DOT"),
        ("É", "LATIN"),
        ("①", "CIRCLED"),
        *((one, f"{ord(one):04X}") for one in "ßıſﬀﬁ\u212a㍿Å\u200b\u202e\ufffd\ue000\u00a0\t"),
    ],
)
def test_a_character_that_no_bank_takes_is_named(bad: str, named: str) -> None:
    with pytest.raises(NotFoldable, match=named):
        fold(f"カ{bad}カ")


@pytest.mark.parametrize("name", ["゛ア", "A゛カ", "1゜", "カ゛゛"])
def test_a_voiced_mark_without_its_kana_before_it_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="voiced mark"):
        fold(name)


@given(names, st.integers(1, 40))
def test_a_name_is_never_cut_from_its_voiced_mark(name: str, width: int) -> None:
    cut = fit(name, width)
    assert name.startswith(cut)
    assert len(cut) <= width
    assert cut == name or name[len(cut)] not in MARKS or not cut


@given(st.text(max_size=30))
def test_what_is_folded_is_allowed_and_stays_as_it_is(name: str) -> None:
    try:
        folded = fold(name)
    except ValueError:
        return
    assert set(folded) <= ALLOWED
    assert fold(folded) == folded
