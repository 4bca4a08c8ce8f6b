"""Every rule of a ward's files: what breaks it in a sound ward, and what a clerk does then.

The ward is made with 40 households and seed 3: line 2 of each file is the household 10000009, one person in a rented
home, who is paid into an account; 10000017 is a couple (lines 3 and 4 of the members), 10000032 a mother and a child.
"""

from collections.abc import Mapping
from typing import Final

from tests.ward.faults_of_corrections import OF_CORRECTIONS
from tests.ward.rule import Rule
from tests.ward.spoils import (
    ACCOUNTS,
    HOUSEHOLDS,
    MEMBERS,
    SENDER,
    both,
    cell,
    cells,
    content,
    doubled_line,
    missing,
    text,
    with_bytes,
    with_first_person_again,
    with_members,
    without_column,
    without_line,
)

_IMPORTS: Final = "tests/case_management/test_import_households.py"
_OPENED: Final = "tests/case_management/intake/test_opened_cases.py"
_RESIDENTS: Final = "tests/case_management/residents/test_residents_by_hand.py"
_MERGES: Final = "tests/case_management/merging/test_merges.py"
_PAYEES: Final = "tests/payments/accounts/test_accounts_import.py"
_BANK_CELLS: Final = ("bank_code", "branch_code", "account_type", "account_number", "holder_kana")
_NO_PLACE: Final = {"municipality": "", "grade": "1級地-1"}

_OF_A_FILE: Final = (
    Rule("this file is missing", "Put the file into the folder.", missing(MEMBERS)),
    Rule(
        "no file of this name is known",
        "Hand in the files of this folder's four names alone.",
        held_by=f"{_PAYEES}::test_unknown_columns_and_files_are_faults",
    ),
    Rule(
        "not UTF-8: save the file as UTF-8 (Shift_JIS is not read)",
        "Save the file again as 「CSV UTF-8（コンマ区切り）」.",
        with_bytes(ACCOUNTS, b"\x81\n"),
    ),
    Rule(
        "the file is empty; the first line must name the columns",
        "Start from the file that `ward template` writes.",
        content(ACCOUNTS, b""),
    ),
    Rule(
        "13 cells where the header names 12",
        'Put what holds a comma between `"`.',
        text(HOUSEHOLDS, lambda whole: whole.replace(",東京都,", ",東京都,,", 1)),
    ),
    Rule("this column is missing", "Add the column to the first line.", without_column(MEMBERS, "kana")),
    Rule(
        "no column of this name is known",
        "Write the column's name as this folder's README does.",
        cell(HOUSEHOLDS, "rent", "yachin", 1),
    ),
    Rule("this column stands twice", "Take one of the two columns out.", cell(HOUSEHOLDS, "rent", "floor_area", 1)),
    Rule(
        "not CSV: a line has more than 65536 bytes",
        'Look for a `"` that is not closed in this line.',
        cell(MEMBERS, "name", "架" * 30_000),
    ),
    Rule(
        "not CSV: unexpected end of data",
        'Look for a `"` that is not closed from this line on.',
        cell(ACCOUNTS, "holder_kana", '"カクウ'),
    ),
)
_OF_A_CELL: Final = (
    Rule("empty; a value is needed", "Fill the cell in.", cell(MEMBERS, "name", "")),
    Rule("longer than 4 characters", "Shorten what stands there.", cell(HOUSEHOLDS, "prefecture", "東京都東京")),
    Rule(
        "not 7 digits",
        "Write all digits, the zeros in front too: give the column the format 文字列.",
        cell(ACCOUNTS, "account_number", "98765"),
    ),
    Rule(
        "not whole yen: digits without commas",
        "Write digits alone: no comma, no 円, no decimals.",
        cell(HOUSEHOLDS, "rent", "53700円"),
    ),
    Rule("negative; yen here are zero or more", "Write 0 or more.", cell(HOUSEHOLDS, "rent", "-53700")),
    Rule(
        "a day as a number of Excel's: write it YYYY-MM-DD, as text",
        "Give the column the format 文字列, then write the day again.",
        cell(MEMBERS, "birth_date", "29221"),
    ),
    Rule(
        "not a date of the form YYYY-MM-DD",
        "Write the day of the Western calendar with hyphens.",
        cell(MEMBERS, "birth_date", "1980/2/16"),
    ),
    Rule("no such day in the calendar", "Look the day up.", cell(MEMBERS, "birth_date", "1979-02-30")),
    Rule("not 0 or 1", "Write 1 for yes, 0 for no.", cell(MEMBERS, "foreign", "はい")),
    Rule(
        "not one of self, spouse, child, other",
        "Write one of the words that are named.",
        cell(MEMBERS, "relation", "世帯主"),
    ),
    Rule(
        "not square metres: digits, with at most two after the point",
        "Write digits, with two after the point at most.",
        cell(HOUSEHOLDS, "floor_area", "8畳"),
    ),
    Rule(
        "not an id of staff: at most 64 letters, digits and . _ @ -",
        "Write the id that the member of staff signs in with.",
        cell(HOUSEHOLDS, "caseworker", "担当者"),
    ),
    Rule(
        "外字 (U+E000): no font of ours has it; write the standard character",
        "Write the standard character (標準の文字) in its place.",
        cell(MEMBERS, "name", "架空\ue000"),
    ),
    Rule(
        "the character U+67B6 CJK UNIFIED IDEOGRAPH-67B6 cannot stand here",
        "Take the character out; a reading is kana, or Latin letters.",
        cell(MEMBERS, "kana", "架空"),
    ),
    Rule(
        "a character that Unicode does not have cannot stand here",
        "Type the character again.",
        cell(MEMBERS, "name", "架空\U0002fffd"),
    ),
    Rule("blanks alone; something to read is needed", "Fill the cell in.", cell(MEMBERS, "name", "\u3000")),
    Rule(
        "a voiced mark stands without its kana before it",
        "Write the kana before ゛ or ゜.",
        cell(ACCOUNTS, "holder_kana", "゛カクウ"),
    ),
    Rule(
        "no bank takes the character U+6F22 CJK UNIFIED IDEOGRAPH-6F22",
        "Write the holder in kana, as the bank has it.",
        cell(ACCOUNTS, "holder_kana", "カクウ漢"),
    ),
)
_OF_LINES: Final = (
    Rule(
        "lies before the day in column from",
        "Look both days up.",
        cells(HOUSEHOLDS, {"from": "2026-05-01", "to": "2026-04-01"}),
    ),
    Rule("this household stands in line 2 already", "Take one of the two lines out.", doubled_line(HOUSEHOLDS)),
    Rule(
        "no member of this household stands in the members' file",
        "Add the members, or take the household out.",
        without_line(MEMBERS),
    ),
    Rule(
        "no household of this number stands in the households' file",
        "Correct the number, or add the household.",
        with_members("77777777"),
    ),
    Rule(
        "has more than 100 members",
        "Look for members of other households under this number.",
        with_members("10000009", 100),
        beside=("wrong-value: a list of 1 to 40 members is needed",),
    ),
    Rule(
        "this person has another name or nationality in line 2",
        "Look up whose number it is; write name, reading and `foreign` alike in both lines.",
        both(cell(HOUSEHOLDS, "programme", "support_benefit"), with_first_person_again("10000017")),
    ),
    Rule(
        "this person stands in line 2 already under the same programme",
        "Take one of the two lines out.",
        doubled_line(MEMBERS),
    ),
    Rule(
        "the numbers from 80000001 to 89999999 are given by the desk alone",
        "Give the household another number of the ward's own.",
        held_by=f"{_OPENED}::test_a_wards_file_brings_no_case_number_of_the_desks_own_range",
    ),
    Rule(
        "this number was given here, and to nobody of this name",
        "Look up who has the number at the desk; a name is changed there, or by a correction (訂正).",
        held_by=f"{_RESIDENTS}::test_a_wards_file_names_nobody_anew_to_whom_the_register_gave_the_number",
    ),
    Rule(
        "this number was merged into another one: use 0000000100",
        "Write the number that is named; where the two are two people after all, the merge (名寄せ) is undone first.",
        held_by=f"{_MERGES}::test_a_wards_file_with_the_old_number_is_refused_with_the_number_to_use",
    ),
    Rule("stands on line 2 already", "Take one of the two lines out.", doubled_line(ACCOUNTS)),
    Rule(
        "this household is on record already",
        "Take the household out; a correction (訂正) is an import of its own.",
        held_by=f"{_IMPORTS}::test_a_household_on_record_is_not_loaded_again",
    ),
    Rule(
        "this person is on record already under this programme",
        "Look up in which household the person is on record.",
        held_by=f"{_IMPORTS}::test_a_household_on_record_is_not_loaded_again",
    ),
)
_OF_ACCOUNTS: Final = (
    Rule(
        "empty; paying into an account needs it",
        "Fill the cell in, or pay at the cash desk (`cash`).",
        cell(ACCOUNTS, "holder_kana", ""),
    ),
    Rule(
        "has a value although the payee is paid in cash",
        "Empty the cell, or pay into the account (`bank`).",
        cells(ACCOUNTS, {"method": "cash", "reason_no_account": "no_account"}),
    ),
    Rule(
        "empty; say why no account is paid into",
        "Write the reason.",
        cells(ACCOUNTS, {"method": "cash", **dict.fromkeys(_BANK_CELLS, "")}),
    ),
    Rule("there is no such bank", "Look up whether the bank merged.", cell(ACCOUNTS, "bank_code", "9898")),
    Rule("there is no such branch", "Look up whether the branch merged.", cell(ACCOUNTS, "branch_code", "998")),
    Rule(
        "the office's own account for public_assistance is missing",
        "Add the programme's line to `sender.csv`: somebody is paid into an account, and none is on record.",
        without_line(SENDER),
    ),
    Rule(
        "this case was determined under the other programme",
        "Correct the programme of the account.",
        held_by=f"{_PAYEES}::test_an_account_under_the_other_programme_is_a_fault",
    ),
)
_OF_THE_LAW: Final = (
    Rule("contradiction: a second self", "Leave one head of the household.", cell(MEMBERS, "relation", "self", 4)),
    Rule("contradiction: a second spouse", "Leave one spouse.", with_members("10000017", relation="spouse")),
    Rule(
        "contradiction: a second lone parent",
        "Leave one parent with the addition (母子加算).",
        cell(MEMBERS, "lone_parent", "1", 3, 4),
    ),
    Rule(
        "contradiction: the municipality has another grade",
        "Empty the grade: prefecture and municipality give it.",
        cell(HOUSEHOLDS, "grade", "3級地-2"),
    ),
    Rule(
        "wrong-value: not the name of a prefecture",
        "Write the full name, as 東京都.",
        cell(HOUSEHOLDS, "prefecture", "江戸"),
    ),
    Rule(
        "missing: a municipality needs its prefecture",
        "Fill the prefecture in.",
        cell(HOUSEHOLDS, "prefecture", ""),
    ),
    Rule(
        "wrong-value: no municipality of this name in the prefecture",
        "Write the municipality as the register of residents does.",
        cell(HOUSEHOLDS, "municipality", "江戸区"),
    ),
    Rule(
        "missing: grade, or prefecture and municipality",
        "Fill in the municipality, or the grade.",
        cells(HOUSEHOLDS, {"municipality": "", "grade": ""}),
    ),
    Rule(
        "missing: winter or rent needs the prefecture",
        "Fill the prefecture in.",
        cells(HOUSEHOLDS, {"prefecture": "", **_NO_PLACE}),
    ),
    Rule(
        "missing: a city of the prefecture has ceilings of its own: rent needs the municipality",
        "Fill the municipality in.",
        cells(HOUSEHOLDS, {"prefecture": "神奈川県", **_NO_PLACE}),
    ),
    Rule(
        "figure-refused: no ceiling is known for this place",
        "Look prefecture and grade up: the table of ceilings does not have the two together.",
        cells(HOUSEHOLDS, {"prefecture": "三重県", **_NO_PLACE}),
    ),
    Rule(
        "impossible: nobody is left who counts in the household",
        "Under 支援給付 a `self` or `spouse` is needed.",
        both(cell(HOUSEHOLDS, "programme", "support_benefit"), cell(MEMBERS, "relation", "other")),
    ),
    Rule(
        "impossible: after the month, or over 130 years before",
        "Look the birth date up.",
        cell(MEMBERS, "birth_date", "2030-01-01"),
    ),
    Rule(
        "wrong-value: a list of 1 to 40 members is needed",
        "Look for members of other households under this number.",
        with_members("10000009", 40),
    ),
    Rule(
        "wrong-value: a whole number of yen from 0 to 100,000,000 is needed",
        "Write the amount of one month.",
        cell(HOUSEHOLDS, "rent", "999999999"),
    ),
    Rule(
        "wrong-value: square metres above 0 are needed",
        "Write the floor area, or leave the cell empty.",
        cell(HOUSEHOLDS, "floor_area", "0"),
    ),
)

RULES: Final[Mapping[str, tuple[Rule, ...]]] = {
    "The file, its header, its lines": _OF_A_FILE,
    "One cell": _OF_A_CELL,
    "Lines beside one another": _OF_LINES,
    "Corrections (訂正)": OF_CORRECTIONS,
    "Accounts": _OF_ACCOUNTS,
    "The rules of the law": _OF_THE_LAW,
}
"""The rules by what they are about, in the order in which people read them."""
