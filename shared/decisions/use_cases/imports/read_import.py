"""Read a ward's files (取込) before anything is asked of the database: every fault of the files in one go."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from shared.decisions.adapters.office import DecidingSettings
from shared.decisions.imports.rows import PackedRows, case_rows
from shared.decisions.imports.rules_check import refused_by_rules
from shared.decisions.imports.ward_csv import read_ward
from shared.decisions.use_cases.deciding import Deciding
from shared.money_and_time.months import Month
from shared.service_kit.csv_files import Faults

CASES_AT_A_TIME: Final = 1000


@dataclass(slots=True)
class ReadImport:
    """A ward's files as read; names of files with their SHA-256, counts of the service's own programme."""

    files: Mapping[str, str]
    faults: Faults = field(default_factory=Faults)
    rows: PackedRows = field(default_factory=PackedRows)
    households: int = 0
    persons: int = 0


def read_import(deciding: Deciding, files: Mapping[str, bytes], month: Month) -> ReadImport:
    """Return what a service keeps of a ward's files, with each fault that the files themselves show.

    Faults are those of both files, and of every case of the service's programme that its law cannot determine as it was
    entered, in ``month`` or within a year from it. Where a figure of the law is not known, the case is taken in.

    Raises:
        Problem: import-faults where there are too many to read on.
    """
    read = ReadImport({name: hashlib.sha256(data).hexdigest() for name, data in files.items()})
    law = deciding.law.with_ages(DecidingSettings().ages)
    ward = read_ward(files, read.faults)
    while cases := list(islice(ward, CASES_AT_A_TIME)):
        own = [case for case in cases if case.programme == deciding.programme]
        read.faults.add(*refused_by_rules(own, law.refuses, month).faults)
        read.rows.add([*case_rows(own), *deciding.members.rows(cases)])
        read.households += len(own)
        read.persons += sum(len(case.members) for case in own)
    return read
