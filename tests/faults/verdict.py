"""What became of a disturbed month beside the same month undisturbed: which yen were lost, which came twice."""

from collections import Counter
from dataclasses import dataclass, field

from infra.one_machine.check import check
from infra.one_machine.month import wait_for_log
from infra.one_machine.office import Office
from infra.one_machine.problems import MachineError
from infra.one_machine.progress import Steps
from tests.stack.months import Outcome

LOG_SECONDS = 90.0


@dataclass
class Verdict:
    """What does not hold after a run, and yen lost or doubled against the undisturbed month."""

    broken: list[str] = field(default_factory=list)
    lost_yen: int = 0
    doubled_yen: int = 0


def verdict_on(office: Office, outcome: Outcome, reference: Outcome) -> Verdict:
    """Compare, and ask the office for its invariants."""
    parts = ("files", "postings", "orders", "transfers")
    broken = [f"other {part}" for part in parts if getattr(outcome, part) != getattr(reference, part)]
    paid, due = yen_by_case(outcome), yen_by_case(reference)
    return Verdict(
        broken=[*broken, *invariants_broken(office)],
        lost_yen=sum((due - paid).values()),
        doubled_yen=sum((paid - due).values()),
    )


def yen_by_case(outcome: Outcome) -> Counter[str]:
    """Yen that go out to each case, by whatever way."""
    yen: Counter[str] = Counter()
    for case_no, _channel, amount, state in outcome.transfers:
        if state != "withdrawn":
            yen[case_no] += int(amount)
    return yen


def invariants_broken(office: Office) -> list[str]:
    """The names of what does not hold once the log has had time to take what was told."""
    try:
        wait_for_log(office, Steps(patience=LOG_SECONDS))
        return [one["name"] for one in check(office) if not one["ok"]]
    except MachineError as problem:
        return [str(problem)]
