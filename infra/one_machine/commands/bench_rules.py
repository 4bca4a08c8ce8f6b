"""`./kurashi bench rules`: households assessed a second on one core, every kind of line as a column."""

import json
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from infra.one_machine.commands.arguments import Parser, read_month
from infra.one_machine.known_months import refuse_unknown_month
from shared.benefit_rules import Standards, assess, load_standards, parse_household
from shared.benefit_rules.assessing.engine import calculate
from shared.benefit_rules.households.batch import Batch, HouseholdColumns, MemberColumns

_SIZES, _SHARES = np.arange(1, 7), np.array([0.38, 0.26, 0.16, 0.12, 0.05, 0.03])
"""Persons of a household and how often: 2.29 on average."""


def main(argv: Sequence[str]) -> int:
    """Run the bench and print its figures.

    Raises:
        CallError: a size, a number of repeats or a month that cannot be measured.
    """
    parser = Parser("bench rules", __doc__)
    parser.add_argument("--size", type=int, default=100_000, help="households")
    parser.add_argument("--month", default="2026-12")
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_json()
    options = parser.parse_args(argv)
    if options.size < 1 or options.repeats < 1:
        parser.error("--size and --repeats are 1 or more")
    refuse_unknown_month(read_month(options.month), f"--month {options.month}")
    figures = measure(options.size, options.month, options.repeats)
    if options.json:
        print(json.dumps(figures, ensure_ascii=False))
    else:
        print(
            f"{figures['households']:,} households, {figures['persons']:,} persons: {figures['seconds']:.3f} s",
            file=sys.stderr,
        )
    return 0


def measure(size: int, month: str, repeats: int) -> dict[str, object]:
    """The best of so many runs over the same columns."""
    standards = load_standards()
    batch = synthetic_batch(size, standards)
    tables = standards.tables(month)
    calculate(batch.part(0, min(size, 1000)), tables)
    runs = []
    for _ in range(repeats):
        begin, begin_cpu = time.perf_counter(), time.process_time()
        totals = calculate(batch, tables)
        runs.append((time.perf_counter() - begin, time.process_time() - begin_cpu))
        figures = {"line_kinds": len(totals.lines), "refused": len(totals.refused), "yen": int(totals.payable.sum())}
        del totals
    seconds, cpu_seconds = min(wall for wall, _ in runs), min(cpu for _, cpu in runs)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)
    details = {
        "month": month,
        "households_per_second": round(size / seconds),
        "cpu_seconds": round(cpu_seconds, 6),
        "persons_per_household": round(len(batch.members.age) / size, 3),
        "line_kinds": figures["line_kinds"],
        "refused": figures["refused"],
        "payable_yen": figures["yen"],
        "one_household_ms": round(min(one_household(standards, month) for _ in range(repeats)), 4),
        "repeats": repeats,
    }
    return {
        "name": "rules",
        "size": size,
        "households": size,
        "persons": len(batch.members.age),
        "seconds": round(seconds, 6),
        "reference": None,
        "reference_seconds": None,
        "ratio": None,
        "peak_mib": round(peak, 1),
        "details": details,
    }


def one_household(standards: Standards, month: str) -> float:
    """Milliseconds for one household, from the Household to all its lines (median of 100)."""
    entry = {
        "id": "synthetic",
        "month": month,
        "prefecture": "東京都",
        "municipality": "新宿区",
        "rent": 69_000,
        "members": [
            {"id": "1", "birth_date": "1988-07-01", "lone_parent": True, "earned_income": 80_000},
            {"id": "2", "birth_date": "2015-07-01", "relation": "child", "school": "primary"},
        ],
    }
    household = parse_household(entry, standards)
    times = []
    for _ in range(100):
        begin = time.perf_counter()
        _ = assess([household], standards, month)[0]
        times.append(time.perf_counter() - begin)
    return sorted(times)[len(times) // 2] * 1000


def synthetic_batch(size: int, standards: Standards, seed: int = 20261) -> Batch:
    """Invented households in which every kind of line occurs; the same for the same seed."""
    random = np.random.default_rng(seed)
    persons = random.choice(_SIZES, size, p=_SHARES)
    begins = np.zeros(size + 1, np.int64)
    np.cumsum(persons, out=begins[1:])
    return Batch(_households(random, size, persons, standards), _members(random, persons, begins), begins)


def _households(
    random: np.random.Generator, size: int, persons: NDArray[np.int64], standards: Standards
) -> HouseholdColumns:
    def some(share: float) -> NDArray[np.bool_]:
        return np.asarray(random.random(size) < share)

    places = standards.places
    grade = random.choice(4, size).astype(np.int8)
    rows = np.array([places.housing_row("東京都", None, g) or 0 for g in range(4)], np.int16)
    costs = some(0.1)
    special = some(0.02) & (persons == 1) & (grade < 2)
    return HouseholdColumns(
        grade=grade,
        zone=np.full(size, places.zone("東京都"), np.int8),
        place=rows[grade],
        room=np.zeros(size, np.int8),
        rent=np.where(some(0.85), random.integers(25_000, 75_000, size), 0),
        special_housing=special,
        winter_special=some(0.03),
        support=some(0.004) & (persons == 1),
        starting=some(0.02),
        days=np.where(some(0.02), random.integers(1, 28, size), 0).astype(np.int8),
        ends=np.zeros(size, np.bool_),
        costs_given=costs,
        care_cost=np.where(costs & some(0.3), random.integers(0, 40_000, size), 0),
        medical_cost=np.where(costs, random.integers(0, 90_000, size), 0),
        maternity_cost=np.zeros(size, np.int64),
        occupational_cost=np.zeros(size, np.int64),
        funeral_cost=np.zeros(size, np.int64),
    )


@dataclass(frozen=True)
class _Draw:
    """Columns drawn at random, a cell for each person."""

    random: np.random.Generator
    count: int

    def some(self, share: float) -> NDArray[np.bool_]:
        return np.asarray(self.random.random(self.count) < share)

    def yen(self, who: NDArray[np.bool_], most: int) -> NDArray[np.int64]:
        return np.where(who, self.random.integers(1, most, self.count), 0)

    def code(self, who: NDArray[np.bool_], codes: int) -> NDArray[np.int8]:
        return np.where(who, self.random.integers(1, codes + 1, self.count), 0).astype(np.int8)


def _members(random: np.random.Generator, persons: NDArray[np.int64], begins: NDArray[np.int64]) -> MemberColumns:
    count = int(begins[-1])
    place = np.arange(count) - np.repeat(begins[:-1], persons)
    draw = _Draw(random, count)
    some, yen, code = draw.some, draw.yen, draw.code
    lone = np.repeat((persons > 1) & (random.random(len(persons)) < 0.2), persons)
    adult = (place == 0) | ((place == 1) & some(0.6) & ~lone)
    age = np.where(adult, random.integers(20, 95, count), random.integers(0, 18, count)).astype(np.int8)
    nobody, nothing = np.zeros(count, np.bool_), np.zeros(count, np.int8)
    head, old, pupil = place == 0, adult & (age >= 65), ~adult & (age >= 6) & (age < 18)
    works, home = adult & (age < 70) & some(0.25), ~(some(0.03) & old)
    return MemberColumns(
        age=age,
        age_in_april=age,
        age_now=age,
        seniority=place,
        relation=np.where(head, 0, np.where(adult, 1, 2)).astype(np.int8),
        residence=np.where(home, 0, random.integers(1, 3, count)).astype(np.int8),
        stay=nothing,
        school=np.where(pupil, np.where(age < 12, 1, np.where(age < 15, 2, 3)), 0).astype(np.int8),
        disability=code(adult & home & some(0.12), 2),
        maternity=code(adult & (age < 45) & some(0.01), 3),
        radiation=nothing,
        severe_disability=nobody,
        care_by_family=nobody,
        care_by_others=nobody,
        home_patient=adult & home & some(0.01),
        lone_parent=head & home & lone,
        new_employment=works & some(0.05),
        spouse_support=head & some(0.1),
        care_premium=yen(old & some(0.3), 8_000),
        earned_income=yen(works, 180_000),
        necessary_expenses=yen(works & some(0.7), 20_000),
        basic_pension=yen(old & some(0.5), 70_000),
        pension=yen(old & some(0.2), 60_000),
        support_from_relatives=yen(adult & some(0.02), 40_000),
        other_income=yen(adult & some(0.15), 30_000),
        occasional_income=yen(adult & some(0.02), 20_000),
        uncounted_income=yen(adult & some(0.02), 20_000),
    )
