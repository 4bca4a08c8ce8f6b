"""What is wrong with a correction (訂正), where no database is needed to see it."""

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest

from shared.decisions.imports.rows import ImportRow, PackedRows
from shared.decisions.use_cases.deciding import Deciding
from shared.decisions.use_cases.imports import propose_correction as corrections
from shared.decisions.use_cases.imports.read_import import ReadImport
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

HOME = "00000001", None, "home"


def test_what_is_as_large_as_a_ward_is_no_correction() -> None:
    rows = PackedRows()
    rows.add([ImportRow(*HOME, None, None, {})] * (corrections.MOST_ROWS + 1))
    deciding = cast(Deciding, SimpleNamespace(tables=None))
    with pytest.raises(Problem) as refused:
        corrections.propose_correction(cast(UnitOfWork, None), deciding, ReadImport({}, rows=rows))
    assert "a correction has some hundred households at most" in str(refused.value.body())


def test_what_changed_over_time_is_not_corrected_by_a_line() -> None:
    row = ImportRow(*HOME, date(2026, 4, 1), None, {"rent": 40_000}, line=2)
    periods: list[Any] = [SimpleNamespace(valid_from=day) for day in (date(2026, 4, 1), date(2026, 10, 1))]
    (fault,) = corrections._unfit([row], {HOME: periods}, {"00000001": 2})
    assert (fault.file, fault.line, fault.problem) == ("households.csv", 2, "a fact of it changed over time")
    assert list(corrections._unfit([row], {HOME: periods[:1]}, {"00000001": 2})) == []
