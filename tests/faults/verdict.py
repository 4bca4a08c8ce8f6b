"""What became of a disturbed month beside the same month undisturbed: which yen were lost, which came twice."""

import time
from collections import Counter
from dataclasses import dataclass, field

from infra.one_machine.commands.check import check
from infra.one_machine.problems import MachineError
from infra.one_machine.processes.office import Office
from infra.one_machine.progress import Steps
from infra.one_machine.staff.month import wait_for_log
from tests.faults.months import Outcome

LOG_SECONDS = 90.0
STILL_SECONDS = 20.0
"""What stands still for a person does not stand up by itself."""
PARTS = ("files", "postings", "orders", "transfers")


@dataclass
class Verdict:
    """What does not hold after a run, and yen lost or doubled against the undisturbed month.

    `stands_still` is what `check` said of an office that may stand still, and does.
    """

    broken: list[str] = field(default_factory=list)
    lost_yen: int = 0
    doubled_yen: int = 0
    stands_still: list[str] = field(default_factory=list)


def verdict_on(office: Office, outcome: Outcome, reference: Outcome, *, may_stand_still: bool) -> Verdict:
    """Compare, and ask the office for its invariants.

    Where the office may stand still it does no harm to be behind, as long as it says so; nobody is paid twice ever.
    """
    broken = invariants_broken(office, STILL_SECONDS if may_stand_still else LOG_SECONDS)
    paid, due = yen_by_case(outcome), yen_by_case(reference)
    lost, doubled = sum((due - paid).values()), sum((paid - due).values())
    if may_stand_still and broken and not doubled:
        return Verdict(stands_still=broken)
    differs = [f"other {part}" for part in PARTS if getattr(outcome, part) != getattr(reference, part)]
    return Verdict([*differs, *broken], lost, doubled)


def yen_by_case(outcome: Outcome) -> Counter[str]:
    """Yen that go out to each case, by whatever way."""
    yen: Counter[str] = Counter()
    for case_no, _channel, amount, state in outcome.transfers:
        if state != "withdrawn":
            yen[case_no] += int(amount)
    return yen


def invariants_broken(office: Office, seconds: float = LOG_SECONDS) -> list[str]:
    """The names of what does not hold once the office has had time to stand up: to sign, publish, witness and read."""
    latest = time.monotonic() + seconds
    while True:
        broken = _broken_now(office, latest - time.monotonic())
        if not broken or time.monotonic() > latest:
            return broken
        time.sleep(1)


def _broken_now(office: Office, patience: float) -> list[str]:
    try:
        wait_for_log(office, Steps(patience=max(patience, 1.0)))
        return [one["name"] for one in check(office) if not one["ok"]]
    except MachineError as problem:
        return [str(problem)]
