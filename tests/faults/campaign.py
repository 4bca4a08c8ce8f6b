"""`./kurashi faults`: months of a small ward are paid while a fault drawn from the seed befalls the office.

After each run every invariant has to hold, and files, ledger, orders and transfers have to be those of an office that
nothing befell. A run depends on its own seed alone: `--runs 1 --seed` of a failure shows it again.
"""

import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import psycopg

from infra.one_machine.commands.arguments import Parser
from infra.one_machine.problems import MachineError
from infra.one_machine.staff.month import pay_month
from infra.one_machine.ward.ward_input import WardInput
from tests.faults.dumps import dump
from tests.faults.faults import FAULTS, MAY_STAND_STILL, Fault
from tests.faults.months import MONTHS, Outcome, Telling, outcome_now, small_ward
from tests.faults.scene import DATABASES, Scene, an_office, has_disks
from tests.faults.verdict import Verdict, verdict_on

HOUSEHOLDS: Final = 80
MOMENTS: Final = (
    "checking the files",
    "approving the imports",
    "drafting determinations",
    "approving determinations",
    "ordering",
    "making the bank files",
)
"""The steps of a month, in one of which a fault begins."""
LONGEST_DELAY_SECONDS: Final = 1.0
TRIES: Final = 3
"""How often the command is given: what a person at the terminal does when it says that a service did not answer."""
PATIENCE_SECONDS: Final = 120.0


@dataclass(frozen=True)
class Plan:
    """What befalls one run, drawn from its seed."""

    seed: int
    name: str
    moment: str
    delay: float

    @classmethod
    def of(cls, seed: int, faults: Sequence[str] = tuple(FAULTS)) -> "Plan":
        """Draw it; consecutive seeds go through all faults."""
        dice = random.Random(seed)
        name = faults[seed % len(faults)]
        return cls(seed, name, dice.choice(MOMENTS), dice.uniform(0, LONGEST_DELAY_SECONDS))

    @property
    def at(self) -> str:
        """When it begins, in words."""
        return f"{self.delay:.2f} s after {self.moment}"


@dataclass
class Report:
    """What the campaign came to."""

    seed: int
    runs: int = 0
    lost_yen: int = 0
    doubled_yen: int = 0
    survived: Counter[str] = field(default_factory=Counter)
    failures: list[dict[str, Any]] = field(default_factory=list)
    stood_still: list[dict[str, Any]] = field(default_factory=list)
    """Runs after which the office stands still and `check` says so: no yen is lost or doubled, a person has to act."""
    left_out: list[str] = field(default_factory=list)
    """Faults that this machine cannot have."""
    began: float = field(default_factory=time.monotonic)

    def add(self, plan: Plan, month: str, verdict: Verdict) -> None:
        """Note a run."""
        self.runs += 1
        self.lost_yen += verdict.lost_yen
        self.doubled_yen += verdict.doubled_yen
        if verdict.broken:
            told = {"seed": plan.seed, "fault": plan.name, "at": f"{plan.at}, {month}", "broken": verdict.broken}
            self.failures.append(told)
        else:
            self.survived[plan.name] += 1
        if verdict.stands_still:
            self.stood_still.append({"seed": plan.seed, "fault": plan.name, "said": verdict.stands_still})
        word = "BROKEN" if verdict.broken else "stands" if verdict.stands_still else "holds "
        said = verdict.broken or verdict.stands_still or ""
        sys.stderr.write(f"{word} {plan.seed} {plan.name}, {plan.at}, {month} {said}\n")

    def answer(self) -> dict[str, Any]:
        """As `--json` prints it."""
        return {
            "ok": not self.failures,
            "runs": self.runs,
            "survived": self.survived.total(),
            "seed": self.seed,
            "lost_yen": self.lost_yen,
            "doubled_yen": self.doubled_yen,
            "failures": self.failures,
            "stood_still": self.stood_still,
            "left_out": self.left_out,
            "by_fault": dict(sorted(self.survived.items())),
            "seconds": round(time.monotonic() - self.began, 1),
        }


def main(arguments: Sequence[str]) -> int:
    """Run the campaign; 0 where every run survived."""
    parser = Parser("faults", "Pay months of a small ward while faults befall the office.")
    parser.add_argument("--runs", type=int, default=10, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of the first run; the others count on")
    parser.add_json()
    given = parser.parse_args(arguments)
    if given.runs < 1 or given.seed < 0:
        parser.error("--runs is at least 1, --seed at least 0")
    with tempfile.TemporaryDirectory(prefix="kurashi-faults-") as home:
        seeds, ward = range(given.seed, given.seed + given.runs), small_ward(Path(home) / "ward", HOUSEHOLDS)
        reference = undisturbed(ward, Path(home) / "reference", MONTHS[: given.runs])
        report = campaign(seeds, Path(home), ward, reference)
    answer = report.answer()
    if given.json:
        print(json.dumps(answer, ensure_ascii=False))
    else:
        print(f"{answer['survived']} of {answer['runs']} runs survived", flush=True)
    return 0 if answer["ok"] else 1


def campaign(seeds: Sequence[int], home: Path, ward: WardInput, reference: Mapping[str, Outcome]) -> Report:
    """One run a seed, as many in one office as there are months; an office that a run broke is left."""
    faults = [name for name in FAULTS if name != "fill_the_disk" or has_disks(home / "disk")]
    report, waiting = Report(seeds[0]), [Plan.of(seed, faults) for seed in seeds]
    report.left_out = sorted(set(FAULTS) - set(faults))
    while waiting:
        with an_office(home / f"office-{report.runs}") as scene:
            for month in MONTHS:
                if waiting:
                    plan = waiting.pop(0)
                    verdict = run(scene, plan, ward, month, reference[month])
                    report.add(plan, month, verdict)
                    if verdict.broken or plan.name in MAY_STAND_STILL:
                        break
    return report


def undisturbed(ward: WardInput, folder: Path, months: Sequence[str]) -> dict[str, Outcome]:
    """What the months come to where nothing happens."""
    sys.stderr.write("paying the months undisturbed\n")
    with an_office(folder) as scene:
        for month in months:
            pay_month(scene.host.office, ward, month, Telling())
        return {month: outcome_now(scene.host.admin_url, scene.host.office.folders.files, month) for month in months}


def run(scene: Scene, plan: Plan, ward: WardInput, month: str, reference: Outcome) -> Verdict:
    """Pay a month while a fault befalls the office, and say what became of it."""
    scene = replace(scene, dice=random.Random(plan.seed), turn=plan.seed // len(FAULTS))
    may_stand_still = plan.name in MAY_STAND_STILL
    if may_stand_still:
        dump(scene.host.admin_url, scene.dumps, DATABASES)
    befallen = Befallen(scene, FAULTS[plan.name], plan)
    problem = ""
    for _ in range(1 if may_stand_still else TRIES):
        try:
            pay_month(scene.host.office, ward, month, Telling(befallen.told, PATIENCE_SECONDS))
            problem = ""
            break
        except (MachineError, OSError) as failed:
            problem = str(failed)
            befallen.wait()
    befallen.wait()
    wait_for_server(scene.host.admin_url)
    outcome = outcome_now(scene.host.admin_url, scene.host.office.folders.files, month)
    verdict = verdict_on(scene.host.office, outcome, reference, may_stand_still=may_stand_still)
    verdict.broken += befallen.problems()
    if problem and not may_stand_still:
        verdict.broken.append(f"not paid: {problem}")
    return verdict


def wait_for_server(admin_url: str) -> None:
    """Wait until PostgreSQL answers again: it may have been killed a moment ago, when the month was paid already.

    Raises:
        psycopg.OperationalError: it does not for as long as a run is waited for.
    """
    latest = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            psycopg.connect(admin_url).close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > latest:
                raise
            time.sleep(0.2)


class Befallen:
    """A fault that begins in another thread once a step was told, at the latest when it is waited for."""

    def __init__(self, scene: Scene, fault: Fault, plan: Plan) -> None:
        self._scene, self._fault, self._plan = scene, fault, plan
        self._thread = threading.Thread(target=self._befall)
        self._begun = False
        self._failed: list[Exception] = []

    def told(self, words: str) -> None:
        """A step of the month begins."""
        if words == self._plan.moment:
            self._begin()

    def wait(self) -> None:
        """Wait for its end."""
        self._begin()
        self._thread.join()

    def problems(self) -> list[str]:
        """Why it could not befall the office, if so."""
        return [f"the fault failed: {type(one).__name__}: {one}" for one in self._failed]

    def _begin(self) -> None:
        if not self._begun:
            self._begun = True
            self._thread.start()

    def _befall(self) -> None:
        try:
            time.sleep(self._plan.delay)
            self._fault(self._scene)
        except Exception as error:
            self._failed.append(error)
