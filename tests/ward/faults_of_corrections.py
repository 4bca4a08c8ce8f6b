"""Every rule of a correction (訂正): what a service says on import, and what a clerk does then."""

from typing import Final

from tests.ward.rule import Rule

_CORRECTIONS: Final = "tests/decisions/imports/test_corrections.py"
_HERE: Final = "tests/ward/test_faults_of_corrections.py"

OF_CORRECTIONS: Final = (
    Rule(
        "a correction has some hundred households at most",
        "Hand in only the households that are wrong, in several corrections.",
        held_by=f"{_HERE}::test_what_is_as_large_as_a_ward_is_no_correction",
    ),
    Rule(
        "no household of this number is on record for you",
        "Look the number up; for a household of another district ask who is in charge of it.",
        held_by=f"{_CORRECTIONS}::test_a_household_elsewhere_and_none_at_all_are_told_alike",
    ),
    Rule(
        "a member on record is not named",
        "Write all members of the household, with the changes.",
        held_by=f"{_CORRECTIONS}::test_a_member_who_came_is_added_and_one_on_record_has_to_be_named",
    ),
    Rule(
        "a fact of it changed over time",
        "Leave this household out: a line cannot say which of its periods is wrong.",
        held_by=f"{_HERE}::test_what_changed_over_time_is_not_corrected_by_a_line",
    ),
    Rule(
        "this person is on record in another household",
        "Look up in which household the person is on record.",
        held_by=f"{_CORRECTIONS}::test_a_person_of_another_household_stays_there",
    ),
    Rule(
        "nothing differs from what is on record",
        "Hand in the files with the changes.",
        held_by=f"{_CORRECTIONS}::test_nothing_that_differs_is_no_correction",
    ),
)
