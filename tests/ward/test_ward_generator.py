"""The made-up ward: the right number of households and persons, in proportion, the same for the same seed."""

import csv
import hashlib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from zengin_code import Bank

from infra.one_machine.ward import generate
from infra.one_machine.ward.files import WARD_FILES
from services.payments.domain.names import fold

Lines = list[dict[str, str]]


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("ward")
    generate(directory)
    return directory


def lines(directory: Path, file: str) -> Lines:
    with (directory / f"{file}.csv").open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def digest(directory: Path) -> str:
    return hashlib.sha256(b"".join((directory / file).read_bytes() for file in WARD_FILES)).hexdigest()


def of(programme: str, rows: Lines) -> Lines:
    return [row for row in rows if row["programme"] == programme]


def members_of(ward: Path, programme: str) -> Lines:
    cases = {row["case_no"] for row in of(programme, lines(ward, "households"))}
    return [row for row in lines(ward, "members") if row["case_no"] in cases]


def test_the_ward_has_as_many_households_and_persons_as_the_real_one(ward: Path) -> None:
    households = lines(ward, "households")
    assert len(of("public_assistance", households)) == 8_676
    assert len(of("support_benefit", households)) == 21
    assert len({row["person_no"] for row in members_of(ward, "public_assistance")}) == 9_668
    assert len({row["person_no"] for row in members_of(ward, "support_benefit")}) == 32
    assert len({row["case_no"] for row in households}) == len(households)


def test_a_seed_gives_the_same_bytes_and_another_seed_another_ward(tmp_path: Path) -> None:
    for name, seed in (("first", 5), ("again", 5), ("other", 6)):
        generate(tmp_path / name, households=300, seed=seed)
    assert digest(tmp_path / "first") == digest(tmp_path / "again") != digest(tmp_path / "other")


@pytest.mark.parametrize(
    ("households", "persons"),
    [(1, 1), (200, 223), (4_338, 4_834), pytest.param(17_352, 19_336, marks=pytest.mark.slow)],
)
def test_a_ward_of_another_size_is_in_proportion(tmp_path: Path, households: int, persons: int) -> None:
    generate(tmp_path, households=households)
    assert len(of("public_assistance", lines(tmp_path, "households"))) == households
    assert len(members_of(tmp_path, "public_assistance")) == persons
    assert len(members_of(tmp_path, "support_benefit")) == 32


def test_a_ward_of_nobody_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one household"):
        generate(tmp_path, households=0, support_households=0)


def test_three_persons_stand_under_both_laws_and_are_the_same_persons(ward: Path) -> None:
    support = {row["person_no"]: row for row in members_of(ward, "support_benefit")}
    both = [row for row in members_of(ward, "public_assistance") if row["person_no"] in support]
    assert len(both) == 3
    for row in both:
        assert all(row[name] == support[row["person_no"]][name] for name in ("name", "kana", "foreign", "birth_date"))


def test_everybody_is_an_adult_at_home_and_marked_as_made_up(ward: Path) -> None:
    members = lines(ward, "members")
    assert all(date.fromisoformat(row["birth_date"]) <= date(2007, 4, 1) for row in members)
    assert {row["residence"] for row in members} == {"home"}
    assert all(row["name"].startswith("架空") and row["kana"].startswith("カクウ") for row in members)


def test_each_household_has_one_head(ward: Path) -> None:
    heads = Counter(row["case_no"] for row in lines(ward, "members") if row["relation"] == "self")
    assert set(heads.values()) == {1}
    assert len(heads) == len(lines(ward, "households"))


def test_each_household_lies_in_one_of_twenty_districts_of_about_the_same_size(ward: Path) -> None:
    districts = Counter(row["district"] for row in lines(ward, "households"))
    assert sorted(districts) == [f"{number:02d}" for number in range(1, 21)]
    assert min(districts.values()) > 350


def test_districts_leave_all_else_of_the_ward_as_it_was(ward: Path) -> None:
    parted = [line.rsplit(",", 2) for line in (ward / "households.csv").read_text().splitlines()]
    assert parted[0][1:] == ["district", "caseworker"]
    drawn = {file: (ward / file).read_bytes() for file in WARD_FILES}
    drawn["households.csv"] = "".join(f"{rest[0]}\n" for rest in parted).encode()
    assert {file: hashlib.sha256(data).hexdigest()[:12] for file, data in drawn.items()} == {
        "households.csv": "9ebc976278fc",
        "members.csv": "2091d033c104",
        "accounts.csv": "d16321085f8b",
        "sender.csv": "82e968e1ad24",
    }


def test_ages_rents_incomes_and_foreign_residents_are_as_in_a_ward(ward: Path) -> None:
    households = of("public_assistance", lines(ward, "households"))
    members = members_of(ward, "public_assistance")
    heads = [row for row in members if row["relation"] == "self"]
    elderly = sum(row["birth_date"] <= "1961-04-01" for row in heads) / len(heads)
    rents = [int(row["rent"] or 0) for row in households]
    assert 0.53 < elderly < 0.58
    assert 0.83 < sum(rent > 0 for rent in rents) / len(rents) < 0.87
    assert sum(rent < 53_700 for rent in rents if rent) > 1_000
    assert sum(rent > 69_800 for rent in rents) > 20
    assert 0.10 < sum(row["earned_income"] != "" for row in heads) / len(heads) < 0.18
    assert sum(row["basic_pension"] != "" for row in members) > 2_000
    assert 0.03 < sum(row["foreign"] == "1" for row in members) / len(members) < 0.06


def test_support_households_have_the_full_basic_pension_by_birth_date(ward: Path) -> None:
    for row in members_of(ward, "support_benefit"):
        assert row["basic_pension"] == ("70608" if row["birth_date"] >= "1956-04-02" else "70408")
        if row["relation"] == "self":
            assert "1911-04-02" <= row["birth_date"] <= "1946-12-31"


def test_accounts_are_at_branches_that_exist_and_some_payees_have_none(ward: Path) -> None:
    accounts = lines(ward, "accounts")
    at_desk = [row for row in accounts if row["method"] == "cash"]
    assert len(at_desk) == 400
    assert all(row["reason_no_account"] and not row["bank_code"] for row in at_desk)
    for row in accounts:
        if row["method"] == "bank":
            assert row["branch_code"] in Bank.all[row["bank_code"]].branches
            assert fold(row["holder_kana"])
            assert len(row["account_number"]) == 7
    assert [row["case_no"] for row in accounts] == [row["case_no"] for row in lines(ward, "households")]


def test_the_sender_is_nobody(ward: Path) -> None:
    for row in lines(ward, "sender"):
        assert row["sender_code"] == "9" * 10
        assert row["account_number"] == "0" * 7
        assert row["sender_name"].startswith("DEMO ")
        assert row["branch_code"] in Bank.all[row["bank_code"]].branches
