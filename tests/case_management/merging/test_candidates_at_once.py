"""Whoever asks for candidates while others are placed is answered, and misses nobody."""

import sys
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from services.case_management.adapters.finding import alike as finding
from services.case_management.adapters.finding import known_people
from services.case_management.domain.search import Known
from tests.case_management.merging.two_numbers import HERE, WARDS

SECONDS = 1.5


def test_who_asks_while_another_is_placed_misses_nobody() -> None:
    register, details = known_people._sources()[:2]
    for number in (HERE, WARDS):
        register.by_subject[f"person:{number}"] = [Known(f"person:{number}", "渡辺 花子", "ワタナベ ハナコ")]
    both = finding._Alike(register, details, (register.moves, details.moves))
    for place, number in enumerate((HERE, WARDS)):
        both.births.by_number[place] = number, "1950-03-01"
        both.births.of_person[number].add(place)
        both._place(number)
    assert list(both.like(WARDS)) == [HERE]
    until, pause = monotonic() + SECONDS, sys.getswitchinterval()

    def ask() -> list[str]:
        missed: list[str] = []
        while monotonic() < until:
            missed += [] if both.in_company() == [WARDS, HERE] and list(both.like(WARDS)) == [HERE] else ["missed"]
        return missed

    sys.setswitchinterval(1e-6)
    with ThreadPoolExecutor(2) as pool:
        asking = [pool.submit(ask) for _ in range(2)]
        while monotonic() < until:
            with finding._PLACING:
                both._place(HERE)
        answers = [answer.result() for answer in asking]
    sys.setswitchinterval(pause)
    assert answers == [[], []]
