"""A ward's files looked at before anything is started: by the code with which the services read them on import.

What only a database knows (who is on record already) is left to the services.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

from infra.one_machine.ward.doubts import doubts_of
from infra.one_machine.ward.files import ACCOUNTS_FILE, SENDER_FILE
from infra.one_machine.ward.found_faults import FoundFaults
from infra.one_machine.ward.input_folder import case_numbers, count_households, read_folder
from services.case_management.adapters.deciding import deciding as public_assistance
from services.payments.use_cases.accounts.propose_accounts import read_account_files, without_sender
from services.support_benefits.adapters.deciding import deciding as support_benefits
from shared.contracts.ward_files import HOUSEHOLDS_FILE, MEMBERS_FILE
from shared.decisions.imports.rules_check import refused_by_rules
from shared.decisions.imports.ward_csv import WardCase, read_ward
from shared.money_and_time.months import month_of, next_month
from shared.service_kit.csv_files import Fault

CASES_AT_A_TIME: Final = 1000
_LAWS: Final = {office.programme: office.law.refuses for office in (public_assistance, support_benefits)}
_NO_FIGURE: Final = "基準額を確かめていないため算定できない世帯です。取り込み、決定では「算定できない」と数えます"
Files = dict[str, bytes]


@dataclass
class InputReport:
    """What was found in a ward's folder: faults, which stop it, and doubts, which do not."""

    households: int = 0
    persons: int = 0
    """Where lines cannot be read, those are counted too."""
    faults: FoundFaults = field(default_factory=FoundFaults)
    doubts: FoundFaults = field(default_factory=FoundFaults)

    def in_words(self) -> str:
        """Return the report in Japanese: counts, then a line a group; never a value of a person."""
        lines = [f"{self.households}世帯 {self.persons}人、誤り {self.faults.total}件、確認 {self.doubts.total}件"]
        if self.faults:
            lines += ["", "誤り（直すまで何も取り込みません）", *self.faults.in_words()]
        if self.doubts:
            lines += ["", "確認（誤りとは限りません）", *self.doubts.in_words()]
        return "\n".join(lines)


def check_input(directory: Path, today: date, *, is_new_office: bool) -> InputReport:
    """Look at a ward's folder with nothing running; every fault in one go.

    Args:
        today: the business date; the rules are asked from the month after it on, and banks on this day.
        is_new_office: nothing is on record: the office's own account has to be among the files.

    Raises:
        CallError: there is no such folder, or nothing like a ward's files in it.
    """
    report = InputReport()
    files = read_folder(directory, report.faults)
    programmes = _check_households(files, today, report)
    if ACCOUNTS_FILE in files:
        _check_accounts(files, today, programmes, report, is_new_office=is_new_office)
    return report


def _check_households(files: Files, today: date, report: InputReport) -> dict[int, str]:
    """Read and check households and members.

    Returns:
        The programme of each household by its number; empty where its line cannot be read.
    """
    programmes: dict[int, str] = {}
    cases: list[WardCase] = []
    check = partial(_check_by_rules, month=next_month(month_of(today)), report=report)
    for case, is_whole in _read_cases(files, report.faults):
        programmes[int(case.case_no)] = case.programme
        report.households += 1
        report.persons += len(case.members)
        report.doubts.add(*doubts_of(case, today))
        if is_whole:
            cases.append(case)
        if len(cases) == CASES_AT_A_TIME:
            check(cases)
            cases = []
    check(cases)
    if HOUSEHOLDS_FILE in files and not report.households and not report.faults.in_file(HOUSEHOLDS_FILE):
        report.faults.add(Fault(HOUSEHOLDS_FILE, 1, "", "世帯が1行もありません"))
    if report.faults.in_file(HOUSEHOLDS_FILE) or report.faults.in_file(MEMBERS_FILE):
        numbers = case_numbers(files.get(HOUSEHOLDS_FILE, b""))
        report.households = count_households(numbers)
        report.persons = len(case_numbers(files.get(MEMBERS_FILE, b"")))
        programmes = {number: "" for number in numbers if number is not None} | programmes
    return programmes


def _read_cases(files: Files, faults: FoundFaults) -> Iterator[tuple[WardCase, bool]]:
    """Yield each case, and whether all its members could be read: of the others the rules would say untrue things."""
    ward: Files = {name: files[name] for name in (HOUSEHOLDS_FILE, MEMBERS_FILE) if name in files}
    cases = read_ward(ward, faults)
    before = faults.in_file(MEMBERS_FILE)
    for case in cases:
        yield case, faults.in_file(MEMBERS_FILE) == before
        before = faults.in_file(MEMBERS_FILE)


def _check_by_rules(cases: list[WardCase], month: str, report: InputReport) -> None:
    for programme, refused in _LAWS.items():
        own = [case for case in cases if case.programme == programme]
        refusals = refused_by_rules(own, refused, month)
        report.faults.add(*refusals.faults)
        report.doubts.add(
            *(replace(fault, problem=f"{_NO_FIGURE}（{fault.problem}）") for fault in refusals.without_figure)
        )


def _check_accounts(
    files: Files, today: date, programmes: dict[int, str], report: InputReport, *, is_new_office: bool
) -> None:
    handed_in: Files = {name: files[name] for name in (ACCOUNTS_FILE, SENDER_FILE) if name in files}
    read = read_account_files(handed_in, today, report.faults)
    if is_new_office and not report.faults.in_file(SENDER_FILE):
        report.faults.add(*without_sender(read, ()))
    for payee in read.payees if programmes else ():
        programme = programmes.get(int(payee.case_no))
        if programme is None:
            text = "この番号の世帯が households.csv にありません（登録ずみの世帯ですか）"
            report.doubts.add(Fault(ACCOUNTS_FILE, payee.line, "case_no", text, "doubt"))
        elif programme and programme != payee.programme:
            text = "households.csv の制度と違います"
            report.doubts.add(Fault(ACCOUNTS_FILE, payee.line, "programme", text, "doubt"))
